import assert from "node:assert/strict";
import test from "node:test";
import { letGoAfter, Presence } from "./presence.js";

// follow tells a presence one thing after the other, a second apart or as
// [what, seconds] says, and returns the states.
function follow(presence, ...all) {
  let now = 0;
  return all.map((w) => {
    const [what, seconds] = Array.isArray(w) ? w : [w, 1];
    now += 1000 * seconds;
    return presence.update(what, now);
  });
}

test("seen and not asked, it stays asleep; asked, it plays, and pauses", () => {
  assert.deepEqual(follow(new Presence(), { near: true }, { seen: true }, { wish: true }, { wish: false }),
    ["asleep", "asleep", "playing", "ready"]);
});

test("out of view, behind a tab and off its slide it rests, and goes on after", () => {
  const p = new Presence();
  assert.deepEqual(follow(p, { wish: true, near: true, seen: true }, { seen: false }, { seen: true }, { hidden: true }, { hidden: false }, { left: true }, { hidden: true }, { left: false }, { hidden: false }),
    ["playing", "resting", "playing", "resting", "playing", "resting", "resting", "resting", "playing"]);
});

test("asked to play, it loads when near, and is let go where nobody comes", () => {
  const p = new Presence();
  assert.deepEqual(follow(p, { wish: true }, { near: true }, [{}, 29], [{}, 2], [{}, 60], { seen: true }),
    ["asleep", "resting", "resting", "asleep", "asleep", "playing"]);
  assert.deepEqual(follow(p, { seen: false }, [{}, 31], { near: false }, { near: true }), ["resting", "asleep", "asleep", "resting"]);
});

test("it is let go after a while, from the last time somebody needed it", () => {
  const p = new Presence();
  assert.deepEqual(follow(p, { called: true }, [{ called: true }, 20], [{}, 20], [{}, 11]), ["resting", "resting", "resting", "asleep"]);
  assert.equal(letGoAfter, 30_000);
});

test("called, it loads and does not play", () => {
  assert.deepEqual(follow(new Presence(), { near: true, seen: true }, { called: true }, { wish: true }), ["asleep", "ready", "playing"]);
});

test("one that waits for its slide does nothing before it comes", () => {
  assert.deepEqual(follow(new Presence(true), { wish: true, near: true, seen: true }, { left: false }, { left: true }), ["asleep", "playing", "resting"]);
});

test("with its page gone it sleeps, whatever is called, until the page is back", () => {
  const p = new Presence();
  assert.deepEqual(follow(p, { wish: true, near: true, seen: true }, { gone: true }, { called: true }, { gone: false }), ["playing", "asleep", "asleep", "playing"]);
});

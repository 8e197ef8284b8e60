import assert from "node:assert/strict";
import test from "node:test";
import { Bridge, wrong } from "./bridge.js";
import { keyOf, stale } from "./keep.js";
import { meant, reveal } from "./keys.js";
import { options, secretOf } from "./options.js";

const experiment = {
  settings: [
    { name: "lambda", kind: "float", default: "0.1", min: 0, max: 1000 },
    { name: "width", kind: "int", default: "64", min: 1, max: 4096 },
    { name: "rule", kind: "choice", default: "penalty", choices: ["penalty", "clip"] },
    { name: "straight-through", kind: "bool", default: "false" },
  ],
  presets: [{ name: "live", values: {} }, { name: "clip", values: {} }],
};

test("the address says what, in query or hash", () => {
  const { given, ...o } = options("?controls=full&theme=dark&type=large", "#v=1&tab=gumbel&p=notebook&n-critic=3&hide=seed,%20preset&lock=width&layers=real,fake&autoplay=visible&id=a&speed=30&points=2.d0.AAEAAgADAAQ");
  assert.deepEqual({ ...o, hide: [...o.hide], lock: [...o.lock] }, {
    tab: "gumbel", preset: "notebook", lang: "", theme: "dark", type: "large", speed: 30, autoplay: "visible", id: "a",
    layers: ["real", "fake"], compare: "", points: "2.d0.AAEAAgADAAQ", controls: "full", hide: ["seed", "preset"], lock: ["width"], settings: { "n-critic": "3" },
  });
  assert.deepEqual([given.controls, given.hide, given.autoplay], ["full", "seed, preset", "visible"]);
  const none = options("?preset=clip", "#autoplay=always&controls=wild&speed=-1");
  assert.deepEqual([none.preset, none.autoplay, none.controls, none.speed, none.layers], ["clip", "", "bar", 0, null]);
});

test("what is kept has the run's name, whatever it looks like", () => {
  const at = (hash) => {
    const { tab, preset, id, points, settings } = options("", hash);
    return keyOf("/assets/embed.html", { tab, preset, id, points, settings });
  };
  assert.equal(at("#tab=wgan&theme=dark&lambda=1&seed=2"), at("#lang=ja&seed=2&lambda=1&tab=wgan&autoplay=slide"));
  assert.notEqual(at("#seed=2"), at("#seed=3"));
  assert.notEqual(at("#id=a"), at("#id=b"));
  assert.notEqual(at("#data=points&points=1.d0.AAEAAg"), at("#data=points&points=1.d0.AAEAAw"));
});

test("old runs go, and those that are too many", () => {
  const day = 24 * 3600 * 1000, now = 100 * day;
  assert.deepEqual(stale([["new", now], ["old", now - 15 * day], ["young", now - day]], now), ["old"]);
  const many = Array.from({ length: 14 }, (_, i) => [`r${i}`, now - i]);
  assert.deepEqual(stale(many, now), ["r12", "r13"]);
});

test("a value that cannot be is refused with what would be right", () => {
  const [lambda, width, rule, straight] = experiment.settings;
  assert.deepEqual([wrong(lambda, 10), wrong(lambda, "1e-1"), wrong(width, 32), wrong(rule, "clip"), wrong(straight, true)], ["", "", "", "", ""]);
  assert.equal(wrong(lambda, 5000), "lambda must be a number from 0 to 1000, not 5000");
  assert.equal(wrong(lambda, NaN), "lambda must be a number from 0 to 1000, not NaN");
  assert.equal(wrong(width, 1.5), "width must be a whole number from 1 to 4096, not 1.5");
  assert.equal(wrong(rule, "love"), 'rule must be one of penalty, clip, not "love"');
  assert.equal(wrong(straight, 1), "straight-through must be true or false, not 1");
  assert.match(wrong(lambda, { toString: () => "1" }), /must be a number from 0 to 1000, not 1$/);
});

// A lab that writes down what it is told.
function lab() {
  const done = [], on = { real: true, fake: true };
  const note = (name) => (...args) => void done.push([name, ...args]);
  return {
    done, registry: async () => experiment, play: note("play"), pause: note("pause"), step: note("step"), reset: note("reset"), set: note("set"),
    preset: note("preset"), theme: note("theme"), layers: (l) => (l ? note("layers")(l) : on), save: async () => ({ runs: [new ArrayBuffer(4)], step: 7 }),
    load: async (runs) => (runs.length === 1 ? "" : "there are 2 runs saved, and 1 open"), state: () => ({ state: "asleep", step: 0 }),
  };
}

test("the parent's commands are done and answered", async () => {
  const l = lab(), said = [], b = new Bridge(l, (m) => said.push(m));
  for (const m of [
    { cmd: "play", speed: 30, id: 1 }, { cmd: "pause" }, { cmd: "step", n: 5, id: 2 }, { cmd: "reset" }, { cmd: "set", name: "lambda", value: 10, id: 3 },
    { cmd: "set", values: { width: "32", rule: "clip" } }, { cmd: "preset", preset: "clip" }, { cmd: "layers", layers: { real: false } }, { cmd: "theme", theme: "dark" },
    { cmd: "state", id: 4 }, { cmd: "save", id: 5 }, { cmd: "load", runs: [new ArrayBuffer(4)], id: 6 },
  ]) await b.hear({ ganbel: 1, ...m });
  assert.deepEqual(l.done, [["play", 30], ["pause"], ["step", 5], ["reset"], ["set", "lambda", "10"], ["set", "width", "32"], ["set", "rule", "clip"],
    ["preset", "clip"], ["layers", { real: false }], ["theme", "dark"]]);
  assert.deepEqual(said.map((m) => [m.ganbel, m.id, m.ok]), [1, 2, 3, 4, 5, 6].map((id) => [1, id, true]));
  assert.deepEqual([said[3].state, said[4].step, said[4].runs.length], ["asleep", 7, 1]);
});

test("what cannot be is refused, changes nothing, and says what would be right", async () => {
  for (const [m, error] of [
    [{ ganbel: 2, cmd: "play" }, /speaks version 1, not 2/], [{ ganbel: 1, cmd: "dance" }, /no command "dance"; there are play, pause/], [{ ganbel: 1 }, /no command/],
    [{ ganbel: 1, cmd: "toString" }, /no command/], [{ ganbel: 1, cmd: "step", n: 0 }, /whole number from 1 to/], [{ ganbel: 1, cmd: "play", speed: "fast" }, /speed must be/],
    [{ ganbel: 1, cmd: "set", name: "lamda", value: 1 }, /no setting "lamda"; there are lambda, width/], [{ ganbel: 1, cmd: "set", values: { width: 32, rule: "love" } }, /rule must be one of/],
    [{ ganbel: 1, cmd: "set", values: null }, /an object of settings/], [{ ganbel: 1, cmd: "preset", preset: "x" }, /no preset "x"; there are live, clip/],
    [{ ganbel: 1, cmd: "layers", layers: { sky: true } }, /no layer "sky"/], [{ ganbel: 1, cmd: "layers", layers: { real: 1 } }, /true or false/],
    [{ ganbel: 1, cmd: "load", runs: ["x"] }, /ArrayBuffers/], [{ ganbel: 1, cmd: "load", runs: [new ArrayBuffer(1), new ArrayBuffer(1)] }, /2 runs saved/],
    [{ ganbel: 1, cmd: "subscribe", events: ["all"] }, /no event to subscribe to "all"/], [{ ganbel: 1, cmd: "theme", theme: "pink" }, /no theme "pink"/],
  ]) {
    const l = lab(), said = [];
    await new Bridge(l, (m) => said.push(m)).hear({ ...m, id: "q" });
    assert.deepEqual(l.done, []);
    assert.equal(said.length, 1);
    assert.deepEqual([said[0].ganbel, said[0].id], [1, "q"]);
    assert.match(said[0].error, error);
  }
  const broken = [];
  await new Bridge({ ...lab(), registry: async () => null }, (m) => broken.push(m)).hear({ ganbel: 1, cmd: "save" });
  assert.match(broken[0].error, /the trainer did not start/);
  const said = [], b = new Bridge(lab(), (m) => said.push(m));
  for (const m of ["slide:start", null, 7, { type: "other" }]) await b.hear(m);
  assert.deepEqual(said, []);
});

test("metrics come when subscribed, four times a second", async () => {
  let now = 0;
  const said = [], b = new Bridge(lab(), (m) => said.push(m), () => now);
  b.emit("metrics", { step: 1 });
  await b.hear({ ganbel: 1, cmd: "subscribe", events: ["metrics"] });
  for (; now < 1000; now += 50) {
    b.emit("metrics", { step: now });
    b.emit("frame-step", { step: now });
  }
  assert.deepEqual(said.map((m) => m.step), [0, 250, 500, 750]);
  b.emit("metrics", { step: 950 }, true); // the run has stopped
  b.emit("metrics", { step: 950 }, true);
  assert.deepEqual(said.slice(4).map((m) => m.step), [950]);
  b.emit("state", { step: 3 });
  assert.deepEqual(said.at(-1), { ganbel: 1, event: "state", step: 3 });
});

test("keys are the embed's own, the probe's, or the parent's", () => {
  const key = (key, more = {}, probing = false) => meant({ key, ...more }, probing);
  assert.deepEqual(["Enter", "+", "R", "3", "x"].map((k) => key(k)), ["play", "faster", "reset", "layer", "probe"]);
  for (const k of ["ArrowRight", "PageDown", "Escape", " ", "f", "o", "s", "b", ".", "?", "Home"]) assert.equal(key(k), "parent", k);
  for (const k of ["ArrowRight", "Escape"]) assert.equal(key(k, {}, true), "", k);
  assert.equal(key("PageDown", {}, true), "parent");
  for (const k of ["Tab", "Shift"]) assert.equal(key(k), "");
  assert.equal(key("ArrowRight", { altKey: true }), "");
  const on = (selector) => ({ target: { closest: (s) => (s.split(", ").some((x) => x.startsWith(selector)) ? {} : null) } });
  assert.deepEqual([key(" ", on("button")), key("ArrowRight", on("button")), key("ArrowRight", on("select"))], ["", "parent", ""]);
  assert.deepEqual(JSON.parse(reveal(39)), { method: "triggerKey", args: [39] });
});

test("what WordPress puts after an address is no setting", () => {
  const own = "#v=1&tab=gumbel&width=32&p=live";
  assert.equal(secretOf(own), "");
  for (const mark of ["#?secret=AbC123xyz0", "?secret=AbC123xyz0"]) {
    assert.equal(secretOf(own + mark), "AbC123xyz0");
    assert.deepEqual(options("?lang=ja", own + mark), options("?lang=ja", own));
  }
  assert.deepEqual(options("", "#?secret=AbC123xyz0"), options("", ""));
  assert.equal(secretOf("#secret=7"), "");
});

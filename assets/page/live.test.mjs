// Run by "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";
import { LiveSession, Rate, runAddress, standing, wait } from "./live.js";

// A Source stands for an EventSource; made holds all there were.
const made = [];
class Source {
  constructor(url) {
    this.url = String(url);
    this.on = {};
    made.push(this);
  }
  addEventListener(kind, f) {
    this.on[kind] = f;
  }
  say(kind, data) {
    this.on[kind]({ data: JSON.stringify(data) });
  }
  close() {
    this.closed = true;
  }
}

// A frame's file: one tensor of one number.
function file(step) {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: { experiment: "toy", step: String(step) }, x: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }));
  const b = new Uint8Array(12 + header.length), view = new DataView(b.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  b.set(header, 8);
  view.setFloat32(8 + header.length, step, true);
  return b.buffer;
}

const toy = { name: "toy", settings: [{ name: "width", kind: "int", default: "8" }, { name: "seed", kind: "int", default: "1" }], presets: [{ name: "live", values: { width: "4" } }, { name: "paper", values: {} }], metrics: [{ name: "w1" }] };
const about = { name: "run-1", experiment: toy, preset: "paper", values: { width: "16", seed: "1" }, steps: 100 };
const settled = () => new Promise((done) => setImmediate(done));

function session({ frames = {}, now = () => 0 } = {}) {
  const heard = [];
  const s = new LiveSession(new URL("http://host/run/"), (kind) => heard.push(kind), {
    Source, now, get: async (url) => ({ ok: frames.step !== undefined, arrayBuffer: async () => file(frames.step), url: frames.url = String(url) }),
  });
  s.boot();
  return { s, heard, source: made.at(-1) };
}

test("a watched run has what a session has, and cannot be changed", async () => {
  const { s, heard, source } = session();
  assert.equal(source.url, "http://host/run/events");
  assert.deepEqual([s.open, s.values, s.history.last], [false, {}, null]);
  source.say("state", { state: "missing", step: 0, message: "no run" });
  assert.equal(standing(s), "Waiting for the run: no run.");
  source.say("run", about);
  assert.deepEqual([s.open, s.experiment.name, s.preset, s.changes, s.values], [true, "toy", "paper", { width: "16" }, { width: "16", seed: "1" }]);
  source.say("metrics", { rows: [[5, 0.5], [10, null]] });
  assert.deepEqual([s.history.steps, s.history.rows, s.step], [[5, 10], [[0.5], [null]], 10]);
  source.say("state", { state: "running", step: 12, since: 0 });
  assert.deepEqual([s.step, s.told, s.playing], [12, true, true]);
  for (const kind of ["registry", "opened", "metrics", "state"]) assert.ok(heard.includes(kind), kind);
  s.want(true);
  s.once();
  s.set("width", "99");
  s.choose("live");
  assert.deepEqual([s.values.width, s.preset], ["16", "paper"]);
  await assert.rejects(s.do(0, "critic-step", {}), /no actions/);
  source.say("state", { state: "still", step: 12, since: Date.UTC(2024, 1, 3) });
  assert.match(standing(s), /stands still since .*2024.* at step 12 of 100/);
  assert.equal(s.told, false);
  // Another run, or this one gone back: the old numbers go.
  source.say("run", about);
  assert.deepEqual([s.step, s.history.steps], [0, []]);
  s.end();
});

test("a frame comes when it is asked for and there is a new one", async () => {
  const frames = {}, { s, heard, source } = session({ frames });
  source.say("run", about);
  s.ask();
  await settled();
  assert.equal(frames.url, undefined);
  frames.step = 7;
  source.say("frame", { step: 7 });
  await settled();
  assert.equal(frames.url, "http://host/run/frame");
  assert.deepEqual([s.frame.step, s.frame.experiment, s.frame.runs[0].x.data[0]], [7, "toy", 7]);
  assert.equal(heard.filter((k) => k === "frame").length, 1);
  frames.step = 9;
  source.say("frame", { step: 9 }); // nobody asked
  await settled();
  assert.equal(s.frame.step, 7);
  s.ask();
  await settled();
  assert.equal(s.frame.step, 9);
  // Where it cannot be had, the next is taken.
  s.ask();
  frames.step = undefined;
  source.say("frame", { step: 11 });
  await settled();
  frames.step = 12;
  source.say("frame", { step: 12 });
  await settled();
  assert.equal(s.frame.step, 12);
  s.end();
});

test("a server that is gone is tried again, more and more seldom", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { s, source } = session({ now: () => 5000 });
  source.say("run", about);
  let last = source;
  for (let n = 0; n < 7; n++) {
    last.onerror();
    assert.ok(last.closed);
    assert.deepEqual(s.status, { state: "lost", since: 5000 });
    const before = made.length;
    t.mock.timers.tick(wait(n) - 1);
    assert.equal(made.length, before, `the ${n}-th attempt is early`);
    t.mock.timers.tick(1);
    assert.equal(made.length, before + 1);
    last = made.at(-1);
  }
  assert.deepEqual([wait(0), wait(3), wait(50)], [1000, 8000, 30000]);
  last.say("run", about); // it is back
  last.say("state", { state: "running", step: 3, since: 1 });
  assert.equal(s.told, true);
  last.onerror();
  const before = made.length;
  t.mock.timers.tick(wait(0));
  assert.equal(made.length, before + 1);
  s.end();
});

test("the speed is that of the last ten seconds", () => {
  const r = new Rate();
  assert.equal(r.add(100, 0), 0);
  assert.equal(r.add(150, 1000), 50);
  assert.equal(r.add(150, 1200), 50);
  for (let s = 2; s <= 30; s++) r.add(150 + 10 * s, 1000 * s);
  assert.ok(Math.abs(r.add(460, 31000) - 10) < 1e-9);
  assert.equal(r.add(5, 32000), 0); // it went back
});

test("the page tells whether it watches a run", () => {
  const page = (mark) => ({ baseURI: "http://host/lab/?a#b", querySelector: (css) => (css === "meta[name=ganbel-run]" ? mark : null) });
  assert.equal(runAddress(page(null)), null);
  assert.equal(String(runAddress(page({ content: "run/" }))), "http://host/lab/run/");
});

// Run by "node --test assets/page". A session keeps its run until another is open.
import assert from "node:assert/strict";
import test from "node:test";
import { Run } from "./embed/run.js";
import { Session } from "./session.js";

const toy = {
  name: "toy", metrics: [{ name: "w1" }],
  settings: [
    { name: "width", kind: "int", default: "8", min: 1, max: 4096, resets: true }, { name: "lambda", kind: "float", default: "1", min: 0, max: 10 },
    { name: "data", kind: "choice", default: "moons", choices: ["moons", "points"], resets: true }, { name: "seed", kind: "int", default: "1", min: 0, max: 100, resets: true },
  ],
  presets: [{ name: "live", every: 5, values: {} }, { name: "wide", every: 5, values: { width: "64" } }],
};

// bench returns a session of a kind whose worker is the test, with the messages sent to
// it, the notifications and the runs left.
function bench(Kind = Session) {
  const sent = [], heard = [], left = [];
  const s = new Kind({ experiment: "toy", digits: null }, (kind) => heard.push(kind), (record) => left.push(record));
  s.worker = { postMessage: (m) => sent.push(m), terminate() {} };
  s.begin = (s) => { s.preset = "live"; };
  s.hear({ type: "registry", experiments: [toy] });
  const last = (cmd) => sent.findLast((m) => m.cmd === cmd);
  const saved = (step) => s.hear({ type: "saved", id: last("save").id, step, runs: [new ArrayBuffer(4)], frames: [{}] });
  return { s, sent, heard, left, last, saved };
}

// at returns a session whose run is at a step, with two checkpoints.
function at(step, Kind) {
  const b = bench(Kind), { s, last, saved } = b;
  s.hear({ type: "opened", id: last("open").id });
  saved(0);
  s.hear({ type: "metrics", step, row: true, runs: [[0.5]] });
  s.hear({ type: "state", step, playing: false });
  saved(step);
  return b;
}

const stands = ({ key, step, preset, changes, differences, ring, histories, open }) =>
  structuredClone({ key, step, preset, changes, differences, open, steps: ring.entries.map((e) => e.step), rows: histories.map((h) => h.steps) });

test("what cannot be opened leaves the run, its timeline and its settings", () => {
  for (const [what, ask] of Object.entries({
    "a preset": (s) => s.choose("wide"), "a setting": (s) => s.set("width", "4096"), "a link": (s) => s.configure("wide", { lambda: "3" }),
    "a comparison": (s) => s.compare([{}, { width: "16" }]), "a fork": (s) => s.fork(s.ring.last, "lambda", "5"), reset: (s) => s.start(),
  })) {
    for (const network of [false, true]) {
      const { s, last, heard, left } = at(50), before = stands(s);
      ask(s);
      assert.deepEqual([s.open, s.step, s.ring.entries.length], [true, 50, 2], what);
      s.hear({ type: "error", id: last("open").id, open: true, kept: true, message: "it is too large", download: network, network });
      assert.deepEqual(stands(s), before, what);
      assert.deepEqual([s.fault, s.refusal, heard.includes("refused"), left], [null, "it is too large", true, []], what);
    }
  }
});

test("a damaged file leaves all as it is, and its promise says why", async () => {
  const { s, last } = at(50), before = stands(s);
  const judged = s.judge(new ArrayBuffer(3));
  s.hear({ type: "judged", id: last("judge").id, message: "it is cut: 3 of 8 bytes are there" });
  await assert.rejects(judged, /it is cut: 3 of 8 bytes/);
  assert.deepEqual(stands(s), before);
  // A file that can be read but does not fit, and a damaged checkpoint.
  const restored = s.restore({ key: "k", preset: "wide", changes: {}, differences: [], points: null, step: 9, histories: [], entries: [{ step: 9, runs: [new ArrayBuffer(4)], frame: null }] });
  s.hear({ type: "error", id: last("open").id, open: true, kept: true, message: "its tensor has 3 numbers" });
  await assert.rejects(restored, /3 numbers/);
  assert.deepEqual(stands(s), before);
  s.scrub(s.ring.entries[0]);
  s.want(true);
  s.hear({ type: "error", id: last("load").id, message: "the saved run cannot be opened" });
  assert.deepEqual(stands(s), before);
  assert.equal(s.wanted, false);
});

test("every way to leave a run keeps it, and restoring gives it back", async () => {
  for (const ask of [(s) => s.choose("wide"), (s) => s.set("width", "16"), (s) => s.compare([{}, { width: "16" }]), (s) => s.fork(s.ring.last, "lambda", "5"), (s) => s.start()]) {
    const { s, last, left } = at(50), before = stands(s);
    ask(s);
    s.hear({ type: "opened", id: last("open").id });
    assert.equal(left.length, 1);
    assert.notEqual(s.key, before.key);
    const back = s.restore(left[0]);
    assert.deepEqual(last("open").saved, left[0].entries.at(-1).runs);
    s.hear({ type: "opened", id: last("open").id });
    await back;
    s.hear({ type: "state", step: 50, playing: false });
    assert.deepEqual(stands(s), before);
  }
  // A short run that is only reset is not kept, nor is a lesson's.
  const { s, last, left } = at(5);
  s.start();
  s.hear({ type: "opened", id: last("open").id });
  assert.deepEqual(left, []);
  const scripted = at(50);
  scripted.s.scripted = true;
  scripted.s.choose("wide");
  scripted.s.hear({ type: "opened", id: scripted.last("open").id });
  assert.deepEqual(scripted.left, []);
});

test("ending a comparison goes on with A from where it stands", async () => {
  const { s, last, left, sent } = at(50);
  s.fork(s.ring.last, "lambda", "5");
  assert.deepEqual([last("open").saved.length, last("open").adopt, last("open").variants], [2, true, [{}, { lambda: "5" }]]);
  s.hear({ type: "opened", id: last("open").id });
  assert.equal(s.step, 50);
  s.hear({ type: "saved", id: last("save")?.id, step: 70, runs: [new ArrayBuffer(4), new ArrayBuffer(5)], frames: [{}, {}] });
  s.hear({ type: "state", step: 70, playing: false });
  const n = sent.length;
  const part = s.part();
  s.hear({ type: "saved", id: last("save").id, step: 70, runs: [new ArrayBuffer(4), new ArrayBuffer(5)], frames: [{}, {}] });
  await part;
  assert.ok(sent.length > n);
  assert.deepEqual([last("open").saved.map((b) => b.byteLength), last("open").variants], [[4], null]);
  s.hear({ type: "opened", id: last("open").id });
  assert.deepEqual([s.step, s.differences, left.map((r) => r.runs)], [70, [], [1, 2]]);
});

test("of several that were asked for the last is the one, whatever came of those before", () => {
  const { s, sent, left } = at(50);
  s.set("width", "16");
  s.set("width", "32");
  s.set("width", "4096");
  const [a, b, c] = sent.filter((m) => m.cmd === "open").slice(-3).map((m) => m.id);
  s.hear({ type: "opened", id: a });
  s.hear({ type: "opened", id: b });
  assert.equal(s.values.width, "4096"); // as the form says
  s.hear({ type: "error", id: c, open: true, kept: true, message: "it is too large" });
  assert.equal(s.values.width, "32");
  assert.equal(left.length, 1);
});

test("a trainer that stops loses no run", () => {
  const { s, last, heard } = at(50), key = s.key;
  s.choose("wide");
  s.hear({ type: "error", fatal: true, message: "out of memory" });
  assert.deepEqual([s.preset, s.key, s.fault.kind, s.ring.last.step, heard.at(-1)], ["live", key, "crash", 50, "fault"]);
  assert.equal(last("open").preset, "wide");
});

test("an embed's run opens, and keeps no list", () => {
  const { s, last, left } = at(50, Run);
  assert.equal(s.settled, true);
  s.start();
  assert.equal(s.settled, false);
  s.hear({ type: "opened", id: last("open").id });
  assert.equal(s.settled, true);
  assert.equal(left.length, 1); // nobody listens in an embed
});

// Run by "node --test assets/page": the pure parts of the Gumbel tab's panels.
import assert from "node:assert/strict";
import test from "node:test";
import { rows } from "./categorical.js";
import { Code, dead, inUse, stuck } from "./code.js";
import { latest } from "./latest.js";
import { centred, side, stroke } from "./pad.js";
import { likeliest } from "./pads.js";
import { ends, formula, rateFor, reach, shapes, temperature } from "./schedule.js";
import { en } from "./words/en.js";

const near = (got, want, what) => assert.ok(Math.abs(got - want) < 1e-9 * Math.max(1, Math.abs(want)), `${what}: ${got}, want ${want}`);
const schedule = (shape, first = "2", least = "0.5", anneal = "0.001", every = "1") =>
  ({ schedule: shape, temperature: first, "least-temperature": least, anneal, "anneal-every": every });

// The same places as in core/gumbel's TestShapes.
test("the temperature is the trainer's", () => {
  for (const [shape, step, want] of [
    ["exponential", 500, 2 * Math.exp(-0.5)], ["exponential", 1386, 2 * Math.exp(-1.386)], ["exponential", 1387, 0.5],
    ["linear", 0, 2], ["linear", 500, 1], ["linear", 750, 0.5], ["linear", 5000, 0.5],
    ["stepwise", 0, 2], ["stepwise", 693, 2], ["stepwise", 694, 1], ["stepwise", 1386, 1], ["stepwise", 1387, 0.5], ["stepwise", 9999, 0.5],
    ["slope", 0, 2], ["slope", 1000, 1], ["slope", 2000, 2 / 3], ["slope", 3000, 0.5], ["slope", 1e6, 0.5], ["constant", 0, 2], ["constant", 1_000_000, 2],
  ]) near(temperature(schedule(shape), step), want, `${shape} at ${step}`);
  for (const shape of shapes) {
    const rare = schedule(shape, "1", "0.1", "0.001", "100"), often = schedule(shape, "1", "0.1");
    for (let step = 0; step < 2500; step++) assert.equal(temperature(rare, step), temperature(often, Math.floor(step / 100) * 100));
  }
});

test("the least temperature is reached at the step that the handle says, and a rate leads there", () => {
  for (const shape of ["exponential", "linear", "stepwise", "slope"]) {
    const values = schedule(shape), step = reach(values);
    assert.ok(temperature(values, Math.floor(step) - 1) > 0.5 && temperature(values, Math.ceil(step) + 1) === 0.5, `${shape} ${step}`);
    for (const to of [10, 1234, 99999]) near(reach({ ...values, anneal: String(rateFor(values, to)) }), to, shape);
  }
  assert.equal(reach(schedule("exponential", "1", "0.5", "0")), Infinity);
  assert.equal(reach(schedule("constant")), Infinity);
  assert.equal(reach(schedule("linear", "0.5", "0.5")), 0);
  near(reach(schedule("exponential", "1", "0.5", "0.00003")), 23104.906, "the notebook's");
});

test("the picture has room for all that is in it", () => {
  for (const [values, step] of [[schedule("exponential"), 0], [schedule("linear", "0.01", "100", "1"), 7], [schedule("stepwise", "100", "0.01", "0"), 123456], [schedule("constant", "0.37"), 1000]]) {
    const { last, low, high } = ends(values, step);
    assert.ok(step <= last && low < Math.min(Number(values.temperature), Number(values["least-temperature"])) && high > Math.max(Number(values.temperature), Number(values["least-temperature"])));
    const knee = reach(values);
    assert.ok(knee < last || !Number.isFinite(knee));
  }
  assert.equal(formula(schedule("exponential", "1", "0.5", "0.00003")), "τ = max(0.5, 1·e^(−3×10⁻⁵·t))");
  assert.equal(formula(schedule("slope", "1", "0.2", "0.001")), "τ = max(0.2, 1 / (1 + 0.001·t))");
});

test("a stroke is soft, covers its length, and only adds ink", () => {
  const dot = new Float32Array(side * side);
  stroke(dot, 14, 14, 14, 14);
  assert.equal(dot[13 * side + 13], 1);
  assert.ok(dot[14 * side + 15] > 0 && dot[14 * side + 15] < 1, "the edge is grey");
  assert.equal(dot.filter((v) => v > 0).length, 12);
  const line = new Float32Array(side * side);
  stroke(line, 4, 10, 24, 10);
  for (let j = 4; j < 24; j++) assert.equal(line[10 * side + j], 1, `column ${j}`);
  const before = line.slice();
  stroke(line, 4, 20, 24, 20);
  assert.ok(before.every((v, i) => line[i] >= v));
  stroke(line, -9, -9, -9, -9); // beside the pad
  assert.equal(line.length, side * side);
});

test("the ink's centre moves to the middle, as in MNIST", () => {
  const pixels = new Float32Array(side * side);
  stroke(pixels, 6, 7, 8, 7);
  const moved = centred(pixels);
  const mean = (f) => moved.reduce((sum, v, at) => sum + v * f(at), 0) / moved.reduce((a, b) => a + b);
  assert.ok(Math.abs(mean((at) => (at % side) + 0.5) - 14) <= 0.5 && Math.abs(mean((at) => Math.floor(at / side) + 0.5) - 14) <= 0.5);
  near(moved.reduce((a, b) => a + b), pixels.reduce((a, b) => a + b), "ink");
  assert.deepEqual(centred(moved), moved);
  assert.ok(centred(new Float32Array(side * side)).every((v) => v === 0));
});

const chosen = (code) => Array.from({ length: code.chances.shape[0] }, (_, i) => Array.from({ length: code.chances.shape[1] }, (_, j) => code.on(i, j)).indexOf(true));

test("a forced class is one-hot, undone in turn, and forgotten with another shape", () => {
  const code = new Code();
  const data = Float32Array.from([0.5, 0.25, 0.25, 0.125, 0.125, 0.75]);
  code.set({ shape: [2, 3], data });
  assert.deepEqual(chosen(code), [0, 2]);
  assert.deepEqual([...code.tensor(false).data], [...data]);
  assert.deepEqual([...code.tensor(true).data], [1, 0, 0, 0, 0, 1]);
  code.force(0, 2);
  code.force(0, 1);
  code.force(0, 1);
  assert.deepEqual(chosen(code), [1, 2]);
  assert.deepEqual([...code.tensor(false).data], [0, 1, 0, 0.125, 0.125, 0.75]);
  assert.deepEqual([...data], [0.5, 0.25, 0.25, 0.125, 0.125, 0.75], "the frame's numbers stay");
  code.undo();
  assert.ok(code.on(0, 2) && code.held(0, 2) && !code.held(1, 2));
  code.set({ shape: [2, 3], data: Float32Array.from([0, 1, 0, 1, 0, 0]) });
  assert.deepEqual(chosen(code), [2, 0], "it stays forced from frame to frame");
  code.set({ shape: [1, 3], data: Float32Array.from([0, 1, 0]) });
  assert.deepEqual([chosen(code), code.forced.length], [[1], 0]);
});

test("a bit is turned over, alone, and back", () => {
  const code = new Code(), data = Float32Array.from([0.9, 0.25, 0.5, 0.75]);
  code.set({ shape: [2, 2], data }, true);
  assert.deepEqual([...code.tensor(true).data], [1, 0, 0, 1]);
  code.force(0, 0);
  code.force(0, 1);
  assert.deepEqual([...code.tensor(false).data], [0, 1, 0.5, 0.75]);
  code.force(0, 0);
  assert.deepEqual([...code.tensor(false).data], [1, 1, 0.5, 0.75]);
  code.undo();
  code.undo();
  assert.deepEqual([...code.tensor(false).data], [0, 0.25, 0.5, 0.75]);
  assert.ok(code.held(0, 0) && !code.held(0, 1) && !code.on(0, 0));
  code.set({ shape: [2, 2], data }, false);
  assert.equal(code.forced.length, 0, "of classes it is another code");
  assert.deepEqual([stuck(0.001), stuck(0.999), stuck(0.1)], [true, true, false]);
});

test("classes in use and dead ones", () => {
  near(inUse([0.25, 0.25, 0.25, 0.25]), 4, "all");
  near(inUse([0, 1, 0]), 1, "one");
  assert.deepEqual([dead(0, 10), dead(0.0009, 10), dead(0.0011, 10)], [true, true, false]);
  assert.deepEqual(likeliest({ shape: [2, 2], data: [0.1, 0.9, 0.6, 0.4] }), [1, 0]);
});

test("the table adds noise to logits", () => {
  const tensors = Object.fromEntries(Object.entries({ logits: [1, 2, 3], noise: [0.5, -1, 2], perturbed: [3, 2, 10], sample: [0, 0, 1], hard: [0, 0, 1] }).map(([name, data]) => [name, { shape: [3], data }]));
  const all = rows(tensors);
  assert.deepEqual(all.find((r) => r.name === "sum").values, [1.5, 1, 5]);
  for (const { name } of all) assert.ok(`categorical.row.${name}` in en.strings, name);
});

test("one question at a time, the newest next, and a failed one is no end", async () => {
  const asked = [], shown = [], answers = [];
  const go = latest((x) => new Promise((yes, no) => {
    asked.push(x);
    answers.push({ yes, no });
  }), (x) => shown.push(x));
  const tick = () => new Promise((done) => setImmediate(done));
  go(1);
  go(2);
  go(3);
  assert.deepEqual(asked, [1]);
  answers[0].yes("a");
  await tick();
  assert.deepEqual([asked, shown], [[1, 3], ["a"]]);
  answers[1].no(new Error("gone"));
  await tick();
  go(4);
  answers[2].yes("b");
  await tick();
  assert.deepEqual([asked, shown], [[1, 3, 4], ["a", "b"]]);
});

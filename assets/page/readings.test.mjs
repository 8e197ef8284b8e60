// Run by "node --test assets/page": the steps of numbers, and how charts show them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Chart, pieces } from "./chart.js";
import { metricsCSV } from "./export.js";
import { History } from "./history.js";
import { exact, labels, tick, ticks, write } from "./numbers.js";
import { LayerNorms, Norms, Slice, Weights } from "./plot.js";
import { Readouts } from "./readouts.js";
import { Session } from "./session.js";

test("small and large numbers are written with powers of ten", () => {
  assert.deepEqual([2e-4, -1.23e-7, 4.56e6, 9.999e-4, 3e-300].map((x) => write(x)), ["2×10⁻⁴", "−1.2×10⁻⁷", "4.6×10⁶", "1×10⁻³", "3×10⁻³⁰⁰"]);
  assert.deepEqual([1e-4, 0.00035, 2.5e7, -1e-12, 0, 0.25, 12000].map(tick), ["1×10⁻⁴", "3.5×10⁻⁴", "2.5×10⁷", "−1×10⁻¹²", "0", "0.25", "12000"]);
  assert.deepEqual([0.00003, 1.2345e-4, 0.5, -3].map(exact), ["3×10⁻⁵", "1.2345×10⁻⁴", "0.5", "−3"]);
  for (const name of ["numbers", "chart", "plot", "readouts", "schedule", "layers", "form", "draw/plane"]) {
    const source = readFileSync(new URL(`./${name}.js`, import.meta.url), "utf8").replace(/const \[factor, exponent\].*/, "");
    assert.doesNotMatch(source, /toExponential/, `${name}.js writes numbers its own way`);
  }
});

test("marks of an axis have as many digits as their distance needs", () => {
  for (const [marks, want] of [
    [[0, 0.5, 1], ["0", "0.5", "1.0"]],
    [[0.098228, 0.09823, 0.098232], ["0.098228", "0.098230", "0.098232"]],
    [[-2e-4, 0, 2e-4], ["−2×10⁻⁴", "0", "2×10⁻⁴"]],
    [[9e-5, 1e-4, 1.1e-4], ["0.9×10⁻⁴", "1.0×10⁻⁴", "1.1×10⁻⁴"]],
    [[0, 5000, 10000], ["0", "5,000", "10,000"]],
    [[0, 2e6, 4e6], ["0", "2×10⁶", "4×10⁶"]],
    [[1234567, 1234568], ["1,234,567", "1,234,568"]],
    [[1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 1e4, 1e5], ["10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1", "10", "10,000", "10⁵"]],
    [[-1.5, 0, 1.5], ["−1.5", "0", "1.5"]],
    [[0.3], ["0.3"]], [[], []],
  ]) assert.deepEqual(labels(marks), want);
  // For any range, labels differ, and each has its mark's value.
  let seed = 7;
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let i = 0; i < 20000; i++) {
    const low = (random() - 0.5) * 10 ** (random() * 16 - 8), marks = ticks(low, low + 10 ** (random() * 12 - 8) * Math.max(1e-3, Math.abs(low)), 2 + Math.floor(6 * random()));
    const all = labels(marks);
    if (marks.length < 2) continue;
    assert.equal(new Set(all).size, marks.length, `${marks} are ${all}`);
    marks.forEach((v, k) => {
      const [factor, power = ""] = all[k].replace("−", "-").replaceAll(",", "").split("×10");
      const exponent = power.replace("⁻", "-").replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(d));
      assert.ok(Math.abs(Number(factor) * 10 ** Number(exponent) - v) <= 0.02 * (marks[1] - marks[0]), `${v} is ${all[k]}`);
    });
  }
});

test("rows stand at multiples, however a run got there", () => {
  const straight = new History(50), winding = new History(50);
  for (let step = 0; step <= 400_000; step += 50) straight.add(step, [step], true);
  for (let step = 0, back = 0; step <= 400_000; step += 10) {
    winding.add(step, [step], step % 50 === 0);
    if (step % 90_000 === 0 && back++ < 8) {
      step -= 30_000; // a checkpoint
      winding.back(Math.max(0, step));
    }
  }
  assert.deepEqual(winding.steps, straight.steps);
  assert.deepEqual(winding.rows, straight.rows);
  assert.ok(straight.steps.length <= 2000 && straight.steps.length > 900);
  assert.ok(straight.steps.every((s, i) => s === i * straight.every));
  const h = new History(50);
  h.add(0, [1], true);
  h.add(7, [2], false);
  assert.deepEqual([h.steps, h.last], [[0], { step: 7, values: [2] }]);
  h.add(50, [3], true);
  h.add(50, [4], false); // the same step, within the next iteration
  h.add(50, [5], true);
  assert.deepEqual([h.steps, h.rows, h.last.values], [[0, 50], [[1], [3]], [5]]);
  assert.equal(metricsCSV([{ name: "w1" }], [h]), "run,step,w1\n1,0,1\n1,50,3\n");
  h.back(20);
  assert.deepEqual([h.steps, h.last], [[0], { step: 0, values: [1] }]);
  assert.deepEqual(h.until(0, [9]).last, { step: 0, values: [9] });
});

test("a gap parts a line", () => {
  const h = new History(50);
  for (const step of [0, 50, 100, 1000, 1050, 1100, 1150]) h.add(step, [step === 1050 ? null : step]);
  const parts = (h) => pieces(h, (row) => row[0]).map((part) => part.map(([s]) => s));
  assert.deepEqual(parts(h), [[0, 50, 100], [1000], [1100, 1150]]);
  const tape = new History(0); // a tape's rows may be anywhere
  for (const step of [0, 1, 7, 100, 2400]) tape.add(step, [1]);
  assert.deepEqual(parts(tape), [[0, 1, 7, 100, 2400]]);
});

// A document and a canvas for charts, which record strokes and texts.

const letter = 6; // pixels, the width of every letter

class Element {
  constructor(name) {
    Object.assign(this, { name, children: [], attributes: {}, dataset: {}, style: { setProperty() {} }, texts: [], segments: [], dots: 0, clientWidth: 240, clientHeight: 130, hidden: false });
    this.classList = { toggle() {} };
  }
  setAttribute(key, value) {
    this.attributes[key] = String(value);
    if (key.startsWith("data-")) this.dataset[key.slice(5)] = String(value);
  }
  append(...all) {
    this.children.push(...all);
  }
  replaceChildren(...all) {
    this.children = all;
  }
  set textContent(text) {
    this.children = [text];
  }
  get textContent() {
    return this.children.map((c) => (typeof c === "string" ? c : c.textContent)).join("");
  }
  addEventListener() {}
  getContext() {
    const e = this, none = () => {};
    let at = null;
    const to = (x, y) => {
      if (at) e.segments.push([...at, x, y]);
      at = [x, y];
    };
    const c = {
      setTransform() { Object.assign(e, { texts: [], segments: [], dots: 0 }); },
      beginPath: () => { at = null; }, moveTo: (x, y) => { at = [x, y]; }, lineTo: to, measureText: (text) => ({ width: letter * text.length }),
      fillText: (text, x, y) => e.texts.push({ text, x, y, align: c.textAlign }), arc: () => e.dots++,
    };
    return new Proxy(c, { get: (c, key) => c[key] ?? none, set: (c, key, value) => ((c[key] = value), true) });
  }
}

globalThis.document = { createElement: (name) => new Element(name), createElementNS: (_, name) => new Element(name) };
globalThis.ResizeObserver = class {
  observe() {}
};
globalThis.devicePixelRatio = 1;
globalThis.getComputedStyle = () => ({ fontSize: "12px", fontFamily: "", getPropertyValue: () => "" });

const metric = (name, more) => ({ name, title: name, doc: "", chart: "x", ...more });

// whole asserts that a canvas cuts no text, and that no texts overlap.
function whole(canvas, what) {
  const spans = canvas.texts.map(({ text, x, y, align }) => {
    const width = letter * text.length, left = align === "right" ? x - width : align === "center" ? x - width / 2 : x;
    return { text, align, left, right: left + width, y };
  });
  for (const { text, left, right } of spans) assert.ok(left >= 0 && right <= canvas.clientWidth, `${what}: "${text}" reaches from ${left} to ${right}`);
  for (const [i, a] of spans.entries()) for (const b of spans.slice(i + 1)) {
    assert.ok(Math.abs(a.y - b.y) >= 8 || a.right <= b.left || b.right <= a.left, `${what}: "${a.text}" is over "${b.text}"`);
  }
}

// complete also asserts that the labels of an axis differ.
function complete(canvas, what) {
  whole(canvas, what);
  for (const side of ["left", "right", "center"]) {
    const all = canvas.texts.filter((s) => s.align === side).map((s) => s.text);
    assert.equal(new Set(all).size, all.length, `${what}: ${all}`);
  }
}

test("a chart's labels are whole, and each is there once", () => {
  const at = { a: [0.098229, 0.098231], b: [1e-9, 2e-9], c: [-12345, 67890], d: [0, 0], e: [1e-7, 1e4], f: [3, 3], g: [123456.7, 123456.9], h: [-2e8, 1e8] };
  for (const [name, [low, high]] of Object.entries(at)) for (const right of [false, true]) {
    const chart = new Chart("x", [{ metric: metric(name), index: 0 }, ...(right ? [{ metric: metric("share", { unit: "%" }), index: 1 }] : [])]);
    const h = new History(50);
    for (let step = 0; step <= 250_000; step += 50) h.add(step, [low + (high - low) * (step / 250_000), 98.2 + step / 2.5e7]);
    chart.show([h], [h.last]);
    complete(chart.canvas, `${name} from ${low} to ${high}`);
    assert.ok(chart.canvas.texts.length >= 4);
    assert.ok(chart.element.textContent.includes("step 250,000"), chart.element.textContent);
  }
});

test("a chart draws rows, and no line across a gap, to what is no row, or of what is not known", () => {
  const chart = new Chart("x", [{ metric: metric("w1"), index: 0 }]);
  const h = new History(50), wide = () => Math.max(0, ...chart.canvas.segments.filter(([, y0, , y1]) => y0 !== y1).map(([x0, , x1]) => x1 - x0));
  const pixels = (steps) => (steps * chart.box.width) / (chart.lastStep - chart.first);
  h.add(0, [null]);
  chart.show([h], [h.last]);
  assert.deepEqual(chart.canvas.texts.map((t) => t.text), ["Not measured yet"]);
  assert.equal(chart.canvas.segments.length, 0);
  for (const step of [0, 50, 100, 1000, 1050]) h.add(step, [Math.sqrt(step)]);
  h.add(1090, [9], false);
  chart.show([h], [h.last]);
  assert.ok(Math.abs(wide() - pixels(50)) < 1e-6, `a line is ${wide()} long, and rows ${pixels(50)} apart`);
  assert.equal(chart.canvas.segments.filter(([, y0, , y1]) => y0 !== y1).length, 2);
  assert.equal(chart.canvas.dots, 1, "the newest numbers are a dot");
  assert.ok(chart.element.textContent.includes("step 1,090"));
  chart.point(40);
  assert.ok(chart.element.textContent.includes("step 50"), "what is read off says its step");
  chart.point(null);
  chart.show([h], [h.until(70, [8]).last], null, 70);
  assert.ok(chart.element.textContent.includes("step 70"), "so does a checkpoint");
  const far = new History(50);
  for (let step = 0; step <= 123_450; step += 50) far.add(step, [step]);
  chart.show([far], [far.last], null, 123_450);
  const tag = chart.canvas.texts.at(-1), half = (letter * tag.text.length) / 2;
  assert.ok(tag.text === "123,450" && tag.x + half < chart.canvas.clientWidth, "the tag of the last step is whole");
});

test("plots draw what was measured, with whole labels", () => {
  const zeros = { data: new Float32Array(32) }, tensors = (data) => ({ step: 10, runs: [data] });
  const slopes = Float32Array.from({ length: 64 }, (_, i) => 0.5 + i / 64);
  const plane = (f) => ({ critic: { shape: [9, 9], data: Float32Array.from({ length: 81 }, (_, i) => f(i % 9)) }, slope: { shape: [9, 9], data: new Float32Array(81) }, view: { data: [2] } });
  const slice = new Slice();
  slice.along([-2, 0], [2, 0], null);
  const cases = [
    [new Norms(), { slopes: { data: slopes } }],
    [new Norms(), { slopes: { data: slopes.map((v) => v * 1e4) } }],
    [new Weights(() => 0.01), { weights: { data: Float32Array.from({ length: 64 }, (_, i) => i) }, "weights-range": { data: [0.05, 0.2] } }],
    [new Weights(() => null), { weights: { data: zeros.data }, "weights-range": { data: [2e-5, 0] } }],
    [new LayerNorms(), { layers: { data: [1e-9, 1e-4, 0.3] } }],
    [new LayerNorms(), { layers: { data: [0, 2e5, 3e7] } }],
    [slice, plane((x) => 0.098229 + 1e-7 * x)], [slice, plane((x) => 12345 + x)], [slice, plane(() => 5)], [slice, plane((x) => 1e-6 * x)],
  ];
  for (const [plot, data] of cases) {
    const what = `${plot.constructor.name} ${Object.keys(data)}`;
    plot.show(tensors(data));
    complete(plot.canvas, what);
    assert.ok(plot.canvas.texts.length >= 3, what);
    assert.ok(plot.element.textContent.includes("step 10"), plot.element.textContent);
    plot.show({ step: 10, runs: [data, data] }); // two runs
    whole(plot.canvas, `${what} of two`);
    for (const [frame, hidden] of [[{ step: 0, runs: [{}] }, false], [null, undefined], [{ step: 3, runs: [{}] }, true]]) {
      plot.show(frame);
      assert.deepEqual(plot.canvas.texts.map((t) => t.text), ["Not measured yet"], `${what}: what is no more is not drawn`);
      assert.equal(Boolean(plot.element.hidden), Boolean(hidden));
      assert.ok(!plot.element.textContent.includes("step"), plot.element.textContent);
    }
  }
});

test("read-outs say of which step they are", () => {
  const box = new Element("div"), experiment = { name: "wgan-gp", metrics: [metric("w1"), metric("modes")] };
  const r = new Readouts(box, experiment);
  r.show([null], [{ data: "8gaussians" }]);
  assert.ok(!box.textContent.includes("step"));
  r.show([{ step: 1234, values: [0.5, 7] }], [{ data: "8gaussians" }]);
  assert.ok(box.textContent.includes("Measured at step 1,234"), box.textContent);
  const two = new Readouts(box, experiment, ["A", "B"]);
  two.show([{ step: 9, values: [0.5, 7] }, { step: 9, values: [0.25, 8] }], [{ data: "8gaussians" }, { data: "8gaussians" }]);
  assert.ok(box.textContent.includes("Measured at step 9"), box.textContent);
});

test("a session keeps rows apart from the numbers between them, and checkpoints with theirs", () => {
  const s = new Session({ experiment: "toy", digits: null }, () => {});
  const sent = [];
  s.worker = { postMessage: (m) => sent.push(m), terminate() {} };
  s.checkpoint = () => {}; // only when the test asks
  const toy = { name: "toy", settings: [], presets: [{ name: "live", every: 20, values: {} }, { name: "slow", every: 500, values: {} }], metrics: [metric("w1")] };
  s.begin = (s) => { s.preset = "live"; };
  s.hear({ type: "registry", experiments: [toy] });
  const asked = () => sent.findLast((m) => m.cmd === "open");
  s.hear({ type: "opened", id: asked().id });
  assert.equal(s.open, true);
  for (let step = 0; step <= 50; step += 5) s.hear({ type: "metrics", step, row: step % 20 === 0, runs: [[step]] });
  assert.deepEqual(s.history.steps, [0, 20, 40]);
  assert.deepEqual(s.history.last, { step: 50, values: [50] });
  s.hear({ type: "saved", step: 50, runs: [new ArrayBuffer(1)], frames: [{}] });
  s.hear({ type: "saved", step: 53, runs: [new ArrayBuffer(1)], frames: [{}] });
  assert.deepEqual(s.ring.entries.map((e) => e.values), [[[50]], [null]]);
  // A run resumed from a checkpoint keeps its rows.
  const [entry] = s.ring.entries, answer = (...heard) => {
    for (const m of heard) s.hear({ id: asked().id, ...m });
  };
  s.reopen(entry);
  assert.deepEqual(asked().saved, entry.runs);
  answer({ type: "opened" }, { type: "state", step: 50, playing: false }, { type: "frame", step: 50, runs: [{}] }, { type: "metrics", step: 50, row: false, runs: [[51]] });
  assert.deepEqual([s.step, s.history.steps, s.history.last], [50, [0, 20, 40], { step: 50, values: [51] }]);
  s.reopen(entry);
  answer({ type: "error", open: true, message: "the saved run cannot be opened" }); // it starts anew
  assert.equal(asked().saved, null);
  answer({ type: "opened" }, { type: "state", step: 0, playing: false }, { type: "frame", step: 0, runs: [{}] }, { type: "metrics", step: 0, row: true, runs: [[0]] });
  assert.deepEqual([s.step, s.history.steps, s.history.last], [0, [0], { step: 0, values: [0] }]);
  s.preset = "slow";
  s.start();
  answer({ type: "opened" });
  assert.equal(s.history.every, 500);
});

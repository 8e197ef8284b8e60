// Run by "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";
import { readFileSync } from "node:fs";
import { bars, reach } from "./plot.js";
import { History } from "./history.js";
import { slider, ticks, write } from "./numbers.js";
import { look, nearest } from "./probe.js";
import { changed, format, mend, parse, same, settle } from "./state.js";
import { en } from "./words/en.js";
import { ja } from "./words/ja.js";

const toy = {
  settings: [
    { name: "lambda", kind: "float", default: "0.1", min: 0.001, max: 1000, log: true },
    { name: "width", kind: "int", default: "512", min: 1, max: 4096 },
    { name: "decay", kind: "int", default: "0", min: 0, max: 1e7 },
    { name: "rule", kind: "choice", default: "penalty", choices: ["penalty", "clip"] },
    { name: "seed", kind: "int", default: "1", min: 0, max: 2 ** 53 },
  ],
  presets: [{ name: "live", values: { width: "64" } }, { name: "paper", values: {} }],
};

test("a hash goes round, with keys that nobody knows", () => {
  const { page, rest } = parse("#v=1&tab=wgan&p=live&width=64&lambda=10&later=x%26y&seed=7");
  assert.equal(page.tab, "wgan");
  const { changes, unknown, notes } = settle(toy, page.p, rest);
  assert.deepEqual(changes, { lambda: "10", seed: "7" }); // width is the preset's own
  assert.deepEqual(unknown, { later: "x&y" });
  assert.deepEqual(notes, []);
  assert.equal(format(page, { ...changes, ...unknown }), "#v=1&tab=wgan&p=live&lambda=10&seed=7&later=x%26y");
});

test("bad values fall back, far ones are clamped, and both are said", () => {
  const { changes, notes } = settle(toy, "live", { lambda: "5000", rule: "love", width: "1e1", seed: "" });
  assert.deepEqual(changes, { lambda: "1000", width: "10" });
  assert.deepEqual(notes.map((n) => [n.setting.name, n.used]), [["lambda", "1000"], ["rule", "penalty"], ["seed", "1"]]);
});

test("settings are the command's", () => {
  const cases = JSON.parse(readFileSync(new URL("../../core/lab/testdata/settings.json", import.meta.url), "utf8"));
  assert.ok(cases.length > 50);
  for (const { setting, text, value, mended } of cases) {
    const got = mend(setting, text), about = `${JSON.stringify(setting)} ${JSON.stringify(text)}`;
    if (value === undefined) assert.equal(got, mended ?? null, about);
    else assert.ok(same(setting, got, value) && same(setting, got, text), `${about} becomes ${got}`);
  }
});

test("1e-1 is no difference from 0.1", () => {
  assert.deepEqual(changed(toy, "paper", { lambda: "1e-1", rule: "clip" }), { rule: "clip" });
});

test("a slider finds every value again", () => {
  for (const s of toy.settings.slice(0, 3)) {
    const { value, position } = slider(s);
    assert.equal(value(0), s.min);
    assert.ok(Math.abs(value(1) / s.max - 1) < 1e-3);
    for (const x of [1, 5, 64, 300]) assert.equal(value(position(x)), x, `${s.name} ${x}`);
  }
  assert.equal(slider(toy.settings[4]), null);
});

test("numbers", () => {
  assert.deepEqual([0.123456, 12.34, -543.21, 0, 1e-7, null].map((x) => write(x)), ["0.123", "12.3", "−543", "0.000", "1×10⁻⁷", "–"]);
  assert.deepEqual(ticks(0, 1, 4), [0, 0.5, 1]);
});

test("the history stays short and goes back", () => {
  const h = new History();
  for (let i = 0; i < 9000; i++) h.add(i, [i]);
  assert.ok(h.steps.length <= 2001 && h.last.step === 8999);
  assert.equal(h.trend(0), 1);
  h.back(100);
  assert.ok(h.last.step <= 100 && h.last.step > 90);
});

test("both languages have every string, and the page asks for none else", () => {
  assert.deepEqual(Object.keys(ja.strings).sort(), Object.keys(en.strings).sort());
  const html = readFileSync(new URL("../../index.html", import.meta.url), "utf8");
  for (const [, key] of html.matchAll(/data-t(?:-\w+)?="([^"]+)"/g)) assert.ok(key in en.strings, key);
});

test("the probe reads a plane exactly, also between lattice points, and nothing outside", () => {
  const side = 5, view = 2, critic = [], slope = [];
  for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) {
    const x = -view + (2 * view * j) / (side - 1), y = -view + (2 * view * i) / (side - 1);
    critic.push(3 * x - 4 * y + 1);
    slope.push(5);
  }
  const tensors = { critic: { shape: [side, side], data: critic }, slope: { shape: [side, side], data: slope }, view: { data: [view] } };
  for (const [x, y] of [[0, 0], [-2, -2], [2, 2], [0.3, -1.7], [1.99, 0.01]]) {
    const { value, gradient, norm } = look(tensors, x, y);
    for (const [got, want] of [[value, 3 * x - 4 * y + 1], [gradient[0], 3], [gradient[1], -4], [norm, 5]]) assert.ok(Math.abs(got - want) < 1e-9);
  }
  assert.equal(look(tensors, 2.01, 0), null);
  assert.deepEqual(nearest([0, 0, 3, 4], 3, 3), { mode: 1, distance: 1 });
});

test("the histogram keeps every norm, and its range while that fits", () => {
  const all = bars([0, 0.5, 1, 1.99, 7], 2);
  assert.equal(all.reduce((a, b) => a + b), 5);
  assert.deepEqual([all[0], all[8], all[16], all[31]], [1, 1, 1, 2]);
  assert.equal(reach([0.9, 1, 1.1]), 2);
  assert.equal(reach([5, 5, 5]), 8);
  assert.equal(reach([3, 3, 3], 8), 8);
  assert.equal(reach([1, 1, 1], 8), 2);
});

// Run by "node --test assets/page": several runs side by side.
import assert from "node:assert/strict";
import test from "node:test";
import { format as formatVariants, titles } from "./compare.js";
import { figureOf, withFigures } from "./figures.js";
import { belong } from "./registry.js";
import { owns } from "./embed/poster.js";
import { cells } from "./plot.js";

import { Session } from "./session.js";
import { base, format, parse, settle } from "./state.js";
import { en } from "./words/en.js";
import { ja } from "./words/ja.js";

const choice = (name, choices, more = {}) => ({ name, kind: "choice", title: name, default: choices[0], choices, resets: true, ...more });
const registered = {
  name: "wgan-gp", metrics: [],
  settings: [
    choice("data", ["8gaussians", "25gaussians", "swissroll", "points"]), choice("rule", ["penalty", "clip", "none"]), choice("generator", ["learned", "fixed"]),
    choice("objective", ["wasserstein", "gan"]), { name: "lambda", kind: "float", default: "0.1", min: 0.001, max: 1000 }, { name: "view", kind: "float", default: "3", min: 0.1, max: 100, resets: true },
  ],
  presets: [{ name: "live", every: 50, values: { view: "2" } }, { name: "fixed", every: 200, values: { generator: "fixed", lambda: "10" } }],
};
const experiment = belong(withFigures(structuredClone(registered)));

// bench is a session of the experiment whose worker only records its messages.
function bench() {
  const session = new Session({ experiment: "wgan-gp", digits: null }, () => {}), sent = [];
  Object.assign(session, { experiment, preset: "live", ready: true, worker: { postMessage: (m) => sent.push(m), terminate() {} } });
  return [session, sent];
}

test("figure 1(a) is a preset of six: two rules on three data sets", () => {
  const figure = figureOf(experiment, "figure-1a");
  assert.equal(figure.runs.length, 6);
  assert.equal(new Set(figure.runs.map((v) => JSON.stringify(v))).size, 6);
  assert.equal(base(experiment, "figure-1a").generator, "fixed");
  assert.equal(figure.every, 50, "it has rows as the preset that it is made from");
  for (const name of Object.keys(figure.runs[0])) assert.ok(figure.hides.includes(name), `${name} differs and is in the form`);
  for (const name of ["lambda", "view"]) assert.ok(!figure.hides.includes(name));
  assert.equal(figureOf(experiment, "fixed"), null);
  assert.deepEqual(withFigures({ ...registered, name: "constructor" }).presets, registered.presets);
  assert.equal(registered.presets.length, 2, "the registry's is as it was");
});

test("the worker, which knows no figures, gets the runs by a preset that it knows", () => {
  const [session, sent] = bench();
  session.choose("figure-1a");
  const open = sent.at(-1);
  assert.equal(open.cmd, "open");
  assert.equal(open.preset, "live");
  assert.deepEqual(open.values, { generator: "fixed", lambda: "10" });
  assert.equal(open.variants.length, 6);
  assert.deepEqual(session.runs.map(({ rule, data, generator }) => `${rule} ${data} ${generator}`), [
    "clip 8gaussians fixed", "clip 25gaussians fixed", "clip swissroll fixed", "penalty 8gaussians fixed", "penalty 25gaussians fixed", "penalty swissroll fixed",
  ]);
  session.choose("live");
  assert.equal(sent.at(-1).preset, "live");
  assert.equal(sent.at(-1).variants, null);
  assert.equal(session.runs.length, 1);
});

test("B's own setting is set for B, all others for both", () => {
  const [session] = bench();
  session.variants = [{}, { lambda: "10" }];
  session.set("lambda", "3", 1);
  session.set("view", "5", 1);
  assert.deepEqual(session.runs.map(({ lambda, view }) => [lambda, view]), [["0.1", "5"], ["3", "5"]]);
  session.set("lambda", "1");
  assert.deepEqual(session.runs.map(({ lambda }) => lambda), ["1", "3"]);
});

test("the link names the figure by its preset, also one of before", () => {
  const old = parse("#v=1&p=fixed&b=figure1&lambda=3");
  assert.deepEqual(old, { page: { v: "1", p: "figure-1a" }, rest: { lambda: "3" } });
  assert.equal(formatVariants(figureOf(experiment, "figure-1a").runs), "");
  assert.equal(format(old.page, old.rest), "#v=1&p=figure-1a&lambda=3");
  // A setting in which the runs differ cannot be set for all, and the error says so.
  const { changes, notes } = settle(experiment, "figure-1a", { data: "swissroll", generator: "learned", lambda: "3" });
  assert.deepEqual(changes, { lambda: "3" });
  assert.deepEqual(notes.map(({ setting, given, used }) => [setting.name, given, used]), [["data", "swissroll", "8gaussians, 25gaussians, swissroll"], ["generator", "learned", "fixed"]]);
});

test("all runs have a letter and a name, also two that were set alike", () => {
  const values = base(experiment, "live");
  const two = [values, { ...values, lambda: "10" }];
  assert.deepEqual(titles(experiment, two, [{}, { lambda: "10" }]).map((text) => text.slice(0, 3)), ["A: ", "B: "]);
  const alike = titles(experiment, [values, values], [{}, { lambda: "0.1" }]);
  assert.ok(alike.every((text) => text.endsWith("0.1")), String(alike));
  const { runs } = figureOf(experiment, "figure-1a"), six = titles(experiment, runs.map((v) => ({ ...values, ...v })), runs);
  assert.deepEqual(six.map((text) => text[0]).join(""), "ABCDEF");
  assert.equal(new Set(six.map((text) => text.slice(3))).size, 6);
  assert.deepEqual(titles(experiment, [values], []), []);
});

test("a plot of several runs gives each a cell, within its box and over no other", () => {
  for (const [n, width] of [[1, 300], [2, 300], [2, 100], [3, 300], [6, 300], [6, 900], [6, 90]]) {
    const box = { left: 5, top: 7, width, height: 200 }, all = cells(box, n, 90);
    assert.equal(all.length, n);
    for (const [i, a] of all.entries()) {
      assert.ok(a.left >= 5 && a.top >= 7 && a.left + a.width <= 5 + width + 1e-9 && a.top + a.height <= 207 + 1e-9);
      assert.ok(n === 1 || width < 180 || a.width >= 90 - 1e-9, `${n} in ${width}: ${a.width} wide`);
      for (const b of all.slice(i + 1)) assert.ok(a.left + a.width <= b.left + 1e-9 || b.left + b.width <= a.left + 1e-9 || a.top + a.height <= b.top + 1e-9 || b.top + b.height <= a.top + 1e-9);
    }
  }
  const six = cells({ left: 0, top: 0, width: 300, height: 200 }, 6, 90);
  assert.deepEqual(six.map(({ left, top }) => [left, top]), [[0, 0], [100, 0], [200, 0], [0, 100], [100, 100], [200, 100]], "as the planes stand");
});

test("a poster is of a tape only if that has the very settings", () => {
  const tape = { values: { data: "8gaussians", lambda: "0.1", "n-critic": "5", hard: "false" } };
  for (const same of [{}, { data: "8gaussians" }, { lambda: "1e-1" }, { "n-critic": "5.0", hard: "false" }, { nothing: "1" }, { constructor: "1" }]) assert.ok(owns(tape, same), JSON.stringify(same));
  for (const other of [{ data: "25gaussians" }, { lambda: "1" }, { lambda: "" }, { "n-critic": "5", hard: "true" }, { data: "" }]) assert.ok(!owns(tape, other), JSON.stringify(other));
});

test("every figure has words in both languages", async () => {
  for (const p of experiment.presets.filter((p) => p.runs)) {
    assert.ok(p.title && p.doc.length > 20);
    assert.equal(ja.registry[`wgan-gp.${p.name}`].length, 2);
  }
  assert.deepEqual(Object.keys(en.strings).toSorted(), Object.keys(ja.strings).toSorted());
});

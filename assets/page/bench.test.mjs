// Run by "node --test assets/page": what is around the picture.
import assert from "node:assert/strict";
import test from "node:test";
import { format, other, parse } from "./compare.js";
import { met, shuffled } from "./lesson.js";
import { lessons } from "./lessons.js";
import { ja } from "./words/ja.js";
import { Ring, nearest } from "./ring.js";
import { stages } from "./slow.js";

const experiment = {
  settings: [
    { name: "rule", kind: "choice", choices: ["penalty", "clip", "none"] },
    { name: "lambda", kind: "float", min: 0.001, max: 1000 },
    { name: "hard", kind: "bool" },
  ],
};

test("a comparison survives its link", () => {
  for (const variants of [[], [{}, { rule: "clip" }], [{}, { lambda: "10" }]]) {
    assert.deepEqual(parse(experiment, format(variants)), variants);
  }
  assert.deepEqual(parse(experiment, "rule:hope"), []);
  assert.deepEqual(parse(experiment, "fly:1"), []);
  assert.deepEqual(parse(experiment, "lambda:1e9"), [{}, { lambda: "1000" }], "what is too much is the most");
});

test("the other value is another", () => {
  assert.equal(other(experiment.settings[0], "penalty"), "clip");
  assert.equal(other(experiment.settings[0], "none"), "penalty");
  assert.equal(other(experiment.settings[1], "0.1"), "1");
  assert.equal(other(experiment.settings[1], "1000"), "100");
  assert.equal(other(experiment.settings[2], "true"), "false");
});

const entry = (step, bytes = 10) => ({ step, runs: [new ArrayBuffer(bytes)], frame: { runs: [{ x: { data: new Float32Array(2) } }] } });

test("the ring keeps its ends and spreads over the run", () => {
  const ring = new Ring();
  for (let step = 0; step <= 5000; step += 10) ring.add(entry(step));
  const steps = ring.entries.map((e) => e.step);
  assert.equal(steps.length, 48);
  assert.equal(steps[0], 0);
  assert.equal(steps.at(-1), 5000);
  const gaps = steps.slice(1).map((s, i) => s - steps[i]);
  assert.ok(Math.max(...gaps) <= 4 * Math.max(10, 5000 / 48), `gaps ${gaps}`);
  assert.equal(ring.before(5000), ring.entries.at(-2));
  ring.add(entry(100)); // another way from here
  assert.equal(ring.last.step, 100);
  ring.back(50);
  assert.ok(ring.last.step <= 50);
});

test("the ring holds at most so many bytes", () => {
  const ring = new Ring();
  for (let step = 0; step < 40; step++) ring.add(entry(step, 10e6));
  assert.ok(ring.entries.length <= 9 && ring.entries.length > 5, `${ring.entries.length} checkpoints of 10 MB`);
  assert.equal(ring.entries[0].step, 0);
});

test("nearest", () => {
  assert.equal(nearest([{ step: 1 }, { step: 9 }, { step: 20 }], 6).step, 9);
  assert.equal(nearest([], 6), null);
});

test("every step of every lesson says, asks, waits and reveals in two languages", () => {
  assert.equal(lessons.length, 11);
  assert.equal(new Set(lessons.map((l) => l.id)).size, 11);
  for (const lesson of lessons) {
    assert.ok(lesson.steps[0].scene, `${lesson.id} sets no scene`);
    for (const s of lesson.steps) {
      for (const text of [s.say, s.ask, s.reveal, lesson.title, ...s.answers]) assert.ok(text && ja.lessons[text], `${lesson.id}: ${text}`);
      assert.ok(s.answers.length >= 2 && s.until);
      for (const w of [s.say, s.ask, s.reveal]) assert.ok(w.split(" ").length <= 26, `${lesson.id}: "${w}" is long`);
    }
  }
});

test("a lesson waits for what it says", () => {
  const see = { step: 10, get: (name, run) => ({ w1: [0.5, null] })[name]?.[run], diverged: false };
  assert.equal(met({ step: 11 }, see), false);
  assert.equal(met({ step: 10 }, see), true);
  assert.equal(met({ metric: "w1", below: 0.6 }, see), true);
  assert.equal(met({ metric: "w1", above: 0.6 }, see), false);
  assert.equal(met({ metric: "w1", below: 0.6, run: 1 }, see), false, "an unknown number is none");
  assert.equal(met({ event: "flip" }, see), false);
  assert.equal(met({ event: "flip" }, { ...see, event: "flip" }), true);
  assert.equal(met({ metric: "w1", above: 9 }, { ...see, diverged: true }), true, "nothing waits for a run that blew up");
});

test("the right answer stands anywhere", () => {
  const first = new Set(lessons.flatMap((l) => l.steps.map((s) => shuffled(s.answers.length, s.ask).indexOf(0))));
  assert.ok(first.size >= 3, `it stands at ${[...first]}`);
  assert.deepEqual(shuffled(3, "a").toSorted(), [0, 1, 2]);
});

test("a critic step without a penalty has no penalty's stages", () => {
  assert.equal(stages({ rule: "penalty" }).length, 7);
  assert.deepEqual(stages({ rule: "clip" }).map((s) => s.name), ["noise", "fake", "critic", "update"]);
  assert.equal(stages({ rule: "penalty", generator: "fixed" })[0].name, "noiseFixed");
});

// Run by "node --test assets/page". Whatever comes from outside, a reader of the page
// returns what it promises or throws an Error with words; it never hangs and never
// throws anything else, such as the TypeError of a missing field.
import assert from "node:assert/strict";
import test from "node:test";
import { readPoints } from "./points-file.js";
import { contents } from "./run-file.js";
import { Bad, read } from "./safetensors.js";
import { changed, format, mend, parse, settle } from "./state.js";
import { parse as parseTape } from "./tape.js";

// random returns a function of numbers in [0, n) that are always the same (mulberry32).
function random(seed) {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

// mutate returns bytes with a few of them changed, moved, left out or doubled, or with
// words put in.
function mutate(r, from, words) {
  let b = [...from];
  for (let k = r(4); k >= 0; k--) {
    const at = r(b.length + 1), to = Math.min(b.length, at + r(6));
    switch (r(5)) {
      case 0: b.splice(at, to - at, ...new TextEncoder().encode(words[r(words.length)])); break;
      case 1: b.splice(at, to - at); break;
      case 2: b.splice(at, 0, ...b.slice(at, to)); break;
      case 3: if (at < b.length) b[at] = r(256); break;
      case 4: b = b.slice(0, at); break;
    }
  }
  return Uint8Array.from(b);
}

const words = ["{", "}", "[", "]", ",", ":", '"', "\\", "null", "0", "-1", "1e9", "9007199254740993", "F16", "a", "__proto__", "constructor", "toString", "steps", "tensors", "\u0000", "\ud83d\ude00", "{}", "[]", '"x"', "true"];

// refuses asserts that an error is one that is meant, and says something.
function refuses(e, what) {
  assert.ok(e instanceof Error && !(e instanceof TypeError) && !(e instanceof RangeError) && e.message, `${what}: ${e?.stack ?? e}`);
}

// pack makes a safetensors file.
function pack(meta, tensors, bytes = {}) {
  const header = { __metadata__: meta }, parts = [];
  let at = 0;
  for (const [name, v] of [...Object.entries(tensors), ...Object.entries(bytes)]) {
    const numbers = Array.isArray(v), part = numbers ? new Uint8Array(Float32Array.from(v).buffer) : v;
    header[name] = { dtype: numbers ? "F32" : "U8", shape: [v.length], data_offsets: [at, (at += part.length)] };
    parts.push(...part);
  }
  return refit(JSON.stringify(header), parts);
}

// refit makes a file whose length fits its header.
function refit(header, rest) {
  const text = new TextEncoder().encode(header), out = new Uint8Array(8 + text.length + rest.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(rest, 8 + text.length);
  return out;
}

// header returns a file's header and what follows it.
function split(file) {
  const n = Number(new DataView(file.buffer).getBigUint64(0, true));
  return [file.subarray(8, 8 + n), file.subarray(8 + n)];
}

const run = pack({ experiment: "wgan-gp", step: "120", preset: "live", "set.width": "16", "stream.data": "7" }, { critic: [1.5, -2], generator: [3], empty: [] }, { seen: Uint8Array.of(1, 2, 3) });

test("damaged files of tensors and run files", () => {
  const r = random(1);
  let good = 0;
  for (let i = 0; i < 6000; i++) {
    const [header, rest] = split(run);
    const bytes = i % 2 ? mutate(r, run, words) : refit(new TextDecoder().decode(mutate(r, header, words)), rest), buffer = bytes.slice().buffer;
    try {
      const { meta, tensors } = read(buffer);
      for (const [name, { shape, data }] of Object.entries(tensors)) assert.equal(shape.reduce((n, d) => n * d, 1), data.length, name);
      for (const text of Object.values(meta)) assert.equal(typeof text, "string");
    } catch (e) {
      assert.ok(e instanceof Bad, `${e?.stack}`);
    }
    try {
      assert.equal(typeof contents(buffer).meta.experiment, "string");
      good++;
    } catch (e) {
      refuses(e, new TextDecoder().decode(bytes));
    }
  }
  assert.ok(good > 20, `${good} are good`);
});

test("damaged tapes", () => {
  const layouts = [
    { name: "a", shape: [2, 1], levels: 255, ways: "02" }, { name: "b", shape: [2], levels: 2, log: true, ways: "00" },
    { name: "still", shape: [1], once: true }, { name: "moves", shape: [1] }, { name: "wide", shape: [2], levels: 1023, ways: "13" },
  ];
  const meta = { tape: "1", experiment: "toy", preset: "live", values: '{"seed":"1"}', steps: "[0,5]", metrics: '["loss","w1"]', checkpoints: '[{"step":5,"file":"t.5.safetensors","bytes":9}]', tensors: JSON.stringify(layouts) };
  const numbers = { "a range": [-1, 1, -2, 2], "b range": [0.01, 100, 1, 1], "wide range": [0, 1, 0, 1], still: [7], moves: [1, 2], metrics: [NaN, 2, 3, 4] };
  const bytes = { a: Uint8Array.of(0, 255, 255, 1), b: Uint8Array.of(0, 1, 0, 2), wide: new Uint8Array(8) };
  const r = random(2);
  let good = 0;
  for (let i = 0; i < 4000; i++) {
    const spoilt = { ...meta }, keys = Object.keys(meta), key = keys[r(keys.length)];
    const text = new TextDecoder().decode(mutate(r, new TextEncoder().encode(meta[key]), words));
    if (r(10) === 0) delete spoilt[key];
    else spoilt[key] = text;
    let file = pack(spoilt, numbers, bytes);
    if (r(4) === 0) file = mutate(r, file, words);
    try {
      const tape = parseTape(file.slice().buffer);
      for (let f = 0; f < tape.steps.length; f++) {
        for (const { shape, data } of Object.values(tape.frame(f).runs[0])) assert.equal(shape.reduce((n, d) => n * d, 1), data.length);
        assert.equal(tape.row(f).length, tape.metrics.length);
      }
      good++;
    } catch (e) {
      refuses(e, JSON.stringify(spoilt));
    }
  }
  assert.ok(good > 20, `${good} are good`);
});

test("damaged points", () => {
  const r = random(3), from = new TextEncoder().encode('x,y\n1,2\n-0.5;3e-1\n\n"4" 5\n# 6\n'), more = [",", ";", " ", '"', "\r", "\n", "#", "-", "−", "e9", "NaN", "\ufeff", "∞"];
  for (let i = 0; i < 6000; i++) {
    const { points, error, line } = readPoints(mutate(r, from, more));
    if (points) assert.ok(points.length > 0 && points.length % 2 === 0 && points.every((x) => Math.abs(x) <= 1e6));
    else assert.ok(error.length > 0 && line >= 0);
  }
});

test("damaged hashes", () => {
  const toy = {
    settings: [
      { name: "lambda", kind: "float", default: "0.1", min: 0.001, max: 1000, log: true }, { name: "width", kind: "int", default: "512", min: 1, max: 4096 },
      { name: "rule", kind: "choice", default: "penalty", choices: ["penalty", "clip"] }, { name: "labels", kind: "bool", default: "false" },
    ],
    presets: [{ name: "live", values: { width: "64" } }, { name: "paper", values: {} }],
  };
  const r = random(4), from = new TextEncoder().encode("#v=1&tab=wgan&p=live&width=64&lambda=10&rule=clip&labels=true&b=rule:clip&later=x%26y&seed=7");
  const more = ["&", "=", "%", "%00", "%ff", "#", "+", "__proto__=1&", "constructor=2&", "toString", "width=", "lambda=1e400", "p=nosuch", "1e1", "0x10", "\u0000", "\ud83d\ude00"];
  for (let i = 0; i < 6000; i++) {
    const hash = new TextDecoder().decode(mutate(r, from, more)), { page, rest } = parse(hash);
    const { changes, unknown, notes } = settle(toy, page.p, rest);
    for (const s of toy.settings) if (Object.hasOwn(changes, s.name)) assert.notEqual(mend(s, changes[s.name]), null, hash);
    assert.deepEqual(changed(toy, page.p, changes), changes, hash);
    for (const { setting, used } of notes) assert.ok(setting && typeof used === "string", hash);
    const again = parse(format(page, { ...changes, ...unknown }));
    assert.deepEqual(settle(toy, again.page.p, again.rest), { changes, unknown, notes: [] }, hash);
  }
});

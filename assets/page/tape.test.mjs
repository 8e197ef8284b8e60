// Run by "node --test assets/page". That what Go writes is read here is tested in
// wasm/tape_test.go.
import assert from "node:assert/strict";
import test from "node:test";
import { read } from "./safetensors.js";
import { parse, unfold } from "./tape.js";

// file packs tensors of F32 (arrays of numbers) and of U8 (Uint8Array).
function file(meta, tensors, bytes) {
  const header = { __metadata__: meta }, parts = [];
  let at = 0;
  for (const [name, v] of [...Object.entries(tensors), ...Object.entries(bytes)]) {
    const f32 = Array.isArray(v), part = f32 ? new Uint8Array(Float32Array.from(v).buffer) : v;
    header[name] = { dtype: f32 ? "F32" : "U8", shape: [v.length], data_offsets: [at, at += part.length] };
    parts.push(part);
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + at);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  let end = 8 + text.length;
  for (const part of parts) {
    out.set(part, end);
    end += part.length;
  }
  return out.buffer;
}

const meta = (layouts, more) => ({
  tape: "1", experiment: "toy", preset: "live", values: '{"seed":"1"}', steps: "[0,5]", metrics: '["loss","w1"]',
  checkpoints: '[{"step":5,"file":"toy.live.5.safetensors","bytes":9}]', tensors: JSON.stringify(layouts), ...more,
});

test("numbers are guessed from the left, from above and from the frame before", () => {
  // 3, 4 / 5, 7 by the plane, then each one more by the frame before, then by both.
  const bytes = Uint8Array.of(3, 1, 2, 1, 1, 1, 1, 1, 254, 0, 0, 2);
  const frames = unfold({ shape: [2, 2], levels: 255, ways: "123" }, bytes, 3).map((f) => [...f]);
  assert.deepEqual(frames, [[3, 4, 5, 7], [4, 5, 6, 8], [2, 3, 4, 8]]);
  // Every image of several begins anew.
  assert.deepEqual([...unfold({ shape: [2, 1, 2], levels: 255, ways: "1" }, Uint8Array.of(9, 1, 7, 1), 1)[0]], [9, 10, 7, 8]);
  // Beyond 255 levels the high bytes follow all low ones; what is below 0 goes round.
  const wide = unfold({ shape: [2], levels: 1023, ways: "12" }, Uint8Array.of(0xff, 0x01, 0xff, 0x02, 0x01, 0xff, 0xff, 0x00), 2).map((f) => [...f]);
  assert.deepEqual(wide, [[0x1ff, 0x100], [0x1fe, 0x102]]);
});

test("a tape gives frames as a session has them, and rows", () => {
  const tape = parse(file(meta([
    { name: "a", shape: [2, 1], levels: 255, ways: "02" },
    { name: "b", shape: [2], levels: 2, log: true, ways: "00" },
    { name: "still", shape: [1], once: true },
    { name: "moves", shape: [1] },
    { name: "image", shape: [2], levels: 15, once: true, ways: "0" },
  ]), {
    "a range": [-1, 1, -2, 2], "b range": [0.01, 100, 1, 1], still: [7], moves: [1, 2], "image range": [0, 1], metrics: [NaN, 2, 3, 4],
  }, { a: Uint8Array.of(0, 255, 255, 1), b: Uint8Array.of(0, 1, 0, 2), image: Uint8Array.of(15, 3) }));
  assert.deepEqual([tape.experiment, tape.preset, tape.values, tape.steps, tape.metrics], ["toy", "live", { seed: "1" }, [0, 5], ["loss", "w1"]]);
  assert.deepEqual(tape.checkpoints, [{ step: 5, file: "toy.live.5.safetensors", bytes: 9 }]);
  assert.deepEqual([tape.row(0), tape.row(1)], [[null, 2], [3, 4]]);
  const [first, second] = [tape.frame(0), tape.frame(1)];
  assert.deepEqual([first.experiment, first.step, second.step, first.runs.length], ["toy", 0, 5, 1]);
  const near = (got, want) => got.forEach((v, i) => assert.ok(Math.abs(v - want[i]) < 1e-6, `${[...got]} is not ${want}`));
  const [t, u] = [first.runs[0], second.runs[0]];
  assert.ok(t.a.data instanceof Float32Array);
  assert.deepEqual(t.a.shape, [2, 1]);
  near(t.a.data, [-1, 1]);
  near(u.a.data, [2, -2]); // 255 and 256 modulo 256
  near(t.b.data, [0.01, 1]);
  near(u.b.data, [1, 1]);
  near(u.image.data, [1, 0.2]);
  assert.deepEqual([t.still.data[0], u.still.data[0], t.moves.data[0], u.moves.data[0]], [7, 7, 1, 2]);
});

test("what is no tape is said to be none", () => {
  const whole = file(meta([{ name: "a", shape: [2], levels: 255, ways: "00" }]), { "a range": [0, 1, 0, 1], metrics: [1, 2, 3, 4] }, { a: new Uint8Array(4) });
  parse(whole);
  for (let n = 0; n < whole.byteLength; n++) assert.throws(() => parse(whole.slice(0, n)), `${n} bytes of ${whole.byteLength}`);
  assert.throws(() => parse(file(meta([], { tape: "2" }), {}, {})), /version 2/);
  assert.throws(() => parse(file(meta([{ name: "a", shape: [3], levels: 255, ways: "00" }]), { "a range": [0, 1, 0, 1] }, { a: new Uint8Array(4) })), /a is cut/);
  assert.throws(() => read(new TextEncoder().encode("<!DOCTYPE html><title>404</title>").buffer), /safetensors/);
});

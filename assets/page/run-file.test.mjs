// Run by "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";
import { contents } from "./run-file.js";

// file returns a safetensors file as an ArrayBuffer.
function file(header, data = new Uint8Array(0), length) {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  const all = new Uint8Array(8 + padded.length + data.length);
  new DataView(all.buffer).setBigUint64(0, BigInt(length ?? padded.length), true);
  all.set(padded, 8);
  all.set(data, 8 + padded.length);
  return all.buffer;
}

const meta = { experiment: "wgan-gp", step: "120", "set.width": "16", "set.rule": "clip", "stream.data": "7" };
const header = {
  __metadata__: meta,
  critic: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
  empty: { dtype: "F32", shape: [0], data_offsets: [8, 8] },
  seen: { dtype: "U8", shape: [3], data_offsets: [12, 15] },
  generator: { dtype: "F32", shape: [1, 1], data_offsets: [8, 12] },
};
const data = new Uint8Array([...new Uint8Array(new Float32Array([1.5, -2, 3]).buffer), 1, 2, 3]);
const good = file(header, data);

const tensor = (numbers, { shape }) => ({ shape, data: new Float32Array(numbers) });

test("a run file is unpacked", () => {
  const { meta: texts, tensors } = contents(good);
  assert.deepEqual(texts, meta);
  assert.deepEqual(tensors, { critic: tensor([1.5, -2], header.critic), empty: tensor([], header.empty), generator: tensor([3], header.generator) });
});

test("a cut file tells where it ends, wherever it is cut", () => {
  for (const n of [8, 9, 40, good.byteLength - data.length, good.byteLength - 1]) {
    assert.throws(() => contents(good.slice(0, n)), (e) => e.message.startsWith("The file is cut") && e.message.includes(`${n} of `), `after ${n} bytes`);
  }
  assert.throws(() => contents(good.slice(0, good.byteLength - 1)), new RegExp(`of ${good.byteLength} bytes`));
});

test("what is no run file is told so", () => {
  const none = /not a run file/;
  for (const [what, buffer] of Object.entries({
    nothing: new ArrayBuffer(0), short: good.slice(0, 7), text: new TextEncoder().encode("step,critic-loss\n1,2\n").buffer,
    "a huge header": file(header, data, 2n ** 40n), "the hugest": file(header, data, 2n ** 64n - 1n), "no header": file("", data),
    "not JSON": file("{not json}"), "another JSON": file("[1, 2, 3, 4]"), "bad UTF-8": file(header, data).slice(0),
  })) {
    if (what === "bad UTF-8") new Uint8Array(buffer)[12] = 0xff;
    assert.throws(() => contents(buffer), none, what);
  }
});

test("another program's file is told so", () => {
  const foreign = /another program/;
  assert.throws(() => contents(file({ __metadata__: { format: "pt" }, w: { dtype: "F16", shape: [1], data_offsets: [0, 2] } }, new Uint8Array(2))), foreign);
  assert.throws(() => contents(file({})), foreign);
});

test("what does not fit together is told by name", () => {
  const spoil = (changes) => () => contents(file({ ...header, ...changes }, data));
  assert.throws(spoil({ critic: { dtype: "F16", shape: [2], data_offsets: [0, 8] } }), /damaged \(tensor "critic"/);
  assert.throws(spoil({ critic: { dtype: "F32", shape: [3], data_offsets: [0, 8] } }), /damaged \(tensor "critic"/);
  assert.throws(spoil({ critic: { dtype: "F32", shape: [2] } }), /damaged \(tensor "critic": data_offsets is missing/);
  assert.throws(spoil({ critic: null }), /damaged/);
  assert.throws(spoil({ generator: { dtype: "F32", shape: [1], data_offsets: [4, 8] } }), /damaged/);
  assert.throws(() => contents(file(JSON.stringify(header).replace('"empty"', '"critic"'), data)), /damaged \("critic" is there twice/);
  assert.throws(() => contents(file(header, new Uint8Array([...data, 0]))), /damaged \(more bytes follow/);
});

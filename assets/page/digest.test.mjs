// Run by "node --test assets/page".
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { sha256 } from "./digest.js";
import { contents } from "./run-file.js";
import { read } from "./safetensors.js";

test("SHA-256 is what it is elsewhere", () => {
  for (const n of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 70_001]) {
    const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 7919) >> 3);
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"), `${n} bytes`);
    const from = n >> 2, to = Math.min(n, from + 64), zeros = Uint8Array.from(bytes);
    zeros.fill(0x30, from, to);
    assert.equal(sha256(bytes, from, to), createHash("sha256").update(zeros).digest("hex"), `${n} bytes with zeros`);
  }
});

const file = Uint8Array.from(readFileSync(new URL("../../core/data/testdata/digested.safetensors", import.meta.url)));

test("a file that Go wrote carries a digest, which is not one of its texts", () => {
  const { meta, tensors } = contents(file.buffer);
  assert.equal(meta.digest, undefined);
  assert.equal(contents(file.buffer).meta.step, "7");
  assert.deepEqual(tensors.critic, { shape: [3], data: new Float32Array([1, 2, 0.5]) });
  assert.equal(read(file.buffer).digest, true);
});

test("no single bit of it changes unnoticed, and no byte is lost or added", () => {
  for (let at = 0; at < file.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const bad = Uint8Array.from(file);
      bad[at] ^= 1 << bit;
      assert.throws(() => contents(bad.buffer), Error, `bit ${bit} of byte ${at}`);
      assert.throws(() => contents(bad.buffer), Error, `bit ${bit} of byte ${at}`);
    }
    assert.throws(() => contents(file.slice(0, at).buffer), Error, `the first ${at} bytes`);
  }
  assert.throws(() => contents(Uint8Array.of(...file, 0).buffer));
});

test("a changed number is reported as damage", () => {
  const bad = Uint8Array.from(file);
  bad[bad.length - 9] ^= 1;
  assert.throws(() => contents(bad.buffer), /damaged \(its digest is another/);
});

// Run by "node --test assets/page". core/data/safetensors_test.go asks the same of Go's
// reader.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Bad, read } from "./safetensors.js";

const cases = JSON.parse(readFileSync(new URL("../../core/data/testdata/safetensors.json", import.meta.url), "utf8"));

// file returns a case's file as an ArrayBuffer.
function file({ header, data = "", hex = "" }) {
  const rest = Buffer.from(hex + data, "hex"), text = Buffer.from(header ?? ""), length = Buffer.alloc(header === undefined ? 0 : 8);
  if (header !== undefined) length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, rest])).buffer;
}

test("files are read as the command reads them, and refused in its words", () => {
  assert.ok(cases.length >= 50);
  for (const c of cases) {
    if (c.error) {
      assert.throws(() => read(file(c)), (e) => {
        assert.ok(e instanceof Bad, `${c.name}: ${e}`);
        assert.equal(e.message, `not a whole safetensors file of F32 or U8 tensors: ${c.error}`, c.name);
        return true;
      }, c.name);
      continue;
    }
    const { meta, tensors, bytes } = read(file(c));
    const each = (all, of) => Object.fromEntries(Object.entries(all).map(([name, v]) => [name, of(v)]));
    assert.deepEqual(meta, c.meta ?? {}, c.name);
    assert.deepEqual(each(tensors, (v) => v.shape), c.shapes ?? {}, c.name);
    assert.deepEqual(each(tensors, (v) => [...v.data]), c.tensors ?? {}, c.name);
    assert.deepEqual(each(bytes, (b) => Buffer.from(b).toString("hex")), c.bytes ?? {}, c.name);
  }
});

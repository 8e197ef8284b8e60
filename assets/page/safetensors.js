// Files of tensors, as core/data/safetensors.go writes them: the header's length in
// 8 bytes, the header as JSON, then the tensors' numbers one after the other.

import { holds } from "./digest.js";

const most = 100 << 20; // bytes of a header; the format's own bound
const widths = { F32: 4, U8: 1 };

// Bad is the error of a buffer that is no such file, "none", is "cut" after n of all
// bytes, or is "broken" at what.
export class Bad extends Error {
  constructor(kind, names = {}) {
    super(`this is no whole safetensors file: ${kind} ${Object.values(names).join(" of ")}`);
    Object.assign(this, { kind, names });
  }
}

// read returns {meta, tensors, bytes, digest} of a file's buffer: its texts, the F32 tensors
// as {shape, data: Float32Array}, and the U8 ones as Uint8Array; digest, whether the file
// carries a digest of itself, which then holds. check(meta) may
// throw before the tensors are looked at. It throws a Bad where the buffer is no
// whole file.
export function read(buffer, check = () => {}) {
  const size = buffer.byteLength, view = new DataView(buffer);
  const length = size < 8 ? 0n : view.getBigUint64(0, true);
  if (length < 2n || length > BigInt(most) || (size > 8 && view.getUint8(8) !== 0x7b)) throw new Bad("none"); // {
  const start = 8 + Number(length);
  if (size < start) throw new Bad("cut", { n: size, all: start });
  let text, header;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(buffer, 8, start - 8));
    header = JSON.parse(text);
  } catch {
    throw new Bad("none");
  }
  const { __metadata__: meta = {}, ...named } = header;
  check(meta);
  const entries = Object.entries(named).map(([name, e]) => ({ name, dtype: e?.dtype, shape: e?.shape, from: e?.data_offsets?.[0], to: e?.data_offsets?.[1] }));
  let end = start;
  for (const { name, dtype, shape, from, to } of entries.sort((a, b) => a.from - b.from || a.to - b.to)) {
    const count = Array.isArray(shape) ? shape.reduce((n, d) => n * d, 1) : NaN;
    if (!(start + from === end && to - from === widths[dtype] * count && count >= 0)) throw new Bad("broken", { what: name });
    end = start + to;
  }
  if (size < end) throw new Bad("cut", { n: size, all: end });
  if (size > end) throw new Bad("broken", { what: `+${size - end}` });
  const digest = holds(new Uint8Array(buffer), meta, text, start);
  if (digest === false) throw new Bad("broken", { what: "digest" });
  delete meta?.digest;
  const file = { meta, tensors: {}, bytes: {}, digest: digest === true };
  for (const { name, dtype, shape, from, to } of entries) {
    const part = buffer.slice(start + from, start + to);
    if (dtype === "F32") file.tensors[name] = { shape, data: new Float32Array(part) };
    else file.bytes[name] = new Uint8Array(part);
  }
  return file;
}

// Run files: what lab.Run.Save tells, as safetensors. That is the header's length in
// 8 bytes, the header as JSON, then the tensors' numbers. core/data/safetensors.go
// writes them.
import { t } from "./strings.js";

const most = 100 << 20; // bytes of a header; the format's own bound

const bad = (key, names) => new Error(t(`runfile.${key}`, names));

// header returns {tensors, meta, start} of a file: the tensors' entries, the texts
// and where the numbers start. It throws an Error that says what is wrong.
function header(buffer) {
  const size = buffer.byteLength, view = new DataView(buffer);
  const length = size < 8 ? 0n : view.getBigUint64(0, true);
  if (length < 2n || length > BigInt(most) || (size > 8 && view.getUint8(8) !== 0x7b)) throw bad("none"); // {
  const start = 8 + Number(length);
  if (size < start) throw bad("cut", { n: size, all: start });
  let tensors;
  try {
    tensors = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(buffer, 8, start - 8)));
  } catch {
    throw bad("none");
  }
  const meta = tensors.__metadata__ ?? {};
  delete tensors.__metadata__;
  if (typeof meta.experiment !== "string") throw bad("foreign");
  let end = start;
  const entries = Object.entries(tensors).map(([name, e]) => ({ name, dtype: e?.dtype, shape: e?.shape, from: e?.data_offsets?.[0], to: e?.data_offsets?.[1] }));
  for (const { name, dtype, shape, from, to } of entries.sort((a, b) => a.from - b.from || a.to - b.to)) {
    const width = { F32: 4, U8: 1 }[dtype], count = Array.isArray(shape) ? shape.reduce((n, d) => n * d, 1) : NaN;
    if (!(start + from === end && to - from === width * count && count >= 0)) throw bad("broken", { what: name });
    end = start + to;
  }
  if (size < end) throw bad("cut", { n: size, all: end });
  if (size > end) throw bad("broken", { what: `+${size - end}` });
  if (!/^\d+$/.test(meta.step ?? "")) throw bad("broken", { what: "step" });
  return { tensors, meta, start };
}

// describe returns {experiment, step, preset, values} of the run that an ArrayBuffer
// holds: its names, its step, and every setting's text by the setting's name. preset
// is "" where the file tells none. Whether there is such an experiment it does not
// ask. It throws an Error whose message says to a person what is wrong.
export function describe(buffer) {
  const { meta } = header(buffer);
  const values = Object.fromEntries(Object.entries(meta).filter(([name]) => name.startsWith("set.")).map(([name, text]) => [name.slice(4), text]));
  return { experiment: meta.experiment, step: Number(meta.step), preset: meta.preset ?? "", values };
}

// contents returns {meta, tensors} of a run file: all its texts, and a Float32Array
// of every tensor of numbers. It throws what describe does.
export function contents(buffer) {
  const { tensors, meta, start } = header(buffer);
  const numbers = Object.entries(tensors).filter(([, { dtype }]) => dtype === "F32");
  return { meta, tensors: Object.fromEntries(numbers.map(([name, { data_offsets: [from, to] }]) => [name, new Float32Array(buffer.slice(start + from, start + to))])) };
}

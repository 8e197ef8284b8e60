// A tape is a recorded run that the page shows before it trains: a safetensors
// file of frames, written by core/record/tape.go, which says how.
import { url } from "./files.js";
import { read } from "./safetensors.js";

// unfold returns the rounded numbers of each frame of a layout, of which so many
// are on the tape: what was guessed from their neighbours, and by how much that
// was wrong.
export function unfold({ shape, levels, ways }, bytes, frames) {
  while (shape.length > 1 && shape.at(-1) === 1) shape = shape.slice(0, -1); // images of one channel
  const n = shape.reduce((a, b) => a * b, 1), width = shape.at(-1), height = shape.length > 1 ? shape.at(-2) : n / width;
  const all = [];
  for (let f = 0; f < frames; f++) {
    const plane = ways[f] === "1" || ways[f] === "3", before = ways[f] === "2" || ways[f] === "3" ? all[f - 1] : null;
    const now = new Uint16Array(n), mask = levels > 255 ? 0xffff : 0xff;
    const part = before ? (j) => now[j] - before[j] : (j) => now[j]; // what neighbours tell
    for (let i = 0; i < n; i++) {
      let q = bytes[f * n + i];
      if (levels > 255) q |= bytes[(frames + f) * n + i] << 8;
      if (before) q += before[i];
      if (plane) {
        const left = i % width > 0, up = Math.floor(i / width) % height > 0;
        if (left) q += part(i - 1);
        if (up) q += part(i - width);
        if (left && up) q -= part(i - width - 1);
      }
      now[i] = q & mask;
    }
    all.push(now);
  }
  return all;
}

// spread returns the numbers that rounded ones stand for.
function spread({ shape, levels, log }, rounded, low, high) {
  const data = new Float32Array(rounded.length), ratio = Math.log(high / low);
  for (let i = 0; i < data.length; i++) {
    const at = rounded[i] / levels;
    data[i] = log ? low * Math.exp(ratio * at) : low + (high - low) * at;
  }
  return { shape, data };
}

// parse reads a tape. It returns {experiment, preset, values, steps, metrics: names,
// checkpoints: [{step, file, bytes}], frame(i), row(i)}: the i-th frame as a session
// has it, {experiment, step, runs: [tensors]}, and the metrics there, null where not
// known. It throws where the buffer is no tape.
export function parse(buffer) {
  const { meta, tensors, bytes } = read(buffer);
  if (meta.tape !== "1") throw new Error(`this is a tape of version ${meta.tape}, not 1: build the page anew`);
  const [values, steps, names, checkpoints, layouts] = ["values", "steps", "metrics", "checkpoints", "tensors"].map((name) => JSON.parse(meta[name]));
  const kept = layouts.map((layout) => {
    const { name, shape, levels, once } = layout, n = shape.reduce((a, b) => a * b, 1), frames = once ? 1 : steps.length;
    if (!levels) {
      if (tensors[name]?.data.length !== frames * n) throw new Error(`the tape's ${name} is cut`);
      return [name, once, (f) => ({ shape, data: tensors[name].data.slice(f * n, (f + 1) * n) })];
    }
    const ranges = tensors[`${name} range`]?.data;
    if (bytes[name]?.length !== frames * n * (levels > 255 ? 2 : 1) || ranges?.length !== 2 * frames) throw new Error(`the tape's ${name} is cut`);
    const rounded = unfold(layout, bytes[name], frames);
    return [name, once, (f) => spread(layout, rounded[f], ranges[2 * f], ranges[2 * f + 1])];
  });
  return {
    experiment: meta.experiment, preset: meta.preset, values, steps, metrics: names, checkpoints,
    frame: (i) => ({
      experiment: meta.experiment, step: steps[i],
      runs: [Object.fromEntries(kept.map(([name, once, of]) => [name, of(once ? 0 : i)]))],
    }),
    row: (i) => Array.from(tensors.metrics.data.subarray(i * names.length, (i + 1) * names.length), (v) => (Number.isNaN(v) ? null : v)),
  };
}

async function fetched(file) {
  const response = await fetch(url(`built/tapes/${file}`));
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${file} cannot be loaded (HTTP ${response.status})`);
  return response.arrayBuffer();
}

// load returns the tape of a preset, null where there is none.
export async function load(experiment, preset) {
  const buffer = await fetched(`${experiment}.${preset}.tape`);
  return buffer && parse(buffer);
}

// checkpoint returns the bytes of one of a tape's checkpoints, which a session's
// worker takes by load, null where the file is gone.
export const checkpoint = ({ file }) => fetched(file);

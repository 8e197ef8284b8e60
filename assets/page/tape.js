// A tape is a recorded run that the page shows before it trains: a safetensors
// file of frames, written by core/record/tape.go, which says how.
import { url } from "./files.js";
import { own } from "./own.js";
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

const whole = (n) => Number.isSafeInteger(n) && n >= 0;

// part returns what is below a name of a tape's texts, as JSON, if it is good.
function part(meta, name, good) {
  let value;
  try {
    value = JSON.parse(Object.hasOwn(meta, name) ? meta[name] : "");
  } catch { /* it stays undefined */ }
  if (!good(value)) throw new Error(`the tape's ${name} ${name.endsWith("s") ? "are" : "is"} damaged: build the page anew`);
  return value;
}

// list returns whether a value is a list of what is good.
const list = (good) => (value) => Array.isArray(value) && value.every(good);

// laid returns whether a value is a layout of that many frames.
const laid = (frames) => (l) => typeof l?.name === "string" && list((d) => whole(d) && d > 0)(l.shape) && whole(l.levels ?? 0) && (l.levels ?? 0) < 65536 &&
  (!l.levels || (typeof l.ways === "string" && l.ways.length === (l.once ? 1 : frames) && /^[01][0-3]*$/.test(l.ways)));

// parse reads a tape. It returns {experiment, preset, values, steps, metrics: names,
// checkpoints: [{step, file, bytes}], frame(i), row(i)}: the i-th frame as a session
// has it, {experiment, step, runs: [tensors]}, and the metrics there, null where not
// known. It throws an Error that says why if the buffer is no tape.
export function parse(buffer) {
  const { meta, tensors, bytes } = read(buffer);
  if (meta.tape !== "1") throw new Error(`this is a tape of version ${meta.tape}, not 1: build the page anew`);
  if (typeof meta.experiment !== "string" || typeof meta.preset !== "string") throw new Error("the tape names no experiment and preset: build the page anew");
  const values = part(meta, "values", (v) => v && !Array.isArray(v) && Object.values(v).every((text) => typeof text === "string"));
  const steps = part(meta, "steps", (v) => list(whole)(v) && v.length > 0), names = part(meta, "metrics", list((name) => typeof name === "string"));
  const checkpoints = part(meta, "checkpoints", list((c) => whole(c?.step) && whole(c.bytes) && /^[\w.-]+$/.test(c.file)));
  const layouts = part(meta, "tensors", list(laid(steps.length)));
  const kept = layouts.map((layout) => {
    const { name, shape, levels, once, late } = layout, n = shape.reduce((a, b) => a * b, 1), frames = once ? 1 : steps.length;
    if (!levels) {
      if (!(Object.hasOwn(tensors, name) && tensors[name].data.length === frames * n)) throw new Error(`the tape's ${name} is cut`);
      return [name, once, late, (f) => ({ shape, data: tensors[name].data.slice(f * n, (f + 1) * n) })];
    }
    const ranges = Object.hasOwn(tensors, `${name} range`) ? tensors[`${name} range`].data : [];
    if (!(Object.hasOwn(bytes, name) && bytes[name].length === frames * n * (levels > 255 ? 2 : 1) && ranges.length === 2 * frames)) throw new Error(`the tape's ${name} is cut`);
    const rounded = unfold(layout, bytes[name], frames);
    return [name, once, late, (f) => spread(layout, rounded[f], ranges[2 * f], ranges[2 * f + 1])];
  });
  if (!(Object.hasOwn(tensors, "metrics") && tensors.metrics.data.length === steps.length * names.length)) throw new Error("the tape's metrics are cut");
  return {
    experiment: meta.experiment, preset: meta.preset, values, steps, metrics: names, checkpoints,
    frame: (i) => ({
      experiment: meta.experiment, step: steps[i],
      runs: [Object.fromEntries(kept.filter(([, , late]) => !late || i > 0).map(([name, once, , of]) => [name, of(once ? 0 : i)]))],
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

// recordings are the presets that have a tape, so that a preset from outside cannot name
// another file. serve/built records them; its tests compare the two lists.
export const recordings = {
  "wgan-gp": ["live", "clip", "fixed", "gan", "many", "figure-1b", "paper", "paper-clip"],
  "wgan-mnist": ["live", "clip", "overfit-live"],
  "gumbel-vae": ["live", "straight-through", "paper", "paper-bernoulli", "notebook"],
  "gumbel-sop": ["live", "bits", "straight-through", "paper", "paper-categorical"],
  "gumbel-semi": ["live", "straight-through", "marginal", "paper"],
};

// load returns the tape of a preset, null where there is none.
export async function load(experiment, preset) {
  if (!own(recordings, experiment)?.includes(preset)) return null;
  const buffer = await fetched(`${experiment}.${preset}.tape`);
  return buffer && parse(buffer);
}

// checkpoint returns the bytes of one of a tape's checkpoints, which a session's
// worker takes by load, null where the file is gone.
export const checkpoint = ({ file }) => fetched(file);

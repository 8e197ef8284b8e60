// Run files: what lab.Run.Save tells, as safetensors.
import { quote } from "./points-file.js";
import { Bad, read } from "./safetensors.js";
import { t } from "./strings.js";

// opened reads a run file. It throws an Error that says to a person what is wrong.
function opened(buffer) {
  try {
    return read(buffer, (meta) => {
      if (!Object.hasOwn(meta, "experiment")) throw new Bad("it is another program's", "foreign", {});
    });
  } catch (e) {
    throw e instanceof Bad ? new Error(t(`runfile.${e.kind}`, e.names)) : e;
  }
}

// describe returns {experiment, step, preset, values} of the run that an ArrayBuffer
// holds: its names, its step, and every setting's text by the setting's name. preset
// is "" where the file tells none. Whether there is such an experiment it does not
// ask. It throws an Error whose message says to a person what is wrong.
export function describe(buffer) {
  const { meta, tensors } = opened(buffer), step = Object.hasOwn(meta, "step") ? meta.step : "";
  if (!/^\d+$/.test(step) || !Number.isSafeInteger(Number(step))) throw new Error(t("runfile.broken", { what: `its step is ${quote(step)}: it must be a whole number` }));
  if (Object.keys(tensors).length === 0) throw new Error(t("runfile.broken", { what: "it holds no tensors" }));
  const values = Object.fromEntries(Object.entries(meta).filter(([name]) => name.startsWith("set.")).map(([name, text]) => [name.slice(4), text]));
  return { experiment: meta.experiment, step: Number(step), preset: Object.hasOwn(meta, "preset") ? meta.preset : "", values };
}

// contents returns {meta, tensors} of a run file: all its texts, and a Float32Array
// of every tensor of numbers. It throws what describe does.
export function contents(buffer) {
  const { meta, tensors } = opened(buffer);
  return { meta, tensors: Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data])) };
}

// carriesDigest returns whether a run file carries a digest of itself, by which damage is
// noticed: older files do not. It throws what describe does.
export function carriesDigest(buffer) {
  return opened(buffer).digest;
}

// savedPoints returns the person's own points that a run file brings along, x and y in
// turn, null if it brings none. It throws what describe does.
export function savedPoints(buffer) {
  const { meta, tensors } = opened(buffer), points = Object.hasOwn(tensors, "points") ? tensors.points : null;
  if (meta["set.data"] !== "points" || points?.shape?.length !== 2 || points.shape[1] !== 2) return null;
  return Array.from(points.data, written);
}

// written returns the number with the fewest digits that a number of 32 bits stands for.
function written(v) {
  for (let digits = 6; digits < 10; digits++) {
    const x = Number(v.toPrecision(digits));
    if (Math.fround(x) === v) return x;
  }
  return v;
}

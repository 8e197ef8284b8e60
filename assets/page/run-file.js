// Run files: what train.Run.Save returns, as safetensors.
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

// contents returns {meta, tensors} of a run file: all its texts, and {shape, data} of every
// tensor of numbers, data a Float32Array. It throws an Error whose message is meant for a person. The
// trainer decides whether a file is a run, see open-run.js.
export function contents(buffer) {
  return opened(buffer);
}

// savedPoints returns the person's own points in a run file, x and y in turn, null if it
// has no points. It throws the errors of contents.
export function savedPoints(buffer) {
  const { meta, tensors } = opened(buffer), points = Object.hasOwn(tensors, "points") ? tensors.points : null;
  if (meta["set.data"] !== "points" || points?.shape?.length !== 2 || points.shape[1] !== 2) return null;
  return Array.from(points.data, written);
}

// written returns the number with the fewest digits that rounds to a number of 32 bits.
function written(v) {
  for (let digits = 6; digits < 10; digits++) {
    const x = Number(v.toPrecision(digits));
    if (Math.fround(x) === v) return x;
  }
  return v;
}

// Files that Go makes, in a worker of their own, which ends with each: what a long
// animation took of memory is given back.
import { errorText } from "./errors.js";
import { worker } from "./files.js";
import { answers, unreachable } from "./network.js";
import { contents } from "./run-file.js";
import { t } from "./strings.js";

function made(call, args, transfer) {
  const w = worker("export-worker.js");
  return new Promise((done, failed) => {
    const fail = async (message) => {
      const words = (await answers()) ? "runfile.exporter" : unreachable();
      failed(new Error(t(words, { message: errorText(message) })));
    };
    w.onmessage = ({ data }) => ("result" in data ? done(data.result) : fail(data.message));
    w.onerror = (e) => {
      e.preventDefault();
      fail(e.message ?? "export-worker.js cannot be loaded");
    };
    w.postMessage({ call, args }, transfer);
  }).finally(() => w.terminate());
}

// gif returns the bytes of an animation, a Uint8Array. Each of frames is RGBA,
// 4·width·height bytes (ImageData.data; they are given away), shown for its delay in
// hundredths of a second. It rejects with an Error that a person can read.
export async function gif({ width, height, frames, delays }) {
  return made("gif", [width, height, frames, delays], [...new Set(frames.map((f) => f.buffer))]);
}

// onnx returns {name: Uint8Array}, an ONNX model of every network of a run file, an
// ArrayBuffer. It rejects with an Error that a person can read.
export async function onnx(bytes) {
  const { meta, tensors } = contents(bytes);
  return made("onnx", [meta, tensors], Object.values(tensors).map(({ data }) => data.buffer));
}

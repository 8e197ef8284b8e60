// run.mjs FOLDER: runs models by ONNX Runtime, which npm put into FOLDER. It reads
// [{model: base64, feeds: {name: {dims, data}}}] from its input and prints
// [{name: {dims, data}}], what each model gave.
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { readFileSync } from "node:fs";

const ort = createRequire(resolve(process.argv[2], "node_modules/"))("onnxruntime-web");
ort.env.wasm.numThreads = 1;
const all = [];
for (const { model, feeds } of JSON.parse(readFileSync(0))) {
  const session = await ort.InferenceSession.create(Buffer.from(model, "base64"));
  const inputs = Object.fromEntries(Object.entries(feeds).map(([name, { dims, data }]) => [name, new ort.Tensor("float32", data, dims)]));
  const outputs = await session.run(inputs);
  all.push(Object.fromEntries(Object.entries(outputs).map(([name, { dims, data }]) => [name, { dims, data: [...data] }])));
}
process.stdout.write(JSON.stringify(all));

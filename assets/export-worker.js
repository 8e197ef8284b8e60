// The Web Worker that makes files: it loads built/export.wasm and calls what
// wasm/export/main.go tells of. To {call, args} it answers {result} or {message}.
"use strict";

// scripts returns trusted addresses, as in worker.js.
self.scripts ??= (() => {
  const rules = {
    createScriptURL(name) {
      if (name === "built/wasm_exec.js") return name;
      throw new TypeError(`${name} is no script of Ganbel`);
    },
  };
  return self.trustedTypes?.createPolicy("ganbel", rules) ?? rules;
})();

async function load() {
  try {
    importScripts(scripts.createScriptURL("built/wasm_exec.js"));
  } catch {
    throw new Error("built/wasm_exec.js cannot be loaded");
  }
  const go = new Go();
  const response = await fetch("built/export.wasm").catch(() => {
    throw new Error("built/export.wasm cannot be loaded");
  });
  if (!response.ok) throw new Error(`built/export.wasm cannot be loaded (HTTP ${response.status})`);
  const streams = (response.headers.get("Content-Type") ?? "").startsWith("application/wasm");
  const { instance } = streams
    ? await WebAssembly.instantiateStreaming(response, go.importObject)
    : await WebAssembly.instantiate(await response.arrayBuffer(), go.importObject);
  go.run(instance); // it sets gif and onnx before it first waits, and never ends
}

const loaded = load();
loaded.catch(() => {}); // the first call tells
onmessage = async ({ data: { call, args } }) => {
  try {
    await loaded;
    const result = self[call](...args);
    if (typeof result === "string") throw new Error(result);
    const bytes = result instanceof Uint8Array ? [result] : Object.values(result);
    postMessage({ result }, bytes.map((b) => b.buffer));
  } catch (e) {
    postMessage({ message: e.message });
  }
};

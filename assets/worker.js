// The trainer's Web Worker: it loads the wasm, hands it the page's messages in
// their order, and downloads the digits, and the classifier of digits, that an open asks for.
// wasm/worker/main.go lists the messages; this file adds
// loading {received, total} and error {fatal: true}, after which it is dead. An error
// with network means that the server does not answer.
"use strict";

// scripts returns trusted addresses of our own scripts only, as page/trusted.js does. A
// worker that starts from a blob gets it from there.
self.scripts ??= (() => {
  const rules = {
    createScriptURL(name) {
      if (["built/wasm_exec.js", "kernels.js"].includes(name)) return name;
      throw new TypeError(`${name} is no script of Ganbel`);
    },
  };
  return self.trustedTypes?.createPolicy("ganbel", rules) ?? rules;
})();

function die(message, network = false) {
  postMessage({ type: "error", fatal: true, message, network });
}

// answers resolves with whether the server answers at all. The service worker passes HEAD
// to the network.
async function answers() {
  return navigator.onLine && fetch("built/wasm_exec.js", { method: "HEAD", cache: "no-store" }).then(() => true, () => false);
}

// get fetches a file; the error names it.
async function get(address, name) {
  let response;
  try {
    response = await fetch(address);
  } catch {
    throw new Error(`${name} cannot be loaded`);
  }
  if (!response.ok) throw new Error(`${name} cannot be loaded (HTTP ${response.status})`);
  return response;
}

async function load() {
  try {
    importScripts(scripts.createScriptURL("built/wasm_exec.js"));
  } catch {
    throw new Error(await answers() ? "built/wasm_exec.js cannot be loaded: run “make build”, then reload" : "built/wasm_exec.js cannot be loaded");
  }
  try {
    importScripts(scripts.createScriptURL("kernels.js"));
  } catch {
    throw new Error("kernels.js cannot be loaded");
  }
  const go = new Go();
  let code = 0;
  go.exit = (c) => { code = c; };
  const built = (name) => get(`built/${name}`, `built/${name}`);
  const [response, link] = await Promise.all([built("worker.wasm"), kernels(go, async (name) => (await built(name)).arrayBuffer())]);
  const streams = (response.headers.get("Content-Type") ?? "").startsWith("application/wasm");
  const { instance } = streams
    ? await WebAssembly.instantiateStreaming(response, go.importObject)
    : await WebAssembly.instantiate(await response.arrayBuffer(), go.importObject);
  await link(instance);
  // Go sets self.receive before it first waits; it only ends when it breaks.
  go.run(instance).then(() => die(`the trainer stopped with code ${code}`), (e) => die(`the trainer broke: ${e.message}`));
}

const files = new Map();

// download returns a file as an ArrayBuffer, and keeps it.
async function download(url) {
  if (files.has(url)) return files.get(url);
  const name = url.split("/").pop();
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    // With a Content-Encoding, which other origins cannot see, the length is less than
    // the bytes read.
    const total = response.headers.has("Content-Encoding") ? 0 : Number(response.headers.get("Content-Length"));
    const parts = [];
    let received = 0;
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      received += value.length;
      postMessage({ type: "loading", name, received, total });
    }
    if (received < total) throw new Error(`${received} of ${total} bytes came`);
    const bytes = await new Blob(parts).arrayBuffer();
    files.set(url, bytes);
    return bytes;
  } catch (e) {
    throw new Error(`${name} cannot be downloaded (${e.message})`);
  }
}

async function hear(message) {
  if (message.cmd === "open") {
    try {
      if (message.mnist) message.shard = await download(message.mnist);
      if (message.classifier) message.weights = await download(message.classifier);
    } catch (e) {
      message.broken = e.message; // the open run stays
      message.network = !(await answers());
    }
  }
  self.receive(message);
}

let last = load();
last.catch(async (e) => die(e.message, !(await answers())));
onmessage = (e) => {
  last = last.then(() => hear(e.data));
  last.catch(() => {}); // die has said it
};

// files.js of the page in one file, which carries the files within itself: each is
// the text of a script element, gzip in base64. They become blobs before anything
// asks for them.
const kinds = { html: "text/html", js: "text/javascript", wasm: "application/wasm", txt: "text/plain;charset=utf-8" };

async function unpack(element) {
  const packed = await fetch(`data:application/gzip;base64,${element.textContent}`);
  element.remove();
  const name = element.dataset.file, kind = kinds[name.split(".").pop()] ?? "application/octet-stream";
  const blob = await new Response(packed.body.pipeThrough(new DecompressionStream("gzip"))).blob();
  return [name, new Blob([blob], { type: kind })];
}

const files = Object.fromEntries(await Promise.all([...document.querySelectorAll("script[data-file]")].map(unpack)));
const addresses = Object.fromEntries(Object.entries(files).map(([name, blob]) => [name, URL.createObjectURL(blob)]));
const text = Object.fromEntries(await Promise.all(Object.entries(files).filter(([name]) => /\.(js|html)$/.test(name)).map(async ([name, blob]) => [name, await blob.text()])));

function held(name) {
  if (!(name in files)) throw new Error(`${name} is not within this file: run “make single” again`);
  return name;
}

export const url = (name) => addresses[held(name)];

// A worker of a blob is a stranger to the page's other blobs: it gets them with its
// first message, and has the scripts that it would import before its own.
const given = `
  const given = new Promise((done) => addEventListener("message", (e) => {
    e.stopImmediatePropagation();
    done(e.data);
  }, { once: true }));
  self.fetch = async (address) => new Response((await given)[address]);
  self.importScripts = () => {};
`;

// Trusted types: the browser accepts only scripts and pages that were made here.
const made = new Set();
const admit = (what) => {
  if (made.delete(what)) return what;
  throw new TypeError(`${what.slice(0, 80)} is not within this file`);
};
const rules = { createScriptURL: admit, createHTML: admit };
const trusted = globalThis.trustedTypes?.createPolicy("ganbel", rules) ?? rules;

function own(what) {
  made.add(what);
  return what;
}

export function worker(name) {
  const libraries = Object.keys(text).filter((other) => other.endsWith(".js") && !other.endsWith("worker.js")).map((other) => text[other]);
  const blob = new Blob([given, ...libraries.map((l) => l + "\n"), text[held(name)]], { type: kinds.js });
  const w = new Worker(trusted.createScriptURL(own(URL.createObjectURL(blob))));
  w.postMessage({ ...files, ...Object.fromEntries(Object.keys(files).map((other) => [addresses[other], files[other]])) });
  return w;
}

// A frame with an address of its own would be a stranger, too.
export function show(frame, name) {
  frame.srcdoc = trusted.createHTML(own(text[held(name)].replace("<html", () => `<html data-files='${JSON.stringify(addresses)}'`)));
}

export const keeps = () => { throw new TypeError("one file needs no service worker"); };

export const origin = "*"; // a file has none; the frames are this page's own

// Where the page's files are. The page in one file has another files.js, with the
// same functions, see serve/single.
import { policy } from "./trusted.js";

// url returns the address of a file below assets, such as "built/mnist-10k.gz".
export const url = (name) => new URL(`../${name}`, import.meta.url).href;

// opaque reports that this frame is in a sandbox without an origin of its own.
const opaque = globalThis.origin === "null";

// Scripts that the page, and a worker, may start.
const own = ["worker.js", "export-worker.js"].map(url);
const imported = [...own, ...["kernels.js", "built/wasm_exec.js"].map(url)];

// starter returns a script that runs one below assets. A worker of an opaque origin can
// start only from a blob, and names in such a script would be relative to the blob.
const starter = (name) => `"use strict";
{
  const at = (name) => new URL(name, ${JSON.stringify(url(""))}).href;
  const get = self.fetch;
  self.fetch = (name, ...rest) => get(at(name), ...rest);
  const trusted = (${policy})((address) => ${JSON.stringify(imported)}.includes(address));
  self.scripts = { createScriptURL: (name) => trusted.createScriptURL(at(name)) };
  importScripts(scripts.createScriptURL(${JSON.stringify(name)}));
}`;

const starters = new Map(); // addresses by name

function start(name) {
  if (!starters.has(name)) starters.set(name, URL.createObjectURL(new Blob([starter(name)], { type: "text/javascript" })));
  return starters.get(name);
}

// The script that keeps a build offline, without the build's digest.
const keeper = url("../service-worker.js?");

let trusted; // made when first needed: a page can have only one

// script returns the trusted address of a script of ours.
function script(address) {
  trusted ??= policy((address) => own.includes(address) || [...starters.values()].includes(address) || address.startsWith(keeper) && /^[0-9a-f]{32}$/.test(address.slice(keeper.length)));
  return trusted.createScriptURL(address);
}

// worker starts a script below assets in a worker.
export const worker = (name) => new Worker(script(opaque ? start(name) : url(name)));

// keeps returns the address of the service worker that keeps a build, by its digest.
export const keeps = (digest) => script(keeper + digest);

// show loads a page below assets into a frame.
export const show = (frame, name) => { frame.src = url(name); };

// origin is where messages of our frames come from and go to, "*" where there is none.
export const origin = opaque ? "*" : globalThis.origin;

// Where the page's files are. The page in one file has another files.js, with the
// same functions, see serve/single.
import { policy } from "./trusted.js";

// url returns the address of a file below assets, such as "built/mnist-10k.gz".
export const url = (name) => new URL(`../${name}`, import.meta.url).href;

// opaque reports that this frame is in a sandbox without an origin of its own.
const opaque = globalThis.origin === "null";

// Scripts that may be started: by the page, and by a worker.
const own = ["worker.js", "export-worker.js"].map(url);
const imported = [...own, ...["kernels.js", "built/wasm_exec.js"].map(url)];

// starter returns a script that runs one below assets. A worker of an opaque origin may
// start from a blob only. There the names in a script would be relative to the blob.
const starter = (name) => `"use strict";
{
  const at = (name) => new URL(name, ${JSON.stringify(url(""))}).href;
  const get = self.fetch;
  self.fetch = (name, ...rest) => get(at(name), ...rest);
  const trusted = (${policy})((address) => ${JSON.stringify(imported)}.includes(address));
  self.scripts = { createScriptURL: (name) => trusted.createScriptURL(at(name)) };
  importScripts(scripts.createScriptURL(${JSON.stringify(name)}));
}`;

const starters = new Map(); // their addresses, by name

function start(name) {
  if (!starters.has(name)) starters.set(name, URL.createObjectURL(new Blob([starter(name)], { type: "text/javascript" })));
  return starters.get(name);
}

// The script that keeps a build offline, without the build's digest.
const keeper = url("../service-worker.js?");

let trusted; // made when it is first needed, for there may be one only

// script returns an address of a script of ours, for the browser to start.
function script(address) {
  trusted ??= policy((address) => own.includes(address) || [...starters.values()].includes(address) || address.startsWith(keeper) && /^[0-9a-f]{32}$/.test(address.slice(keeper.length)));
  return trusted.createScriptURL(address);
}

// worker starts a script below assets in a worker.
export const worker = (name) => new Worker(script(opaque ? start(name) : url(name)));

// keeps returns the service worker that keeps the build of a digest offline.
export const keeps = (digest) => script(keeper + digest);

// show loads a page below assets into a frame.
export const show = (frame, name) => { frame.src = url(name); };

// origin is where messages of our frames come from and go to, "*" where there is none.
export const origin = opaque ? "*" : globalThis.origin;

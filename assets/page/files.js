// Where the page's files are. The page in one file has another files.js, with the
// same functions, see serve/single.

// url returns the address of a file below assets, such as "built/mnist-10k.gz".
export const url = (name) => new URL(`../${name}`, import.meta.url).href;

// opaque reports that this frame is in a sandbox without an origin of its own.
const opaque = globalThis.origin === "null";

// starter returns a script that runs one below assets. A worker of an opaque origin may
// start from a blob only. There the names in a script would be relative to the blob.
const starter = (name) => `"use strict";
{
  const at = (name) => new URL(name, ${JSON.stringify(url(""))}).href;
  const get = self.fetch, run = self.importScripts;
  self.fetch = (name, ...rest) => get(at(name), ...rest);
  self.importScripts = (...names) => run(...names.map(at));
  self.importScripts(${JSON.stringify(name)});
}`;

const starters = new Map(); // their addresses, by name

function start(name) {
  if (!starters.has(name)) starters.set(name, URL.createObjectURL(new Blob([starter(name)], { type: "text/javascript" })));
  return starters.get(name);
}

// worker starts a script below assets in a worker.
export const worker = (name) => new Worker(opaque ? start(name) : url(name));

// show loads a page below assets into a frame.
export const show = (frame, name) => { frame.src = url(name); };

// origin is where messages of our frames come from and go to, "*" where there is none.
export const origin = opaque ? "*" : globalThis.origin;

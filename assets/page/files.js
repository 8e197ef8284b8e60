// Where the page's files are. The page in one file has another files.js, with the
// same functions, see serve/single.
import { policy } from "./trusted.js";

// url returns the address of a file below assets, such as "built/mnist-10k.gz".
export const url = (name) => new URL(`../${name}`, import.meta.url).href;

const scripts = ["worker.js", "export-worker.js"].map(url);
let trusted; // made when it is first needed, for there may be one only

// script returns the address of a script below assets that may be started.
function script(name) {
  trusted ??= policy((address) => scripts.includes(address));
  return trusted.createScriptURL(url(name));
}

// worker starts a script below assets in a worker.
export const worker = (name) => new Worker(script(name));

// show loads a page below assets into a frame.
export const show = (frame, name) => { frame.src = url(name); };

// origin is where messages of our frames come from and go to, "*" where there is none.
export const origin = globalThis.location?.origin;

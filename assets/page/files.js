// Where the page's files are. The page in one file has another files.js, with the
// same functions, see serve/single.

// url returns the address of a file below assets, such as "built/mnist-10k.gz".
export const url = (name) => new URL(`../${name}`, import.meta.url).href;

// worker starts a script below assets in a worker.
export const worker = (name) => new Worker(url(name));

// show loads a page below assets into a frame.
export const show = (frame, name) => { frame.src = url(name); };

// origin is where messages of our frames come from and go to, "*" where there is none.
export const origin = globalThis.location?.origin;

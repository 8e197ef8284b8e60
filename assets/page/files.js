// Where the page's files are. The page in one file has another files.js, with the
// same functions, see serve/single.

// url returns the address of a file below assets, such as "built/mnist-10k.gz".
export const url = (name) => new URL(`../${name}`, import.meta.url).href;

// show loads a page below assets into a frame.
export const show = (frame, name) => { frame.src = url(name); };

// origin is what messages from our frames come from, and go to.
export const origin = location.origin;

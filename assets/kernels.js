// The loops of core/simd that Go's wasm leaves to a module beside it. Both a worker
// and node load this file.
"use strict";

// kernels adds to go.importObject what a Go program built with the tag kernels
// imports. It returns what is to be called with the program's instance before it
// runs. read(name) promises the bytes of a file of "make assets".
async function kernels(go, read) {
  // Go wants its imports before it has a memory, the loops want the memory: a door
  // between them is there first.
  const door = await WebAssembly.instantiate(await read("kernels-door.wasm"));
  go.importObject.kernels = door.instance.exports;
  let loops = await read("kernels-relaxed.wasm");
  if (!WebAssembly.validate(loops)) loops = await read("kernels.wasm");
  return (instance) => WebAssembly.instantiate(loops, { go: instance.exports, door: door.instance.exports });
}

// Ours: the core as the page's worker has it, with the side module of its kernels.
const script = (src) => new Promise((done, fail) => document.head.append(Object.assign(document.createElement('script'), {src, onload: done, onerror: fail})));

export async function open() {
  await script('/built/wasm_exec.js');
  await script('/assets/kernels.js');
  const go = new Go();
  const read = async (name) => (await fetch(name)).arrayBuffer();
  const link = await kernels(go, (name) => read(`/built/${name}`));
  const {instance} = await WebAssembly.instantiate(await read('/peers/versus.wasm'), go.importObject);
  await link(instance);
  go.run(instance);
  return 'Ganbel, wasm with SIMD';
}

export const rate = async (workload, seconds) => ganbelRate(workload, seconds);

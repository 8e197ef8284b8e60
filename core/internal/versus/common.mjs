// What the peers in the browser share: names of workloads, random draws, the clock.

/** The parts of a workload's name, or undefined: {gemm: [m, n, k], ta, tb}, {wgan: width} or {vae: true}. */
export function parse(workload) {
  let g = /^gemm-(\d+)x(\d+)x(\d+)(-ta)?(-tb)?$/.exec(workload);
  if (g) return {gemm: g.slice(1, 4).map(Number), ta: !!g[4], tb: !!g[5]};
  g = /^wgan-(\d+)$/.exec(workload);
  if (g) return {wgan: +g[1]};
  if (workload === 'vae') return {vae: true};
}

export const BATCH = 256, IMAGES = 1000, IMAGE_BATCH = 100;

export const MLP = {
  critic: width => [2, width, width, width, 1],
  generator: width => [2, width, width, width, 2],
  encoder: [784, 512, 256, 200],
  decoder: [200, 256, 512, 784],
};

export function uniform(n, scale = 1, shift = 0) {
  const a = new Float32Array(n);
  for (let i = 0; i < n; i++) a[i] = Math.random() * scale + shift;
  return a;
}

/** An even number of draws from N(0, scale²), by Box and Muller. */
export function normal(n, scale = 1) {
  const a = new Float32Array(n);
  for (let i = 0; i < n; i += 2) {
    const r = scale * Math.sqrt(-2 * Math.log(1 - Math.random())), t = 2 * Math.PI * Math.random();
    a[i] = r * Math.cos(t);
    a[i + 1] = r * Math.sin(t);
  }
  return a;
}

/** n points of eight Gaussians on a ring. */
export function ring(n) {
  const a = normal(2 * n, .01414);
  for (let i = 0; i < n; i++) {
    const t = Math.floor(8 * Math.random()) * Math.PI / 4;
    a[2 * i] += 1.4144 * Math.cos(t);
    a[2 * i + 1] += 1.4144 * Math.sin(t);
  }
  return a;
}

/** Which images a batch takes. */
export function choice() {
  return Int32Array.from({length: IMAGE_BATCH}, () => Math.floor(IMAGES * Math.random()));
}

/** First weights and biases of a layer, uniform in ±1/√in. */
export function layer(a, b) {
  const r = 1 / Math.sqrt(a);
  return [uniform(a * b, 2 * r, -r), uniform(b, 2 * r, -r)];
}

/** Calls of step a second; settle waits for what a framework still has to do. */
export async function measure(step, settle, seconds) {
  let n = 0;
  const start = performance.now();
  do {
    await step();
    n++;
  } while (performance.now() - start < 1000 * seconds);
  await settle();
  return 1000 * n / (performance.now() - start);
}

/** A rate function over what build makes of a parsed workload: {step, settle, unit}. */
export function rater(peer, build) {
  const built = new Map();
  return async function rate(workload, seconds) {
    try {
      if (!built.has(workload)) {
        const w = parse(workload);
        const b = w && build(w);
        if (!b) return `${peer} is not asked to do ${workload}.`;
        built.set(workload, b);
        await measure(b.step, b.settle, .3);
        await measure(b.step, b.settle, .3);
      }
      const {step, settle, unit} = built.get(workload);
      return unit * await measure(step, settle, seconds);
    } catch (e) {
      built.delete(workload);
      return `${peer} failed at ${workload}: ${String(e?.message ?? e).split('\n')[0]}`;
    }
  };
}

// jax-js on its wasm backend, in one thread, as a peer of the training benchmark.
import {BATCH, IMAGES, IMAGE_BATCH, MLP, choice, layer, normal, rater, ring, uniform} from './common.mjs';

const PACKAGE = '/peers/node_modules/@jax-js/jax/';
const MODULE = PACKAGE + 'dist/index.js';

// page.html?peer=jaxjs&stock takes its own gradient of a gradient, wrong as its numbers are.
const stock = new URLSearchParams(location.search).has('stock');

let jax, np;

export async function open() {
  jax = await import(MODULE);
  np = jax.numpy;
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  const {version} = await (await fetch(PACKAGE + 'package.json')).json();
  return `jax-js ${version}, wasm${stock ? '' : ', helped'}`;
}

// Every function owns its arguments: x.ref is one more use of x.
const refs = p => jax.tree.ref(p);

const mlp = sizes => sizes.slice(1).flatMap((b, i) => {
  const [w, v] = layer(sizes[i], b);
  return [np.array(w).reshape([sizes[i], b]), np.array(v)];
});

function apply(p, x) {
  for (let i = 0; i < p.length; i += 2) {
    x = np.matmul(x, p[i]).add(p[i + 1]);
    if (i + 2 < p.length) x = jax.nn.relu(x);
  }
  return x;
}

/**
 * The gradient of an MLP at each of several points, by the chain rule written out. The gradient of
 * jax.grad(x => apply(p, x).sum()) is wrong in 0.1.25 on its wasm backend wherever SIMD applies (it is
 * right on its cpu backend), and it makes arrays of batch × width × width, 268 MB each at a width of
 * 512, which is 2 to 4 times slower.
 */
function slopes(p, x) {
  const masks = [];
  for (let i = 0; i + 2 < p.length; i += 2) {
    x = np.matmul(x, p[i].ref).add(p[i + 1]);
    const mask = np.greater(x.ref, 0).astype(np.float32);
    masks.push(mask.ref);
    x = x.mul(mask);
  }
  x.dispose();
  let s = np.transpose(p[p.length - 2]);
  p[p.length - 1].dispose();
  for (let i = masks.length - 1; i >= 0; i--) s = np.matmul(masks[i].mul(s), np.transpose(p[2 * i]));
  return s;
}

/** Fake and real pass one by one: jitted, np.split of an np.concatenate has wrong values in jax-js 0.1.25. */
export function criticLoss(p, real, fake, eps, weight) {
  const mix = fake.ref.add(eps.mul(real.ref.sub(fake.ref)));
  const slope = stock ? jax.grad(x => apply(refs(p), x).sum())(mix) : slopes(refs(p), mix);
  const penalty = np.square(np.sqrt(np.square(slope).sum(1)).sub(1)).mean();
  const value = x => apply(refs(p), x).mean();
  const loss = value(fake).sub(value(real)).add(penalty.mul(weight));
  p.map(a => a.dispose());
  return loss;
}

/** p: the encoder's layers and then the decoder's. */
export function vaeLoss(p, x, u) {
  const n = x.shape[0], half = p.length / 2;
  const gumbel = np.negative(np.log(np.negative(np.log(u.add(1e-20))).add(1e-20)));
  const logits = apply(p.slice(0, half), x.ref).reshape([n, 20, 10]);
  const out = apply(p.slice(half), jax.nn.softmax(logits.ref.add(gumbel)).reshape([n, 200]));
  const logP = jax.nn.logSoftmax(logits);
  const divergence = np.exp(logP.ref).mul(logP.add(Math.log(10))).sum();
  const bernoulli = jax.nn.relu(out.ref).sub(out.ref.mul(x)).add(np.log1p(np.exp(np.negative(np.abs(out))))).sum();
  return bernoulli.add(divergence).div(n);
}

/** The value and the gradients of a loss, criticLoss or vaeLoss, to compare them elsewhere. */
export async function check(loss, weights, ...inputs) {
  const arrays = inputs.filter(Array.isArray), numbers = inputs.slice(arrays.length);
  const f = jax.jit((p, arrays) => jax.valueAndGrad(p => loss(p, ...arrays, ...numbers))(p));
  const [value, grads] = f(weights.map(w => np.array(w)), arrays.map(x => np.array(x)));
  return {loss: await value.jsAsync(), grads: await Promise.all(grads.map(g => g.jsAsync()))};
}

/** Adam inside a jitted function; its state is {m, v}, and c1 = 1/(1-β1^t), c2 = 1/(1-β2^t). */
function update(p, {m, v}, g, [c1, c2], rate, b1, b2) {
  const next = {p: [], m: [], v: []};
  for (let i = 0; i < p.length; i++) {
    const mi = m[i].mul(b1).add(g[i].ref.mul(1 - b1)), vi = v[i].mul(b2).add(np.square(g[i]).mul(1 - b2));
    next.m.push(mi.ref);
    next.v.push(vi.ref);
    next.p.push(p[i].sub(mi.mul(c1.ref).mul(rate).div(np.sqrt(vi.mul(c2.ref)).add(1e-8))));
  }
  c1.dispose();
  c2.dispose();
  return [next.p, {m: next.m, v: next.v}];
}

/** Parameters, Adam's state of them and the number of updates. */
function trainee(p) {
  const zeros = () => p.map(a => np.zeros(a.shape));
  return {p, state: {m: zeros(), v: zeros()}, t: 0};
}

/** One jitted update of a trainee; without waiting, work and its memory would pile up. */
async function advance(x, b1, b2, f) {
  x.t++;
  [x.p, x.state] = f(x.p, x.state, [np.array([1 / (1 - b1 ** x.t)]), np.array([1 / (1 - b2 ** x.t)])]);
  await jax.blockUntilReady([x.p, x.state]);
}

const array = (data, shape) => np.array(data).reshape(shape);

function wgan(width) {
  const critic = trainee(mlp(MLP.critic(width))), generator = trainee(mlp(MLP.generator(width)));
  const criticStep = jax.jit((p, state, c, g, z, real, eps) => {
    const fake = apply(g, z);
    const grads = jax.grad(p => criticLoss(p, real, fake, eps, .1))(p.map(a => a.ref));
    return update(p, state, grads, c, 1e-4, .5, .9);
  });
  const generatorStep = jax.jit((p, state, c, d, z) => {
    const grads = jax.grad(p => apply(d, apply(p, z)).mean().neg())(p.map(a => a.ref));
    return update(p, state, grads, c, 1e-4, .5, .9);
  });
  const z = () => array(normal(2 * BATCH), [BATCH, 2]);
  const step = async () => {
    for (let i = 0; i < 5; i++) {
      await advance(critic, .5, .9, (p, state, c) => criticStep(p, state, c, refs(generator.p), z(), array(ring(BATCH), [BATCH, 2]), array(uniform(BATCH), [BATCH, 1])));
    }
    await advance(generator, .5, .9, (p, state, c) => generatorStep(p, state, c, refs(critic.p), z()));
  };
  return {step, settle: () => {}, unit: 1};
}

function vae() {
  const model = trainee([...mlp(MLP.encoder), ...mlp(MLP.decoder)]);
  const images = array(uniform(IMAGES * 784), [IMAGES, 784]);
  const trainStep = jax.jit((p, state, c, images, index, u) => {
    const x = np.take(images, index, 0);
    const grads = jax.grad(p => vaeLoss(p, x, u))(p.map(a => a.ref));
    return update(p, state, grads, c, 1e-3, .9, .999);
  });
  const step = () => advance(model, .9, .999, (p, state, c) => trainStep(p, state, c, images.ref, np.array(choice()), array(uniform(IMAGE_BATCH * 200), [IMAGE_BATCH, 20, 10])));
  return {step, settle: () => {}, unit: 1};
}

function gemm([m, n, k], ta, tb) {
  const a = array(uniform(m * k), ta ? [k, m] : [m, k]), b = array(uniform(k * n), tb ? [n, k] : [k, n]);
  const product = jax.jit((a, b) => np.matmul(ta ? np.transpose(a) : a, tb ? np.transpose(b) : b));
  const step = async () => (await product(a.ref, b.ref).blockUntilReady()).dispose();
  return {step, settle: () => {}, unit: 2e-9 * m * n * k};
}

export const rate = rater('jax-js', w => w.gemm ? gemm(w.gemm, w.ta, w.tb) : w.wgan ? wgan(w.wgan) : vae());

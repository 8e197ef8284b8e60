// TensorFlow.js on its wasm backend, in one thread, as a peer of the training benchmark.
import {BATCH, IMAGES, IMAGE_BATCH, MLP, choice, layer, normal, rater, ring, uniform} from './common.mjs';

// The packages' script builds; as modules they would need a bundler.
const PACKAGES = '/peers/node_modules/@tensorflow/';
const CORE = PACKAGES + 'tfjs/dist/tf.min.js';
const WASM = PACKAGES + 'tfjs-backend-wasm/dist/';

// page.html?peer=tfjs&stock takes the framework as it comes, without what follows to help it.
const stock = new URLSearchParams(location.search).has('stock');

let tf;

export async function open() {
  for (const src of [CORE, WASM + 'tf-backend-wasm.min.js']) {
    await new Promise((done, fail) => document.head.append(Object.assign(document.createElement('script'), {src, onload: done, onerror: fail})));
  }
  tf = globalThis.tf;
  tf.wasm.setWasmPaths(WASM);
  tf.wasm.setThreadsCount(1);
  tf.enableProdMode();
  if (!await tf.setBackend('wasm')) throw new Error('no wasm backend');
  await tf.ready();
  if (!stock) transposeFirst();
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT') ? ' SIMD' : '';
  return `TensorFlow.js ${tf.version.tfjs}, wasm${simd}${stock ? '' : ', helped'}`;
}

/**
 * The backend multiplies by XNNPACK only where neither operand is transposed, and else by a plain
 * scalar loop, in which every backward pass would spend its time. Transposing such an operand first
 * makes products of 512 several times faster.
 */
function transposeFirst() {
  const product = tf.getKernel('BatchMatMul', 'wasm'), transpose = tf.getKernel('Transpose', 'wasm');
  const kernelFunc = ({inputs: {a, b}, backend, attrs: {transposeA, transposeB}}) => {
    const turned = [];
    const plain = (x, is) => {
      if (!is) return x;
      const axes = x.shape.map((_, i) => i), n = axes.length;
      [axes[n - 2], axes[n - 1]] = [n - 1, n - 2];
      const t = transpose.kernelFunc({inputs: {x}, backend, attrs: {perm: axes}});
      turned.push(t);
      return t;
    };
    const inputs = {a: plain(a, transposeA), b: plain(b, transposeB)};
    const c = product.kernelFunc({inputs, backend, attrs: {transposeA: false, transposeB: false}});
    for (const t of turned) backend.disposeData(t.dataId);
    return c;
  };
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({...product, kernelFunc});
}

const mlp = sizes => sizes.slice(1).flatMap((b, i) => {
  const [w, v] = layer(sizes[i], b);
  return [tf.variable(tf.tensor2d(w, [sizes[i], b])), tf.variable(tf.tensor1d(v))];
});

/** tf.relu derives its derivative's step function too, and so carries zeros back through all layers below. */
const relu = x => stock ? x.relu() : tf.customGrad((x, save) => {
  save([x.step()]);
  return {value: x.relu(), gradFunc: (dy, [mask]) => dy.mul(mask)};
})(x);

function apply(p, x) {
  for (let i = 0; i < p.length; i += 2) {
    x = tf.matMul(x, p[i]).add(p[i + 1]);
    if (i + 2 < p.length) x = relu(x);
  }
  return x;
}

/** One pass for fake and real together, one for the points between them. */
export function criticLoss(p, real, fake, eps, weight) {
  const n = real.shape[0];
  const mix = fake.add(eps.mul(real.sub(fake)));
  const slope = tf.grad(x => apply(p, x).sum())(mix);
  const penalty = slope.square().sum(1).sqrt().sub(1).square().mean();
  const [f, r] = tf.split(apply(p, tf.concat([fake, real])), [n, n]);
  return f.mean().sub(r.mean()).add(penalty.mul(weight));
}

/** p: the encoder's layers and then the decoder's. */
export function vaeLoss(p, x, u) {
  const n = x.shape[0], half = p.length / 2;
  const gumbel = u.add(1e-20).log().neg().add(1e-20).log().neg();
  const logits = apply(p.slice(0, half), x).reshape([n, 20, 10]);
  const out = apply(p.slice(half), logits.add(gumbel).softmax().reshape([n, 200]));
  const logP = logits.logSoftmax();
  const divergence = logP.exp().mul(logP.add(Math.log(10))).sum();
  const bernoulli = out.relu().sub(out.mul(x)).add(out.abs().neg().exp().log1p()).sum();
  return bernoulli.add(divergence).div(n);
}

/** The value and the gradients of a loss, criticLoss or vaeLoss, to compare them elsewhere. */
export function check(loss, weights, ...inputs) {
  const p = weights.map(w => tf.variable(tf.tensor(w)));
  const {value, grads} = tf.variableGrads(() => loss(p, ...inputs.map(x => Array.isArray(x) ? tf.tensor(x) : x)), p);
  return {loss: value.arraySync(), grads: p.map(v => grads[v.name].arraySync())};
}

function wgan(width) {
  const critic = mlp(MLP.critic(width)), generator = mlp(MLP.generator(width));
  const adam = () => tf.train.adam(1e-4, .5, .9, 1e-8);
  const adamD = adam(), adamG = adam();
  const z = () => tf.tensor2d(normal(2 * BATCH), [BATCH, 2]);
  const step = () => tf.tidy(() => {
    for (let i = 0; i < 5; i++) {
      tf.tidy(() => {
        const real = tf.tensor2d(ring(BATCH), [BATCH, 2]), eps = tf.tensor2d(uniform(BATCH), [BATCH, 1]);
        const fake = apply(generator, z());
        adamD.minimize(() => criticLoss(critic, real, fake, eps, .1), false, critic);
      });
    }
    adamG.minimize(() => apply(critic, apply(generator, z())).mean().neg(), false, generator);
  });
  return {step, settle: () => critic[0].data(), unit: 1};
}

function vae() {
  const p = [...mlp(MLP.encoder), ...mlp(MLP.decoder)];
  const adam = tf.train.adam(1e-3, .9, .999, 1e-8);
  const images = tf.tensor2d(uniform(IMAGES * 784), [IMAGES, 784]);
  const step = () => tf.tidy(() => {
    const x = images.gather(tf.tensor1d(choice(), 'int32')), u = tf.tensor3d(uniform(IMAGE_BATCH * 200), [IMAGE_BATCH, 20, 10]);
    adam.minimize(() => vaeLoss(p, x, u), false, p);
  });
  return {step, settle: () => p[0].data(), unit: 1};
}

function gemm([m, n, k], ta, tb) {
  const a = tf.tensor2d(uniform(m * k), ta ? [k, m] : [m, k]), b = tf.tensor2d(uniform(k * n), tb ? [n, k] : [k, n]);
  return {step: () => tf.matMul(a, b, ta, tb).dispose(), settle: () => {}, unit: 2e-9 * m * n * k};
}

export const rate = rater('TensorFlow.js', w => w.gemm ? gemm(w.gemm, w.ta, w.tb) : w.wgan ? wgan(w.wgan) : vae());

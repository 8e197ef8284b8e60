"""Writes games.json: the losses and gradients of a critic and a generator step of every pair of
networks in Gulrajani et al.'s experiments, from PyTorch in float64. Networks are small: the layers,
their order and how their weights begin are the papers'.

run: /usr/bin/python3 games.py FOLDER          (Debian: python3-torch, libopenblas0-pthread)

Nothing random: every number is value(i) of its place i, see there. A gradient is told by its norm
and its product with value(i), a parameter each, in the order in which they are declared. "off" tells
how far PyTorch itself comes off these numbers in float32: much where a hundred layers have a kink each.
"""
import json, math, os, sys, torch
import torch.nn.functional as F
torch.set_num_threads(2)
LATENT, LINE = 128, 32

def value(start, n):
    """n numbers in [-1, 1): a hash of start, start+1, ..."""
    h = torch.arange(start, start + n)
    for _ in range(2): h = ((h ^ (h >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    return ((h ^ (h >> 16)).double() / 2 ** 31 - 1).to(torch.get_default_dtype())

class Block:
    """Parameters one after another. Weights and scales are as they begin, value(i) being the uniform
    draw; what begins at 0 or has no deviation is moved by .1 value(i)."""
    def __init__(self): self.all, self.at = [], 0
    def add(self, shape, deviation=0, mean=0):
        n = math.prod(shape)
        v = mean + (deviation * math.sqrt(3) or .1) * value(self.at, n); self.at += n
        self.all.append(v.reshape(shape).requires_grad_()); return self.all[-1]

    # How weights begin: None for the layer's own rule, "glorot", "he", or a deviation.
    def linear(self, a, b, begin="glorot"):
        s = {"glorot": math.sqrt(2 / (a + b)), "he": math.sqrt(2 / a)}.get(begin, begin)
        w, c = self.add((a, b), s), self.add((b,)); return lambda x: x @ w + c

    def _kernel(self, shape, fan_in, fan_out, begin):
        return self.add(shape, {None: math.sqrt(4 / (fan_in + fan_out)), "glorot": math.sqrt(2 / (fan_in + fan_out)), "half": .5 * math.sqrt(4 / (fan_in + fan_out))}.get(begin, begin))

    def conv(self, a, b, k, stride=1, begin=None, bias=True):
        w = self._kernel((k, k, a, b), a * k * k, b * k * k // stride ** 2, begin); c = self.add((b,)) if bias else None
        def f(x):
            t = max((-(-x.shape[2] // stride) - 1) * stride + k - x.shape[2], 0)
            return F.conv2d(F.pad(x, (t // 2, t - t // 2) * 2), w.permute(3, 2, 0, 1).contiguous(), c, stride)
        return f

    def deconv(self, a, b, k=5, begin=None):
        w = self._kernel((a, k, k, b), a * k * k // 4, b * k * k, begin); c = self.add((b,))
        def f(x): # place 2i + tap - 1 for k = 5, 2i + tap for k = 3
            at, side = (k - 2) // 2, 2 * x.shape[2]
            return F.conv_transpose2d(x, w.permute(0, 3, 1, 2).contiguous(), c, 2)[:, :, at:at + side, at:at + side]
        return f

    def conv1d(self, a, b, k):
        w = self._kernel((k, a, b), a * k, b * k, None); c = self.add((b,))
        return lambda x: F.conv1d(x, w.permute(2, 1, 0).contiguous(), c, padding=k // 2)

    def batch_norm(self, c):
        s, o = self.add((c,), mean=1), self.add((c,)); return lambda x: F.batch_norm(x, None, None, s, o, True, eps=1e-5)
    def layer_norm(self, c):
        s, o = self.add((c,), mean=1), self.add((c,)); return lambda x: F.group_norm(x, 1, s, o, 1e-5)
    def no_norm(self, c): return lambda x: x

def chain(*layers):
    def f(x):
        for l in layers: x = l(x)
        return x
    return f

relu, tanh = F.relu, torch.tanh
leaky = lambda x: F.leaky_relu(x, .2)
softplus2 = lambda x: F.softplus(2 * x + 2) / 2 - 1
gate = lambda x: torch.sigmoid(x[:, :x.shape[1] // 2]) * torch.tanh(x[:, x.shape[1] // 2:])
up = lambda x: F.interpolate(x, scale_factor=2, mode="nearest")
pool = lambda x: F.avg_pool2d(x, 2)
mean = lambda x: x.mean((2, 3))
image = lambda c: lambda x: x.reshape(len(x), 4, 4, c).permute(0, 3, 1, 2)
flat = lambda x: x.permute(0, 2, 3, 1).reshape(len(x), -1)
square = lambda side, c: lambda x: x.reshape(len(x), side, side, c).permute(0, 3, 1, 2)
add = lambda a, b: lambda x: a(x) + b(x)
times = lambda k: lambda x: k * x
def to_space(x):
    n, c, h, w = x.shape
    return x.reshape(n, 2, 2, c // 4, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, c // 4, 2 * h, 2 * w)

# Each returns G(z, labels), features of the critic, its score, and its classes or None.

def mnist(g, d, dim, rule):
    norm = "batch_norm" if rule == "clip" else "no_norm"; G, D = getattr(g, norm), getattr(d, norm)
    gen = chain(g.linear(LATENT, 64 * dim), G(64 * dim), relu, image(4 * dim), g.deconv(4 * dim, 2 * dim), G(2 * dim), relu, lambda x: x[:, :, :7, :7],
                g.deconv(2 * dim, dim), G(dim), relu, g.deconv(dim, 1), torch.sigmoid, flat)
    dis = chain(square(28, 1), d.conv(1, dim, 5, 2), leaky, d.conv(dim, 2 * dim, 5, 2), D(2 * dim), leaky, d.conv(2 * dim, 4 * dim, 5, 2), D(4 * dim), leaky, flat)
    return lambda z, y: gen(z), dis, d.linear(64 * dim, 1), None

def cifar(g, d, dim, rule):
    D = d.no_norm if rule in ("penalty", "one-sided") else d.batch_norm
    gen = chain(g.linear(LATENT, 64 * dim), g.batch_norm(64 * dim), relu, image(4 * dim), g.deconv(4 * dim, 2 * dim), g.batch_norm(2 * dim), relu,
                g.deconv(2 * dim, dim), g.batch_norm(dim), relu, g.deconv(dim, 3), tanh, flat)
    dis = chain(square(32, 3), d.conv(3, dim, 5, 2), leaky, d.conv(dim, 2 * dim, 5, 2), D(2 * dim), leaky, d.conv(2 * dim, 4 * dim, 5, 2), D(4 * dim), leaky, flat)
    return lambda z, y: gen(z), dis, d.linear(64 * dim, 1), None

def resnet(g, d, dim, classes):
    first = chain(g.linear(LATENT, 16 * dim), image(dim)); blocks = []
    def norm():
        if not classes: f = g.batch_norm(dim); return lambda x, y: f(x)
        s, o = g.add((classes, dim), mean=1), g.add((classes, dim))
        return lambda x, y: F.batch_norm(x, None, None, None, None, True, eps=1e-5) * s[y][:, :, None, None] + o[y][:, :, None, None]
    for _ in range(3):
        a, b, c, e, s = norm(), g.conv(dim, dim, 3), norm(), g.conv(dim, dim, 3), g.conv(dim, dim, 1, begin="glorot")
        blocks.append(lambda x, y, a=a, b=b, c=c, e=e, s=s: e(relu(c(b(up(relu(a(x, y)))), y))) + s(up(x)))
    last = chain(g.batch_norm(dim), relu, g.conv(dim, 3, 3, begin="glorot"), tanh, flat)
    def gen(z, y):
        x = first(z)
        for f in blocks: x = f(x, y)
        return last(x)
    C = lambda a, b, k=3, **o: d.conv(a, b, k, **o)
    same = lambda: add(chain(relu, C(dim, dim), relu, C(dim, dim)), lambda x: x)
    dis = chain(square(32, 3), add(chain(C(3, dim), relu, C(dim, dim), pool), chain(pool, C(3, dim, 1, begin="glorot"))),
                add(chain(relu, C(dim, dim), relu, C(dim, dim), pool), chain(C(dim, dim, 1, begin="glorot"), pool)), same(), same(), relu, mean)
    return gen, dis, d.linear(dim, 1), d.linear(dim, classes) if classes else None

def lsun(g, d, name, dim, rule):
    D = d.layer_norm if rule in ("penalty", "one-sided") else d.batch_norm
    G = g.batch_norm
    def dc_gen(norm, act, s=.02):
        return chain(g.linear(LATENT, 128 * dim, s), image(8 * dim), norm(8 * dim), act, g.deconv(8 * dim, 4 * dim, begin=s), norm(4 * dim), act, g.deconv(4 * dim, 2 * dim, begin=s), norm(2 * dim), act,
                     g.deconv(2 * dim, dim, begin=s), norm(dim), act, g.deconv(dim, 3, begin=s), tanh, flat)
    def dc_dis(norm, act, s=.02):
        return chain(square(64, 3), d.conv(3, dim, 5, 2, s), act, d.conv(dim, 2 * dim, 5, 2, s), norm(2 * dim), act, d.conv(2 * dim, 4 * dim, 5, 2, s), norm(4 * dim), act,
                     d.conv(4 * dim, 8 * dim, 5, 2, s), norm(8 * dim), act, flat), d.linear(128 * dim, 1, s)
    if name == "baseline": gen, dis = dc_gen(G, relu), dc_dis(D, leaky)
    if name == "tanh": gen, dis = dc_gen(G, tanh), dc_dis(D, tanh)
    if name == "no-norm": gen, dis = dc_gen(g.no_norm, relu), dc_dis(d.no_norm, leaky)
    if name == "constant":
        gen = chain(g.linear(LATENT, 16 * dim), relu, image(dim), g.deconv(dim, dim), relu, g.deconv(dim, dim), relu, g.deconv(dim, dim), relu, g.deconv(dim, 3), tanh, flat); dis = dc_dis(D, leaky)
    if name == "mlp":
        w = 8 * dim
        gen = chain(g.linear(LATENT, w, "he"), relu, g.linear(w, w, "he"), relu, g.linear(w, w, "he"), relu, g.linear(w, w, "he"), relu, g.linear(w, 64 * 64 * 3), tanh); dis = dc_dis(D, leaky)
    if name == "gated":
        gen = chain(g.linear(LATENT, 256 * dim), image(16 * dim), G(16 * dim), gate, g.deconv(8 * dim, 8 * dim), G(8 * dim), gate, g.deconv(4 * dim, 4 * dim), G(4 * dim), gate,
                    g.deconv(2 * dim, 2 * dim), G(2 * dim), gate, g.deconv(dim, 3), tanh, flat)
        dis = chain(square(64, 3), d.conv(3, 2 * dim, 5, 2), gate, d.conv(dim, 4 * dim, 5, 2), D(4 * dim), gate, d.conv(2 * dim, 8 * dim, 5, 2), D(8 * dim), gate,
                    d.conv(4 * dim, 16 * dim, 5, 2), D(16 * dim), gate, flat), d.linear(128 * dim, 1)
    if name == "resnet-101":
        def bottleneck(p, norm, a, b, to):
            one = p.conv(a, a // 2, 1)
            if to == "stay": two, way = p.conv(a // 2, b // 2, 3), lambda x: x
            if to == "down": two, way = p.conv(a // 2, b // 2, 3, 2), p.conv(a, b, 1, 2, "glorot")
            if to == "up": two, way = p.deconv(a // 2, b // 2, 3), chain(p.conv(a, 4 * b, 1, begin="glorot"), to_space)
            return add(chain(relu, one, relu, two, relu, p.conv(b // 2, b, 1, bias=False), norm(b), times(.3)), way)
        c, layers = 8 * dim, [g.linear(LATENT, 128 * dim), image(8 * dim)]
        for _ in range(4):
            layers += [bottleneck(g, G, c, c, "stay") for _ in range(6)] + [bottleneck(g, G, c, c // 2, "up")]; c //= 2
        gen = chain(*layers, *[bottleneck(g, G, c, c, "stay") for _ in range(5)], g.conv(c, 3, 1, begin="glorot"), times(.2), tanh, flat)
        layers = [square(64, 3), d.conv(3, c, 1, begin="glorot")] + [bottleneck(d, D, c, c, "stay") for _ in range(5)]
        for _ in range(4):
            layers += [bottleneck(d, D, c, 2 * c, "down")] + [bottleneck(d, D, 2 * c, 2 * c, "stay") for _ in range(6)]; c *= 2
        dis = chain(*layers, flat), chain(d.linear(16 * c, 1), times(.2))
    if name == "good":
        gen = chain(g.linear(LATENT, 128 * dim), image(8 * dim), *[res_up(g, a * dim, b * dim) for a, b in ((8, 8), (8, 4), (4, 2), (2, 1))], G(dim), relu, g.conv(dim, 3, 3), tanh, flat)
        down = lambda a, b: add(chain(D(a), relu, d.conv(a, a, 3, bias=False), D(a), relu, d.conv(a, b, 3), pool), chain(pool, d.conv(a, b, 1, begin="glorot")))
        dis = chain(square(64, 3), d.conv(3, dim, 3, begin="glorot"), *[down(a * dim, b * dim) for a, b in ((1, 2), (2, 4), (4, 8), (8, 8))], flat), d.linear(128 * dim, 1)
    return lambda z, y: gen(z), *dis, None

def res_up(g, a, b, begin=None):
    return add(chain(g.batch_norm(a), relu, up, g.conv(a, b, 3, begin=begin, bias=False), g.batch_norm(b), relu, g.conv(b, b, 3)), chain(up, g.conv(a, b, 1, begin="glorot")))

def lsun128(g, d, dim):
    gen = chain(g.linear(LATENT, 128 * dim), image(8 * dim), *[res_up(g, a * dim, b * dim, "half") for a, b in ((8, 8), (8, 4), (4, 2), (2, 1))],
                g.batch_norm(dim), relu, up, g.conv(dim, 3, 5, begin="half"), tanh, flat)
    block = lambda a, b, stride, way: add(chain(d.layer_norm(a), relu, d.conv(a, a, 3, bias=False), d.layer_norm(a), relu, d.conv(a, b, 3, stride)), way())
    down = lambda a, b: block(a, b, 2, lambda: chain(pool, d.conv(a, b, 1, begin="glorot")))
    same = lambda a: block(a, a, 1, lambda: lambda x: x)
    dis = chain(square(128, 3), d.conv(3, 2 * dim, 5, 2), down(2 * dim, 4 * dim), down(4 * dim, 8 * dim), down(8 * dim, 16 * dim), same(16 * dim), same(16 * dim), mean)
    return lambda z, y: gen(z), dis, d.linear(16 * dim, 1), None

def architecture(g, d, rule, act_g, act_d, depth_g, depth_d, norm_g, norm_d, f, e):
    G = g.batch_norm if norm_g else g.no_norm
    D = (d.layer_norm if rule == "penalty" else d.batch_norm) if norm_d else d.no_norm
    deep = lambda p, norm, act, c, n: [l for _ in range(n - 4) for l in (p.conv(c, c, 3), norm(c), act)]
    gen = chain(g.linear(LATENT, 64 * f), image(4 * f), G(4 * f), act_g, g.deconv(4 * f, 2 * f), G(2 * f), act_g, *deep(g, G, act_g, 2 * f, depth_g), g.deconv(2 * f, f), G(f), act_g, g.deconv(f, 3), tanh, flat)
    dis = chain(square(32, 3), d.conv(3, e, 5, 2), act_d, d.conv(e, 2 * e, 5, 2), D(2 * e), act_d, *deep(d, D, act_d, 2 * e, depth_d), d.conv(2 * e, 4 * e, 5, 2), D(4 * e), act_d, flat)
    return lambda z, y: gen(z), dis, d.linear(64 * e, 1), None

def language(g, d, letters, width, blocks, temperature):
    block = lambda p: add(chain(relu, p.conv1d(width, width, 5), relu, p.conv1d(width, width, 5), times(.3)), lambda x: x)
    body = chain(g.linear(LATENT, LINE * width), lambda x: x.reshape(len(x), LINE, width).transpose(1, 2), *[block(g) for _ in range(blocks)], g.conv1d(width, letters, 1))
    def gen(z, y):
        logits = body(z[:, :LATENT]).transpose(1, 2)
        if not temperature: return F.softmax(logits, -1).reshape(len(z), -1)
        a, b = z[:, LATENT:].reshape(len(z), 2, -1).unbind(1)
        y = F.softmax((logits - ((a * a + b * b) / 2).log().reshape(logits.shape)) / temperature, -1)
        return (F.one_hot(y.argmax(-1), letters) + y - y.detach()).reshape(len(z), -1)
    dis = chain(lambda x: x.reshape(len(x), LINE, letters).transpose(1, 2), d.conv1d(letters, width, 1), *[block(d) for _ in range(blocks)], lambda x: x.transpose(1, 2).reshape(len(x), -1))
    return gen, dis, d.linear(LINE * width, 1), None

def told(loss, block):
    grads, at, norms, products = torch.autograd.grad(loss, block.all), 0, [], []
    for v in grads:
        v = v.reshape(-1); norms.append(float(v.norm())); products.append(float(v @ value(at, len(v)))); at += len(v)
    return {"loss": float(loss), "norms": norms, "products": products}

def game(name, make, size, objective="wasserstein", rule="penalty", batch=4, generator_batch=4, groups=1, classes=0, decay=0, latent=LATENT):
    g, d = Block(), Block(); gen, features, score, heads = make(g, d)
    critic = lambda x: score(features(x)).reshape(-1)
    n = batch * size; at = 1 << 20 # the inputs, one after another
    real = value(at, n).reshape(batch, size); at += n
    z = 2 * value(at, batch * latent).reshape(batch, latent); at += batch * latent
    eps = (value(at, batch)[:, None] + 1) / 2; at += batch
    generator_z = 2 * value(at, generator_batch * latent).reshape(generator_batch, latent)
    labels = lambda n, step: torch.arange(n) * step % classes if classes else None
    def fake(z, y): return torch.cat([gen(a, b) for a, b in zip(z.chunk(groups), y.chunk(groups) if classes else [None] * groups)])
    y = labels(batch, 1); made = fake(z, y).detach()
    mix = (eps * real + (1 - eps) * made).requires_grad_(); slope, = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)
    over = ((slope ** 2).sum(1) + 1e-12).sqrt() - 1 # as in core/wgan, where the authors add nothing
    penalty = 10 * ((relu(over) if rule == "one-sided" else over) ** 2).mean()
    D, dual = F.softplus, critic(real).mean() - critic(made).mean()
    loss = {"wasserstein": lambda: -dual, "gan": lambda: D(-critic(real)).mean() + D(critic(made)).mean(), "least-squares": lambda: (((critic(real) - 1) ** 2).mean() + (critic(made) ** 2).mean()) / 2}[objective]()
    if rule in ("penalty", "one-sided"): loss = loss + penalty
    if classes: loss = loss + F.cross_entropy(heads(features(real)), y)
    if decay: loss = loss + decay / 2 * sum((w ** 2).sum() for w in d.all if w.dim() > 1)
    of_critic = told(loss, d) | {"estimate": float(dual), "penalty": float(penalty)}
    y = labels(generator_batch, 2); made = fake(generator_z, y); v = critic(made)
    loss = {"wasserstein": lambda: -v.mean(), "gan": lambda: D(-v).mean(), "least-squares": lambda: ((v - 1) ** 2).mean()}[objective]()
    if classes: loss = loss + .1 * F.cross_entropy(heads(features(made)), y)
    return {"name": name, "critic": of_critic, "generator": told(loss, g) | {"examples": float(made.reshape(-1) @ value(0, made.numel()))}}

def off(got, want):
    """The farthest of got's numbers from want's, as core/wgan/golden_games_test.go measures it."""
    whole, far = max(want["norms"]), 0
    for k, w in want.items():
        if k in ("norms", "products"): far = max(far, *(abs(a - b) / max(n, .01 * whole) for a, b, n in zip(got[k], w, want["norms"])))
        else: far = max(far, abs(got[k] - w) / max(1, abs(w)))
    return far

def both(*args, **kwargs):
    torch.set_default_dtype(torch.float64); g = game(*args, **kwargs)
    torch.set_default_dtype(torch.float32); single = game(*args, **kwargs)
    for side in ("critic", "generator"): g[side]["off"] = off(single[side], g[side])
    print(f'{g["name"]}: off by {g["critic"]["off"]:.1e} and {g["generator"]["off"]:.1e} in float32'); return g

games = [
    both("mnist", lambda g, d: mnist(g, d, 2, "penalty"), 784),
    both("mnist clipped", lambda g, d: mnist(g, d, 2, "clip"), 784, rule="clip"),
    both("cifar", lambda g, d: cifar(g, d, 2, "penalty"), 3072),
    both("cifar one-sided", lambda g, d: cifar(g, d, 2, "one-sided"), 3072, rule="one-sided"),
    both("cifar gan", lambda g, d: cifar(g, d, 2, "none"), 3072, "gan", "none"),
    both("resnet", lambda g, d: resnet(g, d, 4, 0), 3072, generator_batch=8, groups=2),
    both("resnet ac-gan", lambda g, d: resnet(g, d, 4, 3), 3072, generator_batch=8, groups=2, classes=3),
    *[both("lsun " + n, lambda g, d: lsun(g, d, n, 4, "penalty"), 12288) for n in ("baseline", "constant", "mlp", "no-norm", "gated", "tanh", "resnet-101", "good")],
    both("lsun baseline least-squares", lambda g, d: lsun(g, d, "baseline", 4, "none"), 12288, "least-squares", "none"),
    both("lsun-128", lambda g, d: lsun128(g, d, 1), 49152),
    both("architecture", lambda g, d: architecture(g, d, "penalty", softplus2, tanh, 8, 4, True, True, 2, 3), 3072, decay=1e-3),
    both("architecture gan", lambda g, d: architecture(g, d, "none", leaky, relu, 4, 8, False, True, 3, 2), 3072, "gan", "none", decay=1e-3),
    both("language", lambda g, d: language(g, d, 7, 6, 2, 0), LINE * 7),
    both("language st-gumbel-softmax", lambda g, d: language(g, d, 7, 6, 2, .5), LINE * 7, latent=LATENT + 2 * LINE * 7),
]
with open(os.path.join(sys.argv[1], "games.json"), "w") as f: json.dump(games, f)

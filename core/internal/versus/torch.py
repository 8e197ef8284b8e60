"""PyTorch as a peer of the training benchmark.

run: /usr/bin/python3 torch.py          (Debian: python3-torch, libopenblas0-pthread)

Speaks JSON, one line each: first {"peer": name}; then for each request
{"workload": name, "seconds": s, "threads": t} either {"rate": r}, in steps a second or GFLOP/s,
or {"lacks": reason}. Ends with its input.
"""
import ctypes, json, math, os, re, sys, time

# Run as a program, this folder comes first in the path and this file would be found as "torch".
sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]
# Waiting OpenMP threads that spin take the cores from OpenBLAS's: two threads would be slower than one.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
import torch
import torch.nn.functional as F
from torch import nn


class BLAS:
    """The OpenBLAS behind torch.mm. Its threads are its own: torch.set_num_threads does not reach them."""

    def __init__(self):
        try:
            self.lib = ctypes.CDLL("libopenblas.so.0")
        except OSError:
            self.lib = None

    def name(self):
        if not self.lib:
            return "another BLAS"
        text = lambda f: ctypes.cast(f(), ctypes.c_char_p).value.decode()
        for f in (self.lib.openblas_get_config, self.lib.openblas_get_corename):
            f.restype = ctypes.c_void_p
        return f"{' '.join(text(self.lib.openblas_get_config).split()[:2])} for {text(self.lib.openblas_get_corename)}"

    def threads(self, n):
        if self.lib:
            self.lib.openblas_set_num_threads(n)


def isa():
    with open("/proc/cpuinfo") as f:
        flags = next((line for line in f if line.startswith("flags")), "").split()
    return "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "no AVX2"


def mlp(*sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])


def critic_loss(critic, real, fake, eps, weight):
    """One pass for fake and real together, one for the points between them."""
    mix = torch.lerp(fake, real, eps).requires_grad_()
    slope, = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)
    penalty = ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()
    value = critic(torch.cat([fake, real]))
    return value[:len(fake)].mean() - value[len(fake):].mean() + weight * penalty


def wgan(width, batch=256):
    generator, critic = mlp(2, width, width, width, 2), mlp(2, width, width, width, 1)
    ofG, ofD = list(generator.parameters()), list(critic.parameters())
    adamG, adamD = torch.optim.Adam(ofG, 1e-4, (.5, .9)), torch.optim.Adam(ofD, 1e-4, (.5, .9))
    centres = 1.4144 * torch.tensor([[math.cos(i * math.pi / 4), math.sin(i * math.pi / 4)] for i in range(8)])

    def step():
        for _ in range(5):
            real = centres[torch.randint(8, (batch,))] + .01414 * torch.randn(batch, 2)
            with torch.no_grad():
                fake = generator(torch.randn(batch, 2))
            loss = critic_loss(critic, real, fake, torch.rand(batch, 1), .1)
            adamD.zero_grad(set_to_none=True)
            loss.backward(inputs=ofD)
            adamD.step()
        loss = -critic(generator(torch.randn(batch, 2))).mean()
        adamG.zero_grad(set_to_none=True)
        loss.backward(inputs=ofG)
        adamG.step()

    return step


def vae_loss(encoder, decoder, x, u, tiny=1e-20):
    logits = encoder(x).view(-1, 20, 10)
    y = F.softmax(logits - torch.log(-torch.log(u + tiny) + tiny), -1).view(-1, 200)
    log_p = F.log_softmax(logits, -1)
    divergence = (log_p.exp() * (log_p + math.log(10))).sum()
    return (F.binary_cross_entropy_with_logits(decoder(y), x, reduction="sum") + divergence) / len(x)


def vae(batch=100):
    encoder, decoder = mlp(784, 512, 256, 200), mlp(200, 256, 512, 784)
    adam = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], 1e-3)
    images = torch.rand(1000, 784)

    def step():
        x = images[torch.randint(len(images), (batch,))]
        loss = vae_loss(encoder, decoder, x, torch.rand(batch, 20, 10))
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()

    return step


class Same(nn.Conv2d):
    """Padding as TensorFlow's 'SAME': the smaller half of it first."""

    def forward(self, x):
        pad = []
        for side, k, stride in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            total = max((-(-side // stride) - 1) * stride + k - side, 0)
            pad += [total // 2, total - total // 2]
        return super().forward(F.pad(x, pad) if any(pad) else x)


class Sum(nn.Module):
    """What two ways from one input add up to."""

    def __init__(self, a, b):
        super().__init__()
        self.a, self.b = a, b

    def forward(self, x):
        return self.a(x) + self.b(x)


class Scale(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.k = k

    def forward(self, x):
        return self.k * x


class Gate(nn.Module):
    def forward(self, x):
        a, b = x.chunk(2, 1)
        return torch.sigmoid(a) * torch.tanh(b)


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def layer_norm(c):
    """Over channels and places of a sample; scale and offset per channel."""
    return nn.GroupNorm(1, c)


def chain(*layers):
    return nn.Sequential(*layers)


def conv3(a, b, k=3, stride=1):
    return nn.Conv2d(a, b, k, stride, k // 2) if stride == 1 else Same(a, b, k, stride)


def conv1d(a, b):
    return nn.Conv1d(a, b, 5, padding=2)


def dcgan(channels, dim, layers, side, act, norm=False, gated=False):
    net, c = [], channels
    for i in range(layers):
        out = dim << i
        net.append(Same(c, out * (2 if gated else 1), 5, 2))
        if norm and i:
            net.append(layer_norm(out * (2 if gated else 1)))
        net.append(act())
        c, side = out, -(-side // 2)
    return chain(*net, nn.Flatten(), nn.Linear(c * side * side, 1))


def down(a, b, norm=True, strided=False):
    """A residual block that halves the sides."""
    normed = lambda c: [layer_norm(c)] if norm else []
    main = [*normed(a), nn.ReLU(), conv3(a, a), *normed(a), nn.ReLU(), conv3(a, b, 3, 2 if strided else 1)]
    return Sum(chain(*main, *([] if strided else [nn.AvgPool2d(2)])), chain(nn.AvgPool2d(2), nn.Conv2d(a, b, 1)))


def block(c, conv, norm, k=1):
    normed = lambda: [layer_norm(c)] if norm else []
    return Sum(nn.Identity(), chain(*normed(), nn.ReLU(), conv(c, c), *normed(), nn.ReLU(), conv(c, c), *([Scale(k)] if k != 1 else [])))


def bottleneck(a, b, stride):
    main = chain(nn.ReLU(), nn.Conv2d(a, a // 2, 1), nn.ReLU(), conv3(a // 2, b // 2, 3, stride), nn.ReLU(), nn.Conv2d(b // 2, b, 1, bias=False), layer_norm(b), Scale(.3))
    return Sum(main, nn.Identity() if stride == 1 else nn.Conv2d(a, b, 1, 2))


def resnet101():
    net, c = [nn.Conv2d(3, 32, 1)], 32
    for i, blocks in enumerate([5, 6, 6, 6, 6]):
        if i:
            net.append(bottleneck(c, 2 * c, 2))
            c *= 2
        net += [bottleneck(c, c, 1) for _ in range(blocks)]
    return chain(*net, nn.Flatten(), nn.Linear(8192, 1), Scale(.2))


def leaky():
    return nn.LeakyReLU(.2, inplace=True)


# The critics of Gulrajani et al., each with the shape of what it is shown.
critics = {
    "mnist": ((1, 28, 28), lambda: dcgan(1, 64, 3, 28, leaky)),
    "cifar": ((3, 32, 32), lambda: dcgan(3, 128, 3, 32, leaky)),
    "cifar-resnet": ((3, 32, 32), lambda: chain(
        Sum(chain(conv3(3, 128), nn.ReLU(), conv3(128, 128), nn.AvgPool2d(2)), chain(nn.AvgPool2d(2), nn.Conv2d(3, 128, 1))),
        down(128, 128, False), block(128, conv3, False), block(128, conv3, False), nn.ReLU(), Mean(), nn.Linear(128, 1))),
    "lsun": ((3, 64, 64), lambda: dcgan(3, 64, 4, 64, leaky, True)),
    "lsun-gated": ((3, 64, 64), lambda: dcgan(3, 64, 4, 64, Gate, True, True)),
    "lsun-tanh": ((3, 64, 64), lambda: dcgan(3, 64, 4, 64, nn.Tanh, True)),
    "lsun-101": ((3, 64, 64), resnet101),
    "lsun-good": ((3, 64, 64), lambda: chain(conv3(3, 64), down(64, 128), down(128, 256), down(256, 512), down(512, 512),
                                             nn.Flatten(), nn.Linear(8192, 1))),
    "lsun-128": ((3, 128, 128), lambda: chain(
        Same(3, 128, 5, 2), down(128, 256, True, True), down(256, 512, True, True), down(512, 1024, True, True),
        block(1024, conv3, True), block(1024, conv3, True), Mean(), nn.Linear(1024, 1))),
    "text": ((100, 32), lambda: chain(nn.Conv1d(100, 512, 1), *[block(512, conv1d, False, .3) for _ in range(5)],
                                      nn.Flatten(), nn.Linear(32 * 512, 1))),
}


def critic_step(name, batch):
    shape, make = critics[name]
    critic = make()
    parameters = list(critic.parameters())
    adam = torch.optim.Adam(parameters, 1e-4, (.5, .9))
    real, fake = torch.rand(batch, *shape) * 2 - 1, torch.rand(batch, *shape) * 2 - 1

    def step():
        loss = critic_loss(critic, real, fake, torch.rand(batch, *[1] * len(shape)), 10)
        adam.zero_grad(set_to_none=True)
        loss.backward(inputs=parameters)
        adam.step()

    return step


def gemm(m, n, k, ta, tb):
    a = torch.rand(k, m).t() if ta else torch.rand(m, k)
    b = torch.rand(n, k).t() if tb else torch.rand(k, n)
    c = torch.empty(m, n)
    return lambda: torch.mm(a, b, out=c)


def build(workload):
    """A step and what one of it counts, or nothing."""
    if g := re.fullmatch(r"gemm-(\d+)x(\d+)x(\d+)(-ta)?(-tb)?", workload):
        m, n, k = map(int, g.group(1, 2, 3))
        return gemm(m, n, k, g[4], g[5]), 2e-9 * m * n * k
    if g := re.fullmatch(r"wgan-(\d+)", workload):
        return wgan(int(g[1])), 1
    if workload == "vae":
        return vae(), 1
    if (g := re.fullmatch(r"critic-(.+)-b(\d+)", workload)) and g[1] in critics:
        return critic_step(g[1], int(g[2])), 1


def rate(step, seconds):
    """Calls a second. The clock is read about once a millisecond, however short a call is."""
    calls, chunk, start = 0, 1, time.perf_counter()
    while True:
        before = time.perf_counter()
        for _ in range(chunk):
            step()
        calls += chunk
        now = time.perf_counter()
        if now - start >= seconds:
            return calls / (now - start)
        if now - before < 5e-4:
            chunk *= 2


def main():
    blas, built = BLAS(), {}
    tell = lambda answer: print(json.dumps(answer), flush=True)
    tell({"peer": f"PyTorch {torch.__version__} with {blas.name()}, {isa()}"})
    for line in sys.stdin:
        request = json.loads(line)
        workload, threads = request["workload"], int(request["threads"])
        torch.set_num_threads(threads)
        blas.threads(threads)
        try:
            if workload not in built:
                built[workload] = build(workload)
                if built[workload]:
                    rate(built[workload][0], .3)
            if not built[workload]:
                tell({"lacks": f"PyTorch is not asked to do {workload}."})
                continue
            step, unit = built[workload]
            tell({"rate": unit * rate(step, float(request["seconds"]))})
        except (RuntimeError, MemoryError) as e:
            tell({"lacks": f"PyTorch failed at {workload}: {(str(e) or 'out of memory').splitlines()[0]}"})


if __name__ == "__main__":
    main()

"""Writes the recordings of Inception v3 into core/score/testdata: what torchvision's network gives, in float64,
with weights made by a rule that both sides know, so that no weights are kept.

run: /usr/bin/python3 inception.py     (Debian: python3-torchvision, libopenblas0-pthread)

Element i of the tensor called NAME is made of u = hash(FNV-1a of NAME, i) in [-1, 1): a kernel is u times the root
of 6 / fan in, fc.weight u times the root of 3 / 2048, fc.bias u, and of the normalisations weight is 1 + .2u, bias
.1u, running_mean .1u and running_var 1 + .5u. Pixel (y, x, c) of image n is the upper byte of the hash of ("image", its number
among patches, which are 13 wide and high in the first image and 53 in the second).
"""
import json, math, os
import numpy as np, torch
import torch.nn.functional as F
from torchvision.models import inception as tv
torch.set_default_dtype(torch.float64)
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../score/testdata")

def bits(name, index):
    h = 2166136261
    for b in name.encode(): h = (h ^ b) * 16777619 & 0xffffffff
    x = np.uint32(h) + index.astype(np.uint32) * np.uint32(0x9E3779B9)
    x ^= x >> np.uint32(16); x *= np.uint32(0x85EBCA6B); x ^= x >> np.uint32(13); x *= np.uint32(0xC2B2AE35)
    return x ^ x >> np.uint32(16)

def unit(name, shape): return (bits(name, np.arange(math.prod(shape))) >> np.uint32(8)).astype(np.float64).reshape(shape) / 2**23 - 1

def rule(name, shape):
    u = unit(name, shape)
    if name == "fc.weight": return u * math.sqrt(3 / shape[1])
    if name == "fc.bias": return u
    if name.endswith("conv.weight"): return u * math.sqrt(6 / math.prod(shape[1:]))
    return {"weight": 1 + .2 * u, "bias": .1 * u, "running_mean": .1 * u, "running_var": 1 + .5 * u}[name.split(".")[-1]]

def images(n, side):
    i, y, x, c = np.meshgrid(np.arange(n), np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    patch = 13 + 40 * i
    return bits("image", ((i * 100 + y // patch) * 100 + x // patch) * 3 + c) >> np.uint32(24)

# The graph of 2015, as the PyTorch port of FID patches torchvision's.
def mean3(x): return F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)
def port(net):
    def a(m):
        def forward(x):
            return torch.cat([m.branch1x1(x), m.branch5x5_2(m.branch5x5_1(x)), m.branch3x3dbl_3(m.branch3x3dbl_2(m.branch3x3dbl_1(x))), m.branch_pool(mean3(x))], 1)
        return forward
    def c(m):
        def forward(x):
            return torch.cat([m.branch1x1(x), m.branch7x7_3(m.branch7x7_2(m.branch7x7_1(x))),
                m.branch7x7dbl_5(m.branch7x7dbl_4(m.branch7x7dbl_3(m.branch7x7dbl_2(m.branch7x7dbl_1(x))))), m.branch_pool(mean3(x))], 1)
        return forward
    def e(m, pool):
        def forward(x):
            s, d = m.branch3x3_1(x), m.branch3x3dbl_2(m.branch3x3dbl_1(x))
            return torch.cat([m.branch1x1(x), m.branch3x3_2a(s), m.branch3x3_2b(s), m.branch3x3dbl_3a(d), m.branch3x3dbl_3b(d), m.branch_pool(pool(x))], 1)
        return forward
    for k in "bcd": b = getattr(net, "Mixed_5" + k); b.forward = a(b)
    for k in "bcde": b = getattr(net, "Mixed_6" + k); b.forward = c(b)
    net.Mixed_7b.forward = e(net.Mixed_7b, mean3)
    net.Mixed_7c.forward = e(net.Mixed_7c, lambda x: F.max_pool2d(x, 3, stride=1, padding=1))

def record(name, about, classes, side, ported, bias, normalise, **kw):
    net = tv.Inception3(num_classes=classes, aux_logits=False, init_weights=False, **kw).eval()
    state = {k: v if k.endswith("num_batches_tracked") else torch.from_numpy(rule(k, tuple(v.shape))) for k, v in net.state_dict().items()}
    if not bias: state["fc.bias"] *= 0
    net.load_state_dict(state)
    if ported: port(net)
    x = torch.from_numpy(images(2, side).astype(np.float64)).permute(0, 3, 1, 2)
    T, order = {}, ["Conv2d_4a_3x3", "Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_6a", "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e", "Mixed_7a", "Mixed_7b", "Mixed_7c"]
    for b in order: getattr(net, b).register_forward_hook(lambda m, i, o, b=b: T.update({b: torch.stack([o.mean((1, 2, 3)), (o**2).mean((1, 2, 3)).sqrt()], 1)}))
    net.avgpool.register_forward_hook(lambda m, i, o: T.update({"features": o.flatten(1)}))
    with torch.no_grad(): T["logits"] = net(normalise(x))
    for b in order: print(b, T[b].tolist())
    print(T["features"].std(1), (T["features"][0] - T["features"][1]).std(), T["logits"].std(1), torch.softmax(T["logits"], 1).max(1))
    T["features"] = T["features"][:, ::4]; T["logits"] = T["logits"][:, ::2]
    file = os.path.join(OUT, name + ".json")
    with open(file, "w") as f: json.dump({"about": about, "config": dict(side=side, classes=classes), "tensors": {k: {"shape": list(v.shape), "data": [float("%.9g" % a) for a in v.reshape(-1)]} for k, v in T.items()}}, f)
    print(file, os.path.getsize(file))

about = "Inception v3 of 2 images; blocks: mean and root mean square of each image; every 4th of the features, every 2nd of the logits"
# torchvision's transform_input expects what was normalised by ImageNet's statistics.
mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in ([.485, .456, .406], [.229, .224, .225]))
imagenet = lambda x: (x / 255 - mean) / std
record("inception_torchvision", about, 1000, 139, False, True, imagenet, transform_input=True)
record("inception_2015", about, 1008, 299, True, False, lambda x: (x - 128) / 128)

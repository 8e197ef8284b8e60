"""Writes the recording of SqueezeNet v1.0 into core/score/testdata: what torchvision's network gives with the
deep-compressed weights for the images of inception.py at 32 by 32, enlarged by Pillow's bicubic in float.

run: /usr/bin/python3 squeezenet.py FILE     (Debian: python3-torchvision, python3-pil, libopenblas0-pthread)

FILE is squeezenet_v1.0_deepcompressed.net.
"""
import json, os, sys
import numpy as np, torch
from PIL import Image
from torchvision.models import squeezenet1_0
torch.set_num_threads(1)
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../score/testdata/squeezenet.json")

def bits(name, index):
    h = 2166136261
    for b in name.encode(): h = (h ^ b) * 16777619 & 0xffffffff
    x = np.uint32(h) + index.astype(np.uint32) * np.uint32(0x9E3779B9)
    x ^= x >> np.uint32(16); x *= np.uint32(0x85EBCA6B); x ^= x >> np.uint32(13); x *= np.uint32(0xC2B2AE35)
    return x ^ x >> np.uint32(16)

def images(n, side):
    i, y, x, c = np.meshgrid(np.arange(n), np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    patch = 13 + 40 * i
    return bits("image", ((i * 100 + y // patch) * 100 + x // patch) * 3 + c) >> np.uint32(24)

b = open(sys.argv[1], "rb").read()
net = squeezenet1_0(weights=None).eval()
convs = [m for m in net.modules() if isinstance(m, torch.nn.Conv2d)]
at = 4 * len(convs)
def take(kind, n):
    global at
    v = np.frombuffer(b, kind, n, at); at += v.nbytes
    return v
for conv, n in zip(convs, np.frombuffer(b, "<u4", len(convs))):
    levels, bias, codes, gaps = take("<f4", 256), take("<f4", conv.out_channels), take("u1", n), take("u1", (n + 1) // 2)
    gaps = np.stack([gaps & 15, gaps >> 4], 1).reshape(-1)[:n].astype(int)
    w = np.zeros(conv.weight.numel(), "f4"); w[np.cumsum(gaps + 1) - 1] = levels[codes]
    conv.weight.data = torch.from_numpy(w.reshape(tuple(conv.weight.shape))); conv.bias.data = torch.from_numpy(bias.copy())
assert at == len(b)
net.classifier[1].padding = (1, 1) # as it was published
x = np.stack([np.stack([np.asarray(Image.fromarray(i[:, :, c].astype("f4")).resize((128, 128), Image.BICUBIC)) for c in (2, 1, 0)]) for i in images(2, 32)])
x = torch.from_numpy(x) - torch.tensor([104., 117, 123]).view(1, 3, 1, 1)
with torch.no_grad():
    features = net.features(x).mean((2, 3))
    p = torch.softmax(net(x), 1)
print(p.max(1), features.mean(1))
json.dump({"about": "SqueezeNet v1.0 of 2 images: probabilities and features", "config": {}, "tensors": {k: {"shape": list(v.shape), "data": [float("%.6g" % a) for a in v.reshape(-1)]} for k, v in {"p": p[:, ::4], "features": features[:, ::2]}.items()}}, open(OUT, "w"))

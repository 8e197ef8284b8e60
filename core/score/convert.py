"""Converts the weights of Inception v3 to the safetensors file that ganbel score --inception reads.

run: python3 convert.py IN OUT.safetensors

IN is one of
- classify_image_graph_def.pb of inception-2015-12-05.tgz, the graph as TensorFlow's authors published it: read here, with
  numpy only;
- a state dict that torch.load reads, named as torchvision's Inception3: the PyTorch port of FID's
  pt_inception-2015-12-05-*.pth, or torchvision's inception_v3_google-*.pth. It takes torch.

What comes out has F32 tensors named as in that state dict: NAME.conv.weight (out, in, rows, columns), NAME.bn.weight,
.bias, .running_mean and .running_var, fc.weight (classes, 2048) and fc.bias. Heads for training are left out.
"""
import json, math, struct, sys
import numpy as np

# Which node of the graph each layer is: towers are branches, in the graph's order.
def layers():
    yield from zip(["conv", "conv_1", "conv_2", "conv_3", "conv_4"], ["Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"])
    def chain(tower, name, n): return [(tower + "/conv" + (f"_{i}" if i else ""), f"{name}_{i + 1}") for i in range(n)]
    def block(k, name, *branches):
        mixed = "mixed" + (f"_{k}" if k else "")
        for tower, branch in branches: yield mixed + "/" + tower, name + "." + branch
    first, pool = ("conv", "branch1x1"), ("tower_2/conv", "branch_pool")
    for k, name in enumerate(["Mixed_5b", "Mixed_5c", "Mixed_5d"]):
        yield from block(k, name, first, *chain("tower", "branch5x5", 2), *chain("tower_1", "branch3x3dbl", 3), pool)
    yield from block(3, "Mixed_6a", ("conv", "branch3x3"), *chain("tower", "branch3x3dbl", 3))
    for k, name in enumerate(["Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"], 4):
        yield from block(k, name, first, *chain("tower", "branch7x7", 3), *chain("tower_1", "branch7x7dbl", 5), pool)
    yield from block(8, "Mixed_7a", *chain("tower", "branch3x3", 2), *chain("tower_1", "branch7x7x3", 4))
    for k, name in enumerate(["Mixed_7b", "Mixed_7c"], 9):
        fork = lambda tower, branch: [(tower + "/mixed/conv", branch + "a"), (tower + "/mixed/conv_1", branch + "b")]
        yield from block(k, name, first, *chain("tower", "branch3x3", 1), *fork("tower", "branch3x3_2"),
            *chain("tower_1", "branch3x3dbl", 2), *fork("tower_1", "branch3x3dbl_3"), pool)

# A protocol buffer as (number of the field, value) pairs: whole numbers, or bytes.
def fields(b):
    at = 0
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            value |= (b[at] & 127) << shift; shift += 7; at += 1
            if b[at - 1] < 128: return value
    while at < len(b):
        key = varint()
        kind = key & 7
        if kind == 0: yield key >> 3, varint(); continue
        size = varint() if kind == 2 else {1: 8, 5: 4}[kind]
        yield key >> 3, b[at:at + size]; at += size

# A TensorProto of floats: dtype 1, tensor_shape 2 (dim 2, size 1), tensor_content 4, float_val 5.
def array(proto):
    f = list(fields(proto))
    shape = [dict(fields(d)).get(1, 0) for n, s in f if n == 2 for m, d in fields(s) if m == 2]
    content = b"".join(v for n, v in f if n in (4, 5))
    v = np.frombuffer(content, "<f4")
    return (np.full(math.prod(shape), v[0]) if v.size == 1 else v).reshape(shape)

# The constants of a GraphDef, as TensorProtos: node 1 (name 1, attr 5 (key 1, value 2 (tensor 8))).
def constants(file):
    found = {}
    for n, node in fields(open(file, "rb").read()):
        if n != 1: continue
        node = list(fields(node))
        for m, attr in node:
            if m != 5: continue
            a = dict(fields(attr))
            tensor = dict(fields(a[2])).get(8) if a[1] == b"value" else None
            if tensor is not None: found[dict(node)[1].decode()] = tensor
    return found

def from_graph(file):
    c, out = constants(file), {}
    def take(name):
        if name not in c: sys.exit(f"{file}: there is no constant {name}: it must be classify_image_graph_def.pb of inception-2015-12-05.tgz")
        return array(c[name])
    for node, name in layers():
        out[name + ".conv.weight"] = take(node + "/conv2d_params").transpose(3, 2, 0, 1)
        for theirs, ours in [("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"), ("moving_variance", "running_var")]:
            out[f"{name}.bn.{ours}"] = take(f"{node}/batchnorm/{theirs}")
    out["fc.weight"], out["fc.bias"] = take("softmax/weights").T, take("softmax/biases")
    return out

def from_torch(file):
    import torch
    state, out = torch.load(file, map_location="cpu"), {}
    wanted = [f"{name}.{part}" for _, name in layers() for part in ("conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var")]
    for name in wanted + ["fc.weight", "fc.bias"]:
        if name not in state: sys.exit(f"{file}: there is no {name}: it must be a state dict named as torchvision's Inception3")
        out[name] = state[name].numpy()
    return out

def write(file, tensors):
    header, at, parts = {}, 0, []
    for name, v in tensors.items():
        b = np.ascontiguousarray(v, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(v.shape), "data_offsets": [at, at + len(b)]}
        parts.append(b); at += len(b)
    h = json.dumps(header).encode(); h += b" " * (-len(h) % 8)
    with open(file, "wb") as f: f.write(struct.pack("<Q", len(h)) + h + b"".join(parts))

if __name__ == "__main__":
    if len(sys.argv) != 3: sys.exit(__doc__)
    try: tensors = from_graph(sys.argv[1]) if sys.argv[1].endswith(".pb") else from_torch(sys.argv[1])
    except (OSError, ImportError): raise
    except Exception as e: sys.exit(f"{sys.argv[1]}: it is cut, or something else: {e}")
    write(sys.argv[2], tensors)

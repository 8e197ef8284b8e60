"""Writes images and the pixels that Pillow decodes of them, for core/corpus:

       python3 golden.py golden.zip          those of the tests
       python3 golden.py FILE.zip 500 7      500 of each format, of the random seed 7

   It needs Pillow, numpy, imagecodecs, tifffile (PyPI) and cjpeg of libjpeg-turbo.
   In the zip NAME is an image and NAME.want what it is to be decoded to: rows,
   columns and channels, 4 bytes each with the lowest first; then the colours laid
   on black, 3 bytes a pixel, and their grey, 1 byte a pixel."""
import io, random, struct, subprocess, sys, zipfile, zlib
import imagecodecs, numpy, tifffile
from PIL import Image, ImageOps
import PIL
from PIL import features

SIZES = [(1, 1), (1, 2), (2, 1), (1, 9), (9, 1), (2, 2), (3, 3), (3, 5), (4, 4), (5, 3), (7, 13), (8, 8), (13, 7), (15, 16), (16, 16),
         (17, 16), (16, 17), (31, 33), (33, 31), (33, 33), (47, 18), (64, 48), (65, 63)]
LARGE = SIZES[10:]


def array(rng, size, channels):
    """Noise, edges, stripes or a slope."""
    rows, cols = size
    g = numpy.random.default_rng(rng.getrandbits(32))
    y, x = numpy.mgrid[0:rows, 0:cols]
    kind = rng.randrange(5)
    if kind == 0:
        a = g.integers(0, 256, (rows, cols, channels))
    elif kind == 1:  # blocks of strong colours
        n = rng.randrange(1, 6)
        a = g.choice([0, 255], (rows // n + 1, cols // n + 1, channels)).repeat(n, 0).repeat(n, 1)[:rows, :cols]
    elif kind == 2:  # a slanting edge
        m = (x * rng.randint(-9, 9) + y * rng.randint(-9, 9) > rng.randint(-99, 99))[..., None]
        a = numpy.where(m, g.integers(0, 256, channels), g.integers(0, 256, channels))
    elif kind == 3:
        a = numpy.stack([(x * rng.randint(0, 20) + y * rng.randint(0, 20) + rng.randrange(256)) % 256 for _ in range(channels)], -1)
    else:
        a = numpy.clip(numpy.stack([x * 255 // max(cols - 1, 1), y * 255 // max(rows - 1, 1), (x + y) * 255 // max(rows + cols - 2, 1), 255 - x * 9 % 256], -1)[..., :channels]
                       + g.normal(0, 30, (rows, cols, channels)), 0, 255)
    return a.astype(numpy.uint8)


def picture(rng, mode, size=None):
    size = size or rng.choice(SIZES)
    if mode == "1":
        return Image.fromarray(array(rng, size, 1)[..., 0]).convert("1", dither=rng.choice([0, 3]))
    if mode == "P":
        p = picture(rng, rng.choice(["RGB", "L"]), size)
        return p.convert("RGB").quantize(rng.choice([2, 3, 4, 9, 16, 60, 256]))
    bands = len(Image.new(mode, (1, 1)).getbands())
    a = array(rng, size, bands)
    return Image.fromarray(a[..., 0] if bands == 1 else a, mode)


def saved(m, kind, **options):
    b = io.BytesIO()
    m.save(b, kind, **options)
    return b.getvalue()


def cjpeg(m, *options):
    return subprocess.run(["cjpeg", *options], input=saved(m, "PPM"), stdout=subprocess.PIPE, check=True).stdout


def quality(rng):
    return rng.choice([5, 10, 30, 50, 75, 85, 90, 95, 98, 100, rng.randint(5, 100)])


def jpeg(rng, i):
    """Baseline and progressive ones of Pillow's own."""
    o = dict(quality=quality(rng), progressive=rng.random() < .4, optimize=rng.random() < .5)
    if rng.random() < .3:
        o[rng.choice(["restart_marker_blocks", "restart_marker_rows"])] = rng.randint(1, 5)
    mode = rng.choice(["RGB", "RGB", "RGB", "RGB", "L", "CMYK"])
    if mode == "RGB":
        o["subsampling"] = i % 3
        o["keep_rgb"] = rng.random() < .1
        if o["keep_rgb"]:
            o["subsampling"] = 0
    name = "%s%s%s" % (mode.lower(), "" if mode != "RGB" else ["444", "422", "420"][o["subsampling"]], "p" if o["progressive"] else "")
    if rng.random() < .1:
        x = Image.Exif()
        x[274] = rng.randint(1, 8)
        o["exif"] = x
    return name, "jpg", saved(picture(rng, mode), "JPEG", **o)


FACTORS = ["1x1,1x1,1x1", "2x1,1x1,1x1", "2x2,1x1,1x1", "1x2,1x1,1x1", "4x1,1x1,1x1", "4x2,1x1,1x1", "1x4,1x1,1x1", "2x4,1x1,1x1", "3x1,1x1,1x1", "1x3,1x1,1x1", "3x2,1x1,1x1",
           "2x2,2x1,1x2", "2x2,1x2,2x1", "2x1,1x1,2x1", "2x2,2x2,1x1", "1x1,2x2,1x1", "1x2,2x1,1x1", "4x1,2x1,1x1", "2x2,2x1,2x1", "4x1,2x1,2x1", "2x2,1x2,1x2", "1x1,1x1,2x2", "2x1,2x1,2x1", "1x1,2x1,2x1", "4x1,1x1,2x1", "1x4,1x2,1x1"]


def sampled(rng, i):
    """What Pillow reads but does not write: other sampling factors, RGB, restarts."""
    f = FACTORS[i % len(FACTORS)]
    o = ["-quality", str(quality(rng)), "-sample", f]
    if rng.random() < .4:
        o.append("-progressive")
    if rng.random() < .3:
        o += ["-restart", rng.choice(["1", "2", "1B", "3B"])]
    if rng.random() < .1:
        o.append("-rgb")
    if rng.random() < .2:
        o.append("-optimize")
    return f.replace(",", "_"), "jpg", cjpeg(picture(rng, "RGB"), *o)


def inks(rng, i):
    """CMYK and YCCK."""
    a = numpy.ascontiguousarray(array(rng, rng.choice(LARGE), 4))
    out = ["YCCK", "CMYK"][i % 2]
    b = imagecodecs.jpeg8_encode(a, level=quality(rng), colorspace="CMYK", outcolorspace=out, subsampling=rng.choice(["444", "422", "420"]) if out == "YCCK" else "444")
    return out.lower(), "jpg", b


def webp(rng, i):
    mode = rng.choice(["RGB", "RGB", "RGBA", "L"])
    o = [dict(quality=quality(rng), method=rng.randint(0, 6)), dict(lossless=True, quality=rng.choice([0, 50, 100]), method=rng.randint(0, 6))][i % 3 == 2]
    if mode == "RGBA":
        o.update(alpha_quality=rng.choice([0, 50, 100]), exact=rng.random() < .5)
    name = mode.lower() + ("lossless" if "lossless" in o else "")
    if rng.random() < .05:
        size = rng.choice(LARGE)
        return name + "animated", "webp", saved(picture(rng, mode, size), "WEBP", save_all=True, append_images=[picture(rng, mode, size)], **o)
    return name, "webp", saved(picture(rng, mode), "WEBP", **o)


def rawpng(rng, depth, kind, size, interlaced, clear):
    """A PNG of any depth and kind of colour, which Pillow reads but does not write."""
    rows, cols = size
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    a = array(rng, (rows, cols), samples).astype(int)
    a = a * 257 + array(rng, (rows, cols), samples) // 7 if depth == 16 else a >> (8 - depth)
    a = numpy.clip(a, 0, (1 << depth) - 1)
    colours = 1 << min(depth, 8)

    def line(row):
        if depth == 16:
            return row.astype(">u2").tobytes()
        if depth == 8:
            return row.astype(numpy.uint8).tobytes()
        bits = "".join(format(int(v), "0%db" % depth) for v in row.reshape(-1))
        bits += "0" * (-len(bits) % 8)
        return bytes(int(bits[k:k + 8], 2) for k in range(0, len(bits), 8))

    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)] if interlaced else [(0, 0, 1, 1)]
    body = b""
    for y, x, dy, dx in passes:
        part = a[y::dy, x::dx]
        if part.size:
            body += b"".join(b"\0" + line(row) for row in part)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    b = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", cols, rows, depth, kind, 0, 0, int(interlaced)))
    if kind == 3:
        grey = rng.random() < .4
        p = [rng.randrange(256) for _ in range(colours * 3)]
        if grey:
            p = [v for v in p[:colours] for _ in range(3)]
        b += chunk(b"PLTE", bytes(p))
    if clear and kind == 3:
        b += chunk(b"tRNS", bytes(rng.choice([0, 255, rng.randrange(256)]) for _ in range(rng.randint(1, colours))))
    elif clear and kind in (0, 2):
        b += chunk(b"tRNS", a[rng.randrange(rows), rng.randrange(cols)].astype(">u2").tobytes())
    return b + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


KINDS = [(d, 0) for d in (1, 2, 4, 8, 16)] + [(8, 2), (16, 2)] + [(d, 3) for d in (1, 2, 4, 8)] + [(8, 4), (16, 4), (8, 6), (16, 6)]


def png(rng, i):
    if i % 3 == 0:
        mode = rng.choice(["1", "L", "LA", "P", "RGB", "RGBA"])
        return mode.lower(), "png", saved(picture(rng, mode), "PNG")
    depth, kind = KINDS[i // 3 % len(KINDS)]
    interlaced = rng.random() < .4
    # Pillow compares the colour that is transparent with 8 bits, whatever the depth.
    clear = rng.random() < .4 and (depth == 8 or kind == 3)
    return "depth%dkind%d%s%s" % (depth, kind, "i" if interlaced else "", "t" if clear else ""), "png", rawpng(rng, depth, kind, rng.choice(SIZES), interlaced, clear)


def gif(rng, i):
    """Frames that cover part of the canvas, with and without transparency."""
    mode = rng.choice(["P", "P", "L", "RGB", "RGBA"])
    m = picture(rng, mode)
    if i % 2:
        b = saved(m, "GIF", interlace=rng.randrange(2))
        return mode.lower(), "gif", b
    if mode in ("RGB", "RGBA"):
        m = m.convert("RGB").quantize(32)
    o = dict(interlace=rng.randrange(2))
    if rng.random() < .5:
        o["transparency"] = rng.randrange(4)
    if rng.random() < .3:
        o.update(save_all=True, append_images=[picture(rng, "P", (m.height, m.width))])
    b = bytearray(saved(m, "GIF", **o))
    # Larger canvas: the frame lies within.
    at = 13 + (3 << ((b[10] & 7) + 1) if b[10] & 128 else 0)
    while b[at] == 0x21:
        at += 2
        while b[at]:
            at += b[at] + 1
        at += 1
    dx, dy, more = rng.randrange(9), rng.randrange(9), rng.choice([0, 0, 3])
    struct.pack_into("<HH", b, 6, m.width + dx + more, m.height + dy + more)
    struct.pack_into("<HH", b, at + 1, dx, dy)
    if rng.random() < .1:  # smaller than its frame
        struct.pack_into("<HH", b, 6, 1, 1)
    return m.mode.lower() + ("t" if "transparency" in o else "") + "offset", "gif", bytes(b)


def rawbmp(rng, how):
    """What Pillow reads but does not write: 16 bits, masks, runs, OS/2, rows from above."""
    rows, cols = size = rng.choice(SIZES)
    masks, colours, packed, head = b"", b"", 0, 40
    bits = {"555": 16, "565": 16, "bgra": 32, "rgba": 32, "xbgr": 32, "24": 24, "32": 32, "v5": 32, "os2": 24, "rle8": 8, "rle4": 4, "4": 4}[how]
    if how in ("565", "bgra", "rgba", "xbgr"):
        m = {"565": (0xf800, 0x7e0, 0x1f, 0), "bgra": (0xff0000, 0xff00, 0xff, 0xff000000), "rgba": (0xff, 0xff00, 0xff0000, 0xff000000), "xbgr": (0xff000000, 0xff0000, 0xff00, 0)}[how]
        packed, head = 3, 40 if how == "565" else 56
        masks = struct.pack("<IIII", *m)[:12 if head == 40 else 16]
    if how == "v5":
        head, masks = 124, bytes(84)
    if bits <= 8:
        colours = bytes(rng.randrange(256) for _ in range(4 << bits))
    a = array(rng, size, max(bits // 8, 1))
    if bits == 4:
        a >>= 4
    body = b""
    for row in a.reshape(rows, -1):
        line = row.tobytes()
        if how == "4":
            line = bytes((x << 4) | y for x, y in zip(line[::2], line[1::2] + b"\0"))
        if how.startswith("rle"):
            out, k = b"", 0
            while k < len(row):
                n = rng.randint(1, min(9, len(row) - k))
                part = row[k:k + n].tolist()
                if n > 2 and rng.random() < .5:
                    data = bytes(part) if bits == 8 else bytes((x << 4) | y for x, y in zip(part[::2], (part + [0])[1::2]))
                    out += bytes([0, n]) + data + b"\0" * (len(data) % 2)
                elif rng.random() < .1 and k + n < len(row):
                    out += bytes([0, 2, n, 0])
                else:
                    out += bytes([n, part[0] if bits == 8 else part[0] << 4 | part[-1]])
                k += n
            body += out + b"\0\0"
        else:
            body += line + bytes(-len(line) % 4)
    if how.startswith("rle"):
        body, packed = body + b"\0\1", {"rle8": 1, "rle4": 2}[how]
    if how == "os2":
        info = struct.pack("<IHHHH", 12, cols, rows, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", head, cols, -rows if rng.random() < .3 and not packed else rows, 1, bits, packed, len(body), 0, 0, 0, 0)
    info += masks + colours
    return b"BM" + struct.pack("<IHHI", 14 + len(info) + len(body), 0, 0, 14 + len(info)) + info + body


def bmp(rng, i):
    if i % 2:
        how = ["555", "565", "bgra", "rgba", "xbgr", "24", "32", "v5", "os2", "rle8", "rle4", "4"][i // 2 % 12]
        return how, "bmp", rawbmp(rng, how)
    mode = ["1", "L", "P", "RGB", "RGBA"][i // 2 % 5]
    return mode.lower(), "bmp", saved(picture(rng, mode), "BMP")


def tiff(rng, i):
    mode = ["1", "L", "P", "RGB", "RGBA", "I;16", "RGB16", "tiles", "LA", "CMYK", "jpeg", "planes", "RGBX"][i % 13]
    c = rng.choice(["raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd"])
    if mode == "1":
        c = rng.choice(["raw", "group3", "group4", "packbits", "tiff_lzw"])
    if mode == "jpeg":
        o = {}
        if rng.random() < .5:
            o["tiffinfo"] = {278: rng.choice([8, 16])}
        return mode, "tif", saved(picture(rng, rng.choice(["L", "RGB"]), rng.choice(LARGE)), "TIFF", compression="jpeg", quality=quality(rng), **o)
    if mode in ("RGB16", "tiles", "planes"):
        b = io.BytesIO()
        a = array(rng, rng.choice(LARGE), 3)
        if mode == "planes":
            tifffile.imwrite(b, numpy.ascontiguousarray(a.transpose(2, 0, 1)), photometric="rgb", planarconfig="separate", compression=rng.choice([None, "zlib", "lzw"]), byteorder=rng.choice("<>"))
        elif mode == "RGB16":
            how = rng.choice([None, "zlib", "lzw", "packbits"])
            tifffile.imwrite(b, a.astype(numpy.uint16) * 257, photometric="rgb", compression=how, predictor=2 if how in ("zlib", "lzw") and rng.random() < .5 else None, byteorder=rng.choice("<>"))
        else:
            tifffile.imwrite(b, a, photometric="rgb", tile=(16, 32), compression=rng.choice([None, "zlib", "lzw"]), byteorder=rng.choice("<>"))
        return mode.lower(), "tif", b.getvalue()
    if mode == "I;16":
        a = array(rng, rng.choice(SIZES), 1)[..., 0].astype(numpy.uint16)
        m = Image.fromarray(a * 256 + a[::-1] // 3)
    else:
        m = picture(rng, mode)
    o = {}
    if rng.random() < .2:
        o["tiffinfo"] = {274: rng.randint(1, 8)}
    if c in ("tiff_lzw", "tiff_adobe_deflate") and rng.random() < .4 and mode not in ("1", "P"):
        o.setdefault("tiffinfo", {})[317] = 2
    b = saved(m, "TIFF", compression=c, **o)
    name = mode.lower().replace(";", "") + c.replace("tiff_", "")
    if mode in ("1", "L") and rng.random() < .5:  # white is 0
        b = bytearray(b)
        at = struct.unpack_from("<I", b, 4)[0]
        for k in range(struct.unpack_from("<H", b, at)[0]):
            if struct.unpack_from("<H", b, at + 2 + 12 * k)[0] == 262:
                struct.pack_into("<H", b, at + 10 + 12 * k, 0)
        b, name = bytes(b), name + "white0"
    return name, "tif", b


GREY = ("1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "F")


def want(b, name):
    m = Image.open(io.BytesIO(b))
    m.load()
    if name == "bmp" and m.mode == "P" and "transparency" in m.info:
        del m.info["transparency"]
    grey = m.mode in GREY or name == "png" and b[25] in (0, 4)  # Pillow makes colours of grey and alpha of 16 bits
    if m.mode.startswith("I"):  # of 16 bits the upper 8
        high = numpy.asarray(m).astype(numpy.int64) >> 8
        m = Image.fromarray(high.astype(numpy.uint8))
    if m.mode == "La":
        m = m.convert("LA")
    if m.mode in ("RGBA", "LA", "P", "PA") or "transparency" in m.info:
        r = m.convert("RGBA")
        black = Image.new("RGBA", r.size, (0, 0, 0, 255))
        whole = Image.alpha_composite(black, r).convert("RGB")
        if m.mode == "P":
            palette = numpy.array(m.palette.getdata()[1] and m.getpalette("RGBA") or []).reshape(-1, 4)
            t = m.info.get("transparency")
            if isinstance(t, bytes):
                palette[:len(t), 3] = list(t)[:len(palette)]
            elif t is not None and t < len(palette):
                palette[t, 3] = 0
            shown = palette[palette[:, 3] > 0]
            grey = bool((shown[:, 0] == shown[:, 1]).all() and (shown[:, 1] == shown[:, 2]).all())
    else:
        whole = m.convert("RGB")
    # A lone grey channel is itself: Pillow's L of three that are alike is the same.
    return struct.pack("<III", whole.height, whole.width, 1 if grey else 3) + whole.tobytes() + whole.convert("L").tobytes()


def main():
    out, n, seed = sys.argv[1], int((sys.argv + ["0", "0"])[2]), int((sys.argv + ["0", "0", "1"])[3])
    rng = random.Random(seed)
    counts = {jpeg: 24, sampled: 26, inks: 4, webp: 27, png: 48, gif: 16, bmp: 24, tiff: 52}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        def add(name, b):
            z.writestr(zipfile.ZipInfo(name), b, zipfile.ZIP_DEFLATED)
        add("README", "Pillow %s, libjpeg-turbo %s, libwebp %s, libtiff %s" % (PIL.__version__, features.version("libjpeg_turbo"), features.version("webp"), features.version("libtiff")))
        for make, few in counts.items():
            for i in range(n or few):
                name, kind, b = make(rng, i)
                name = "%s/%04d_%s.%s" % (make.__name__, i, name, kind)
                try:
                    w = want(b, kind)
                except Exception as e:  # what Pillow does not read
                    print(name, repr(e), file=sys.stderr)
                    continue
                add(name, b)
                add(name + ".want", w)


main()

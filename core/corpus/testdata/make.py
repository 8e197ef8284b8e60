"""Writes the fixtures of core/corpus with Debian's python3-lmdb and python3-pil:
   /usr/bin/python3 make.py, in this folder."""
import gzip, hashlib, io, os, shutil, tempfile
import lmdb
from PIL import Image

out = os.path.dirname(os.path.abspath(__file__))


def picture(i, rows, cols):
    """A smooth picture with a pattern, another for every i."""
    m = Image.new("RGB", (cols, rows))
    m.putdata([((x * 3 + i * 40) % 256 if (x // 16 + y // 16 + i) % 2 else y * 2 % 256, (x * y // 8 + i * 7) % 256, (255 - x - y) % 256)
               for y in range(rows) for x in range(cols)])
    return m


def encoded(m, kind, **options):
    b = io.BytesIO()
    m.save(b, kind, **options)
    return b.getvalue()


def database(name, transactions, **options):
    """Writes one LMDB file, gzipped, and a line of its levels, its keys, and the
       SHA-256 of what they lead to."""
    folder = tempfile.mkdtemp()
    env = lmdb.open(folder, map_size=1 << 27, **options)
    for change in transactions:
        with env.begin(write=True) as t:
            change(t)
    with env.begin() as t:
        content = [(bytes(k), bytes(v)) for k, v in t.cursor()]
        stat = env.stat()
    env.close()
    with open(os.path.join(folder, "data.mdb"), "rb") as f:
        b = f.read()
    with open(os.path.join(out, name + ".mdb.gz"), "wb") as f:
        f.write(gzip.compress(b, 9, mtime=0))
    sum = hashlib.sha256()
    for k, v in content:
        sum.update(b"%s %d " % (k, len(v)) + v)
    with open(os.path.join(out, "lmdb.txt"), "a") as f:
        f.write("%s %d %d %s\n" % (name, stat["depth"], len(content), sum.hexdigest()))
    shutil.rmtree(folder)
    print(name, stat, len(b))


def key(i):
    return hashlib.sha1(b"%d" % i).hexdigest().encode()


def images(t):
    """As LSUN has them: the shorter side the same, the longer one not."""
    for i in range(24):
        rows, cols = (40, 40 + 8 * (i % 3)) if i % 2 else (40 + 8 * (i % 3), 40)
        kind = ("JPEG", {"quality": 75}) if i % 3 else ("WEBP", {"quality": 75})
        t.put(key(i), encoded(picture(i, rows, cols), kind[0], **kind[1]))
    for i in range(24, 28):  # on several pages
        t.put(key(i), encoded(picture(i, 96, 128), "JPEG", quality=95))


def fewer(t):
    for i in (3, 10, 25):
        t.delete(key(i))


def more(t):
    t.put(key(100), encoded(picture(100, 40, 56), "WEBP", lossless=True))


open(os.path.join(out, "lmdb.txt"), "w").close()
database("images", [images, fewer, more])

# Long keys make branch pages on several levels; the deleted ones leave free pages.
long = lambda i: b"%0480d" % (i * 7919 % 1201)
def many(t):
    for i in range(1200):
        t.put(long(i), b"%d" % i * (1 + i % 7))
def few(t):
    for i in range(0, 1200, 3):
        t.delete(long(i))
def large(t):
    for i in range(0, 60, 3):
        t.put(long(i), b"%d," % i * 3000)
database("levels", [many, few, large])

# Keys of which some have no value, and one is no image.
def broken(t):
    for i in range(200):
        t.put(key(i), encoded(picture(i, 8, 8), "PNG"))
    t.put(key(50), b"")
    t.put(key(51), b"<html>not found</html>")
    t.put(key(52), encoded(picture(52, 32, 32), "JPEG")[:300])
database("broken", [broken])

# Another database within, and several values of a key.
folder = tempfile.mkdtemp()
env = lmdb.open(folder, map_size=1 << 20, max_dbs=2)
with env.begin(write=True) as t:
    t.put(b"x", b"y", db=env.open_db(b"within", txn=t))
env.close()
with open(os.path.join(folder, "data.mdb"), "rb") as f, open(os.path.join(out, "within.mdb.gz"), "wb") as g:
    g.write(gzip.compress(f.read(), 9, mtime=0))
shutil.rmtree(folder)

# One picture, how Pillow scales it by areas, and its grey; and one in each format.
# Pillow's box counts whole pixels only, so that each is made of several first.
m = picture(5, 60, 76)
def scaled(box, times, side):
    n = (box[2] - box[0]) * times
    return m.crop(box).resize((n, n), Image.NEAREST).resize((side, side), Image.BOX)
m.save(os.path.join(out, "picture.png"))
scaled((8, 0, 68, 60), 8, 32).save(os.path.join(out, "centre32.png"))
scaled((0, 0, 60, 60), 1, 20).save(os.path.join(out, "corner20.png"))
scaled((14, 6, 62, 54), 4, 64).save(os.path.join(out, "window48to64.png"))
m.convert("L").save(os.path.join(out, "grey.png"))
m.save(os.path.join(out, "picture.jpg"), quality=90)
m.save(os.path.join(out, "picture.webp"), quality=90)
m.save(os.path.join(out, "lossless.webp"), lossless=True)

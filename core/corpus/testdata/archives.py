"""Writes archives that Go's library reads but does not write, in this folder: with
   Python's zipfile, GNU tar and Info-ZIP's zip. Their images are 4x4 of one grey,
   another for each."""
import io, os, struct, subprocess, sys, tempfile, zipfile
from PIL import Image

out = os.path.dirname(os.path.abspath(__file__))


def image(i):
    b = io.BytesIO()
    Image.new("L", (4, 4), i).save(b, "PNG")
    return b.getvalue()


names = ["%s/%s/%d.png" % (split, c, i) for split in ("train", "val") for c in ("cat", "dog") for i in range(2)]
with zipfile.ZipFile(os.path.join(out, "methods.zip"), "w") as z:
    for i, name in enumerate(names):
        how = [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED][i % 4]
        z.writestr(zipfile.ZipInfo(name), image(i), how)

folder = tempfile.mkdtemp()
for i, name in enumerate(names):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        b = image(i)
        f.write(b[:8] + b[8:])
        if i == 0:  # a hole behind the image, which decoders pass over
            f.truncate(1 << 16)
run = lambda *args: subprocess.run(args, cwd=folder, check=True)
tar = ["tar", "--sort=name", "--owner=0", "--group=0", "--mtime=@0", "-c"]
run(*tar, "--format=v7", "--gzip", "-f", os.path.join(out, "v7.tar.gz"), "train", "val")
run(*tar, "-S", "--format=gnu", "--bzip2", "-f", os.path.join(out, "sparse.tar.bz2"), "train", "val")
run(*tar, "-S", "--format=posix", "--pax-option=delete=atime,delete=ctime", "--xz", "-f", os.path.join(out, "sparse-pax.tar.xz"), "train", "val")
target = os.path.join(out, "encrypted.zip")
if os.path.exists(target):
    os.remove(target)
run("zip", "-q", "-X", "-P", "secret", target, *names[:3])
run("zip", "-q", "-X", target, *names[3:])

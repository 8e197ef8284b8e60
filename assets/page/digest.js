// The digest of a safetensors file, as core/data/digest.go has it: the text "digest" of
// its metadata is "sha256:" and the SHA-256 of the file with the 64 digits as zeros.

const form = /^sha256:[0-9a-f]{64}$/;

// holds returns whether the file in bytes is what its digest was made of, and null for a
// file without one. header is its JSON as text, in start - 8 bytes from byte 8 on.
export function holds(bytes, meta, header, start) {
  const named = meta?.digest;
  if (Object.entries(meta ?? {}).some(([name, text]) => name !== "digest" && form.test(text))) return false; // a changed bit made it so
  if (named === undefined) return null;
  if (!form.test(named)) return false;
  if (header.split(named).length !== 2) return false;
  const from = find(bytes, named, 8, start);
  return `sha256:${sha256(bytes, from + 7, from + named.length)}` === named;
}

// find returns where text, of ASCII, begins in bytes.
function find(bytes, text, from, to) {
  for (let at = from; at <= to - text.length; at++) {
    let n = 0;
    while (n < text.length && bytes[at + n] === text.charCodeAt(n)) n++;
    if (n === text.length) return at;
  }
  return -1;
}

// The constants of SHA-256 are the fractions of the square and cube roots of primes.
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const first = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const rounds = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));

// sha256 returns the SHA-256 of bytes in hexadecimal digits, with those from zeroFrom to
// zeroTo taken as the digit 0. crypto.subtle would do it later only, and not on a page
// without TLS.
export function sha256(bytes, zeroFrom = 0, zeroTo = 0) {
  const h = Int32Array.from(first), w = new Int32Array(64);
  const size = bytes.length, blocks = (size + 72) >> 6; // with a bit, and the length in 8 bytes
  const last = new Uint8Array(64);
  for (let b = 0; b < blocks; b++) {
    let block = bytes, at = b * 64;
    if (at + 64 > size || (at < zeroTo && at + 64 > zeroFrom)) {
      last.fill(0);
      last.set(bytes.subarray(Math.min(at, size), Math.min(at + 64, size)));
      for (let i = Math.max(zeroFrom, at); i < Math.min(zeroTo, at + 64); i++) last[i - at] = 0x30;
      if (size >= at && size < at + 64) last[size - at] = 0x80;
      if (b === blocks - 1) {
        const view = new DataView(last.buffer);
        view.setUint32(56, Math.floor(size / 2 ** 29));
        view.setUint32(60, size << 3);
      }
      block = last;
      at = 0;
    }
    for (let i = 0; i < 16; i++, at += 4) w[i] = (block[at] << 24) | (block[at + 1] << 16) | (block[at + 2] << 8) | block[at + 3];
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b1, c, d, e, f, g, k] = h;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (k + s1 + ((e & f) ^ (~e & g)) + rounds[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b1) ^ (a & c) ^ (b1 & c))) | 0;
      k = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b1;
      b1 = a;
      a = (t1 + t2) | 0;
    }
    [a, b1, c, d, e, f, g, k].forEach((x, i) => (h[i] += x));
  }
  return Array.from(h, (x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

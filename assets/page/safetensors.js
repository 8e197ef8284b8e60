// Files of tensors, as core/data/safetensors.go writes them: the header's length in
// 8 bytes, the header as JSON, then the tensors' numbers one after the other. Both
// readers look at the same things in the same order and say the same of bad files, word
// for word; core/data/testdata/safetensors.json holds both to it.
import { quote } from "./points-file.js";

import { holds } from "./digest.js";

const mostHeader = 100 << 20; // bytes; the format's own bound
const mostElements = 2 ** 34; // of one tensor
const metadata = "__metadata__";
const fields = ["dtype", "shape", "data_offsets"];

// Bad is the error of a buffer that is no such file, "none", is "cut" after n of all
// bytes, or is "broken" at what, a sentence.
export class Bad extends Error {
  constructor(what, kind = "broken", names = { what }) {
    super(`not a whole safetensors file of F32 or U8 tensors: ${what}`);
    Object.assign(this, { kind, names });
  }
}

const cut = (n, all, kind = "cut") => new Bad(`it is cut: ${n} of ${all} bytes are there`, kind, { n, all });
const noJSON = () => new Bad("its header is not JSON", "none");
const list = (numbers) => `[${numbers.join(",")}]`;
const decode = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const escapes = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

// A Header reads the header's JSON, whose form is fixed, into texts, [[name, text]], and
// entries, [{name, dtype, shape, data_offsets}]. JSON.parse would take a name that comes
// twice.
class Header {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.texts = new Map();
    this.entries = [];
    if (bytes[0] !== 0x7b) throw new Bad("its header does not begin with {", "none");
    const seen = new Set();
    this.object(noJSON, (name) => {
      if (seen.has(name)) throw new Bad(`${quote(name)} is there twice`);
      seen.add(name);
      if (name === metadata) this.metadata();
      else this.entry(name);
    });
    if (this.next() !== "" || this.at < bytes.length) throw new Bad("more follows the object in its header");
  }

  // next skips white space and returns the character there, "" at the end.
  next() {
    while ([0x20, 9, 10, 13].includes(this.bytes[this.at])) this.at++;
    return this.at < this.bytes.length ? String.fromCharCode(this.bytes[this.at]) : "";
  }

  // object reads an object and calls field for every name, which reads its value. If
  // there is no object it throws what none returns.
  object(none, field) {
    if (this.next() !== "{") throw none();
    this.at++;
    if (this.next() === "}") {
      this.at++;
      return;
    }
    for (;;) {
      const name = this.string(noJSON);
      if (this.next() !== ":") throw noJSON();
      this.at++;
      field(name);
      const c = this.next();
      if (c !== "," && c !== "}") throw noJSON();
      this.at++;
      if (c === "}") return;
    }
  }

  // string reads a text. If there is none it throws what none returns.
  string(none) {
    if (this.next() !== '"') throw none();
    let text = "", from = ++this.at;
    for (; this.at < this.bytes.length; this.at++) {
      const c = this.bytes[this.at];
      if (c < 0x20) throw noJSON();
      if (c !== 0x22 && c !== 0x5c) continue;
      text += decode(this.bytes.subarray(from, this.at++));
      if (c === 0x22) return text;
      text += this.escaped();
      from = this.at--;
    }
    throw noJSON();
  }

  // escaped reads what follows a backslash.
  escaped() {
    const c = String.fromCharCode(this.bytes[this.at++]);
    if (Object.hasOwn(escapes, c)) return escapes[c];
    if (c !== "u") throw noJSON();
    const high = this.hex();
    if (high < 0xd800 || high > 0xdfff) return String.fromCharCode(high);
    if (high > 0xdbff || this.bytes[this.at] !== 0x5c || this.bytes[this.at + 1] !== 0x75) throw noJSON();
    this.at += 2;
    const low = this.hex();
    if (low < 0xdc00 || low > 0xdfff) throw noJSON();
    return String.fromCharCode(high, low);
  }

  // hex reads four hexadecimal digits.
  hex() {
    const digits = String.fromCharCode(...this.bytes.subarray(this.at, this.at + 4));
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw noJSON();
    this.at += 4;
    return parseInt(digits, 16);
  }

  metadata() {
    const bad = () => new Bad("its __metadata__ is not an object of texts");
    this.object(bad, (name) => {
      if (this.texts.has(name)) throw new Bad(`${quote(name)} is there twice in its __metadata__`);
      this.texts.set(name, this.string(bad));
    });
  }

  entry(name) {
    const e = new Map(), says = (what) => new Bad(`tensor ${quote(name)}: ${what}`);
    this.object(() => says("it is not an object"), (field) => {
      if (e.has(field)) throw says(`${field} is there twice`);
      const bad = () => says(`${field} must be a list of whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}`);
      if (field === "dtype") e.set(field, this.string(() => says("dtype must be a text")));
      else if (fields.includes(field)) e.set(field, this.whole(bad));
      else throw says(`there is a field ${quote(field)}: it must have dtype, shape and data_offsets only`);
      const n = e.get(field).length;
      if (field === "data_offsets" && n !== 2) throw says(`data_offsets must be 2 numbers, not ${n}`);
    });
    for (const field of fields) if (!e.has(field)) throw says(`${field} is missing`);
    this.entries.push({ name, ...Object.fromEntries(e) });
  }

  // whole reads a list of whole numbers. If there is none it throws what bad returns.
  whole(bad) {
    if (this.next() !== "[") throw bad();
    this.at++;
    const all = [];
    if (this.next() === "]") {
      this.at++;
      return all;
    }
    for (;;) {
      this.next();
      const from = this.at;
      while (this.bytes[this.at] >= 0x30 && this.bytes[this.at] <= 0x39) this.at++;
      const digits = decode(this.bytes.subarray(from, this.at));
      if (!/^(0|[1-9][0-9]*)$/.test(digits) || !Number.isSafeInteger(Number(digits))) throw bad();
      all.push(Number(digits));
      const c = this.next();
      if (c !== "," && c !== "]") throw bad();
      this.at++;
      if (c === "]") return all;
    }
  }
}

// fit throws if an entry is no tensor that can be read, or its shape does not fit its
// place.
function fit({ name, dtype, shape, data_offsets: [from, to] }) {
  const what = `tensor ${quote(name)}`;
  if (dtype !== "F32" && dtype !== "U8") throw new Bad(`${what} is of type ${quote(dtype)}: only F32 and U8 are read`);
  if (dtype === "U8" && shape.length !== 1) throw new Bad(`${what} is of U8 and has the shape ${list(shape)}: bytes are read in one dimension only`);
  let count = 1;
  for (const d of shape) {
    if (d > 0 && count > Math.floor(mostElements / d)) throw new Bad(`${what} of shape ${list(shape)} has more than ${mostElements} numbers`);
    count *= d;
  }
  const bytes = dtype === "F32" ? 4 * count : count;
  if (to - from !== bytes) throw new Bad(`${what} of shape ${list(shape)} takes ${bytes} bytes: it cannot lie at ${list([from, to])}`);
}

// read returns {meta, tensors, bytes, digest} of a file's buffer: its texts, the F32
// tensors as {shape, data: Float32Array}, the U8 ones as Uint8Array, and whether the file
// carries a digest of itself, which then holds. check(meta) may throw before the tensors
// are looked at. It throws a Bad if the buffer is no whole file.
export function read(buffer, check = () => {}) {
  const size = buffer.byteLength, view = new DataView(buffer);
  if (size < 8) throw cut(size, 8, "none");
  const length = view.getBigUint64(0, true);
  if (length < 2n || length > BigInt(mostHeader)) throw new Bad(`its header has ${length} bytes: it must have from 2 to ${mostHeader}`, "none");
  const start = 8 + Number(length);
  if (size < start) throw cut(size, start);
  const text = new Uint8Array(buffer, 8, start - 8);
  let header;
  try {
    header = decode(text);
  } catch {
    throw new Bad("its header is not UTF-8", "none");
  }
  const { texts, entries } = new Header(text), meta = Object.fromEntries(texts);
  check(meta);
  entries.forEach(fit);
  let end = 0;
  for (const { name, data_offsets: [from, to] } of entries.toSorted((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1])) {
    if (from !== end) throw new Bad(`tensor ${quote(name)} begins at byte ${from}: it must begin at byte ${end}, for tensors neither overlap nor leave holes`);
    end = to;
  }
  if (size < start + end) throw cut(size, start + end);
  if (size > start + end) throw new Bad("more bytes follow the last tensor");
  const digest = holds(new Uint8Array(buffer), meta, header, start);
  if (digest === false) throw new Bad("its digest is another: the file was changed or damaged");
  delete meta.digest;
  const part = ({ data_offsets: [from, to] }) => buffer.slice(start + from, start + to);
  const of = (dtype, make) => Object.fromEntries(entries.filter((e) => e.dtype === dtype).map((e) => [e.name, make(e)]));
  return {
    meta,
    tensors: of("F32", (e) => ({ shape: e.shape, data: new Float32Array(part(e)) })),
    bytes: of("U8", (e) => new Uint8Array(part(e))),
    digest: digest === true,
  };
}

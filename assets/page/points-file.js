// Files of points of the plane. core/data/points.go reads the same and says the same,
// word for word; core/data/testdata/points.json holds both to it.

export const greatest = 1e6; // of a coordinate: training squares and multiplies it in float32
export const mostBytes = 16 << 20;
const mostNamed = 10; // of the lines left out
const most = 2e5; // points

const decode = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

// quote returns text in double quotes, at most 40 characters of it, to be shown in an
// error. Control characters become U+FFFD.
export function quote(text) {
  const all = [...text];
  return `"${all.slice(0, 40).join("").replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd")}${all.length > 40 ? "…" : ""}"`;
}

const trim = (text) => text.replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, "");

// split returns the fields of a line without blanks and quotes around them, null if a
// quote is not closed, and whether a decimal comma is allowed.
function split(text) {
  const bare = text.replace(/"[^"]*"/g, "");
  if (bare.includes('"')) return { fields: null };
  const comma = bare.includes(";"), separator = comma ? ";" : bare.includes(",") ? "," : " \t\u00a0";
  const fields = [];
  let at = 0, quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    if (!quoted && separator.includes(text[i])) {
      fields.push(text.slice(at, i));
      at = i + 1;
    }
  }
  fields.push(text.slice(at));
  const kept = fields.map(trim).filter((f) => f !== "" || separator.length === 1); // several blanks are one separator
  return { comma, fields: kept.map((f) => (f.length > 1 && f.startsWith('"') && f.endsWith('"') ? trim(f.slice(1, -1)) : f)) };
}

const likeNumber = /^([0-9+−.,∞-]|$)/, noNumber = /^(nan|inf|infinity)$/i;
const number = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;

// point reads a line, which may be a heading if it is the first one. It returns null
// for one without anything, {heading: true}, {x, y}, or {error, kind}, with what and k of
// the words for that kind.
function point(bytes, first) {
  let text;
  try {
    if (bytes.includes(0)) throw new TypeError();
    text = trim(decode(bytes));
  } catch {
    return { error: "this is not UTF-8 text: save the points as UTF-8 text", kind: "text" };
  }
  if (text === "" || text[0] === "#") return null;
  const { fields, comma } = split(text);
  if (!fields) return { error: "a double quote is not closed: put one at both ends of a number, or at none", kind: "quote" };
  if (first && !fields.some((f) => likeNumber.test(f) || noNumber.test(f))) return { heading: true };
  if (fields.length !== 2) return { error: `this has ${fields.length} of 2 values: it must be two numbers, x,y`, kind: "count", k: fields.length };
  const v = [];
  for (const field of fields) {
    let digits = field.replaceAll("−", "-");
    if (comma && digits.split(",").length === 2 && !digits.includes(".")) digits = digits.replace(",", ".");
    if (!number.test(digits)) return { error: `${quote(field)} is not a number: it must be a decimal number such as -1.5 or 2e-3`, kind: "number", what: quote(field) };
    v.push(Number(digits));
    if (Math.abs(v.at(-1)) > greatest) return { error: `${quote(field)} is too large: it must be from -${greatest} to ${greatest}, so scale the points`, kind: "far", what: quote(field) };
  }
  return { x: v[0], y: v[1] };
}

// readPoints reads a text, or the bytes of a file, as core/data's ReadPoints does. It
// returns {points}, x and y in turn, or {error, line, kind}: what is wrong, the line that
// it names, 0 for none, and which of the words for people say so, with their names.
// With skip it leaves out lines that cannot be read, as ReadGoodPoints does, and returns them as skipped, {rows, lines, first}: their number, the first ten, and the first error, "" if no line was left out.
export function readPoints(from, { skip = false } = {}) {
  let bytes = typeof from === "string" ? new TextEncoder().encode(from) : new Uint8Array(from);
  if (bytes.length > mostBytes) return { error: `there are more than ${mostBytes} bytes of points: leave some out`, line: 0, kind: "bytes" };
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { error: "this is UTF-16 or UTF-32: save the points as UTF-8 text", line: 0, kind: "utf16" };
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
  const points = [], skipped = { rows: 0, lines: [], first: "" };
  let first = true;
  for (let at = 0, line = 1; at < bytes.length; line++) {
    let end = at;
    while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
    const p = point(bytes.subarray(at, end), first);
    at = end + (bytes[end] === 13 && bytes[end + 1] === 10 ? 2 : 1);
    if (p) first = false;
    if (p?.error && !skip) return { ...p, error: `line ${line}: ${p.error}`, line };
    if (p?.error) {
      if (++skipped.rows === 1) skipped.first = `line ${line}: ${p.error}`;
      if (skipped.rows <= mostNamed) skipped.lines.push(line);
      continue;
    }
    if (!p || p.heading) continue;
    if (points.length === 2 * most) return { error: `line ${line}: there are more than ${most} points: leave some out`, line, kind: "many" };
    points.push(p.x, p.y);
  }
  const none = points.length ? null : { error: "there are no points: each line must be x,y", line: 0, kind: "empty" };
  if (!skip) return none ?? { points };
  return none ? { ...none, skipped } : { points, skipped };
}

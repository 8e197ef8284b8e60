// The person's own points in a link: 16 bits for each coordinate. The value of "points"
// in a link is
//
//	240.d4.AAEC…  240 points, each coordinate a whole number of 10^-4, in base64url:
//	              x and y in turn, 16 bits each with a sign, the upper 8 bits first
//	240.b13.AAEC… the same with 2^-13, for points with more decimals
//	5000          the link lacks 5000 points, which did not fit
import { greatest } from "./points-file.js";

const longest = 2000; // characters of a link
const most = 32767; // of a coordinate
export const mostPoints = 5000; // for the page to train on

// moons are the initial points: two crescents.
export function moons() {
  const points = [];
  for (let i = 0; i < 60; i++) {
    const a = (Math.PI * i) / 59;
    points.push(Math.cos(a) - 0.5, Math.sin(a) - 0.2, 0.5 - Math.cos(a), 0.2 - Math.sin(a));
  }
  return points.map((v) => Number(v.toFixed(3)));
}

// unit returns the value of a unit such as "d4" or "b-2".
const unit = (text) => (text[0] === "d" ? 10 : 2) ** -Number(text.slice(1));

const times = (n, name) => Number((n * unit(name)).toPrecision(7)); // 1230·10^-4 is 0.123

// unitOf returns the name of a unit: the finest power of ten if all numbers are multiples
// of it that fit in 16 bits, otherwise the finest power of two with which they fit.
function unitOf(numbers) {
  const reach = numbers.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  if (reach === 0) return "d0";
  const least = (base) => Math.min(60, Math.floor(Math.log(most / reach) / Math.log(base) + 1e-12)); // digits after the point
  const fits = (name) => numbers.every((v) => Math.abs(Math.round(v / unit(name))) <= most);
  const tens = `d${least(10)}`;
  if (fits(tens) && numbers.every((v) => times(Math.round(v / unit(tens)), tens) === v)) return tens;
  const twos = least(2);
  return fits(`b${twos}`) ? `b${twos}` : `b${twos - 1}`;
}

// rounded returns numbers as a link holds them. Rounding twice changes nothing more.
export function rounded(numbers) {
  const name = unitOf(numbers);
  return numbers.map((v) => (name[0] === "d" ? v : Math.round(v / unit(name)) * unit(name)));
}

// mayFit reports whether a link may have room for numbers.
export const mayFit = (numbers) => (8 / 3) * numbers.length < longest;

// packed returns the value of "points" for x and y in turn.
function packed(points) {
  const name = unitOf(points);
  let bytes = "";
  for (const v of points) {
    const n = Math.round(v / unit(name)) & 0xffff;
    bytes += String.fromCharCode(n >> 8, n & 0xff);
  }
  return `${points.length / 2}.${name}.${btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

// withPoints adds points, x and y in turn, to the hash of a link that begins with
// address. If the link would be longer than 2,000 characters, it adds only their number.
export function withPoints(hash, points, address = "") {
  if (!points?.length) return hash;
  const whole = mayFit(points) ? `${hash}&points=${packed(points)}` : "";
  return whole && address.length + whole.length <= longest ? whole : `${hash}&points=${points.length / 2}`;
}

// carried reads the value of "points" in a link. It returns {points}, or {lacks}, the
// number of points the link lacks, or {} if the text is invalid, cut or damaged.
export function carried(text) {
  if (/^[1-9]\d{0,6}$/.test(text)) return { lacks: Number(text) };
  const [, count, name, packed] = /^([1-9]\d{0,3})\.([db]-?\d{1,2})\.([\w-]+)$/.exec(text) ?? [];
  if (!packed || Number(count) > mostPoints || packed.length !== Math.ceil((16 * count) / 3)) return {};
  const bytes = atob(packed.replaceAll("-", "+").replaceAll("_", "/")), points = [];
  for (let i = 0; i < 2 * count; i++) {
    const n = (bytes.charCodeAt(2 * i) << 24 >> 16) | bytes.charCodeAt(2 * i + 1);
    points.push(name[0] === "d" ? times(n, name) : n * unit(name));
  }
  return points.every((v) => Math.abs(v) <= greatest) ? { points } : {};
}

// sample returns n of the points, x and y in turn, in their order. Each is equally
// likely, and the same points give the same sample.
export function sample(points, n) {
  const all = points.length / 2, chosen = [];
  let seed = 1;
  const random = () => { // mulberry32
    seed = (seed + 0x6d2b79f5) | 0;
    let z = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < all && chosen.length < 2 * n; i++) {
    if (random() * (all - i) < n - chosen.length / 2) chosen.push(points[2 * i], points[2 * i + 1]);
  }
  return chosen;
}

// Numbers for people: how they are written, and where they stand on a slider.

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// power returns ten to a whole number, such as 10⁻⁴.
const power = (e) => `10${e < 0 ? "⁻" : ""}${[...String(Math.abs(e))].map((d) => raised[d]).join("")}`;

const signed = (x, text) => (x < 0 ? `−${text}` : text);

// scientific writes a number as 2×10⁻⁴. Its first factor has at most the given decimals,
// by default all that it needs.
function scientific(x, decimals) {
  const [factor, exponent] = Math.abs(x).toExponential(decimals).split("e");
  return signed(x, `${Number(factor)}×${power(Number(exponent))}`);
}

// exact writes all digits of a number, as in settings.
export const exact = (x) => (x !== 0 && Math.abs(x) < 1e-3 ? scientific(x) : signed(x, String(Math.abs(x))));

// write returns about three digits, with a true minus sign.
export function write(x, digits = 3) {
  if (x === null || x === undefined || !Number.isFinite(x)) return "–";
  const a = Math.abs(x);
  if (a !== 0 && (a < 1e-3 || a >= 1e6)) return scientific(x, digits - 2);
  if (a >= 10 ** (digits - 1)) return signed(x, a.toFixed(0));
  return signed(x, a.toFixed(Math.min(3, digits - 1 - Math.floor(Math.log10(Math.max(a, 0.01))))));
}

// tick writes one number without needless zeros.
export function tick(x) {
  if (x === 0) return "0";
  const a = Math.abs(x);
  return a < 1e-3 || a >= 1e6 ? scientific(x, 3) : signed(x, String(Number(a.toPrecision(4))));
}

// plain writes a number with the given decimals, and commas between thousands.
const plain = (x, decimals) => {
  const [before, after] = Math.abs(x).toFixed(decimals).split(".");
  return signed(x, before.replace(/\B(?=(\d{3})+$)/g, ",") + (after ? `.${after}` : ""));
};

// labels writes the rising marks of an axis, with enough digits to distinguish the
// closest two. Large and small ones share a power of ten.
export function labels(marks) {
  if (marks.length < 2) return marks.map(tick);
  const exponent = (x) => Math.floor(Math.log10(x) + 1e-9);
  if (marks.every((v) => v > 0 && Math.abs(v / 10 ** exponent(v) - 1) < 1e-9)) {
    return marks.map((v) => (v < 1e-3 || v >= 1e5 ? power(exponent(v)) : plain(v, Math.max(0, -exponent(v)))));
  }
  const most = Math.max(...marks.map(Math.abs)), apart = Math.min(...marks.slice(1).map((v, i) => v - marks[i]));
  const top = exponent(most), last = exponent(apart); // the first digit, and the one in which marks differ
  if ((top < -3 || top >= 6) && top - last <= 2) {
    const factors = marks.map((v) => Math.abs(v / 10 ** top));
    const decimals = top - last + factors.some((f) => Math.abs(f - Number(f.toFixed(top - last))) > apart / 10 ** top / 100);
    return marks.map((v, i) => (v === 0 ? "0" : signed(v, `${factors[i].toFixed(decimals)}×${power(top)}`)));
  }
  let decimals = Math.min(20, Math.max(0, -last));
  if (marks.some((v) => Math.abs(v - Number(v.toFixed(decimals))) > apart / 100)) decimals++; // such as 1.5
  return marks.map((v) => (v === 0 ? "0" : plain(v, decimals)));
}

// whole groups the digits of an integer.
export function whole(n, lang) {
  return new Intl.NumberFormat(lang).format(n);
}

// ticks returns about n round numbers within [low, high].
export function ticks(low, high, n) {
  const rough = (high - low) / n, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough * 0.999);
  const all = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) all.push(i * step || 0); // no -0
  return all;
}

// slider returns the maps between a setting's value and a position in [0, 1],
// null where a slider would be of no use. Wide ranges move by factors; one that
// begins at 0 has its least factor a ten-millionth below its end.
export function slider(setting) {
  const { kind, min, max, log } = setting;
  if (!["float", "int"].includes(kind) || max > 1e8) return null;
  const round = kind === "int" ? Math.round : (x) => Number(x.toPrecision(3));
  const wide = log || max / Math.max(min, kind === "int" ? 1 : Number(setting.default) || 1) > 200;
  if (!wide) {
    return { value: (p) => round(min + p * (max - min)), position: (x) => (x - min) / (max - min) };
  }
  const least = min > 0 ? min : kind === "int" ? 1 : max * 1e-7;
  const from = min > 0 ? 0 : 0.02; // below it stands 0
  const factor = Math.log(max / least);
  return {
    value: (p) => (p < from ? min : round(least * Math.exp(((p - from) / (1 - from)) * factor))),
    position: (x) => (x < least ? 0 : from + ((1 - from) * Math.log(x / least)) / factor),
  };
}

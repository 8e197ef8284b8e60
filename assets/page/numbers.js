// Numbers for people: how they are written, and where they stand on a slider.

// write returns about three digits, with a true minus sign.
export function write(x, digits = 3) {
  if (x === null || x === undefined || !Number.isFinite(x)) return "–";
  const a = Math.abs(x);
  let text;
  if (a !== 0 && (a < 1e-3 || a >= 1e6)) text = x.toExponential(digits - 2).replace("e+", "e");
  else if (a >= 10 ** (digits - 1)) text = x.toFixed(0);
  else text = x.toFixed(Math.min(3, digits - 1 - Math.floor(Math.log10(Math.max(a, 0.01)))));
  return text.replace(/-/g, "−");
}

// tick is write without needless zeros.
export function tick(x) {
  if (x === 0) return "0";
  const a = Math.abs(x);
  const text = a < 1e-3 || a >= 1e5 ? x.toExponential(0).replace("e+", "e") : String(Number(x.toPrecision(4)));
  return text.replace(/-/g, "−");
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

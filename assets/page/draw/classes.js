// What is known of a semi-supervised run: the style of a digit in every class, and
// which class it takes test digits for.
import { leastLarge, outline, placeClasses } from "./layout.js";
import { Sheet } from "./sheet.js";

// drawClasses draws a frame's tensors, or empty places where there are none, and
// returns where a digit is: at(x, y) is {row, column} or null.
export function drawClasses(target, tensors, w, h, s) {
  const { theme: t, scale, on, captions } = s;
  const [digits, classes] = tensors?.classes.shape ?? [16, 10], rows = tensors?.analogies.shape[0] ?? 8;
  const p = placeClasses(w, h, scale, s.large, { analogies: on("analogies"), guesses: on("guesses"), rows, classes, digits }), { text } = p;
  const made = tensors && new Sheet([tensors.analogies], t.well, t.code), given = tensors && new Sheet([tensors.digits], t.well, t.ink);
  target.group("digits", null, () => {
    const all = [...p.analogies.flat(), ...(p.guesses?.places ?? [])];
    if (!tensors) return all.forEach((r) => target.box(r, t.well));
    given.draw(target, [...p.analogies.map(([r], i) => given.part(i, r)), ...(p.guesses?.places ?? []).map((r, i) => given.part(i, r))]);
    made.draw(target, p.analogies.flatMap((row, i) => row.map((r, k) => made.part(i * (classes + 1) + k, r)).slice(1)));
  });
  if (tensors && p.guesses) target.group("guesses", null, () => p.guesses.places.forEach((r, i) => drawGuess(target, tensors, i, r, p.guesses, text, s)));
  target.group("names", null, () => {
    for (const { name, words, anchor, x, y } of p.labels) target.text(x, y, words ?? captions[name], { size: text, fill: t.ink, anchor });
  });
  return (x, y) => {
    const inside = (r) => x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
    for (const [row, places] of p.analogies.entries()) {
      const column = places.findIndex(inside);
      if (tensors && column >= 0) return { row, column };
    }
    const row = p.guesses?.places.findIndex(inside) ?? -1;
    return tensors && row >= 0 ? { row, column: 0 } : null;
  };
}

// drawGuess draws a digit's chances as bars, a ring under its true class, and the
// likeliest with a tick or, where it is wrong, a cross and a frame around the digit.
function drawGuess(target, { classes, labels }, i, r, { side, bars }, text, { theme: t, scale, large }) {
  const n = classes.shape[1], chances = classes.data.subarray(i * n, (i + 1) * n), guess = chances.indexOf(Math.max(...chances)), truth = labels.data[i];
  const at = (k) => r.x + Math.round((k * side) / n), low = r.y + side + bars, wrong = guess !== truth;
  target.box({ x: r.x, y: r.y + side + 1, w: side, h: bars - 1 }, t.well);
  chances.forEach((p, k) => {
    const high = Math.round(Math.max(0, Math.min(p, 1)) * (bars - 1));
    target.box({ x: at(k), y: low - high, w: at(k + 1) - at(k), h: high }, k === guess ? t.code : t.quiet);
  });
  target.marks("", "disc", [(at(truth) + at(truth + 1)) / 2, low + 0.32 * text], 0.19 * text, [{ stroke: t.real, width: 0.13 * text }]);
  const size = Math.max(Math.min(text, 0.62 * side), large ? leastLarge * scale : 0), y = low + 0.6 * text + 0.65 * text, x = r.x + side / 2;
  target.text(x - 0.5 * size, y, String(guess), { size, fill: t.ink, anchor: "middle" });
  const [cx, d, width] = [x + 0.4 * size, 0.28 * size, Math.max(scale, 0.13 * size)];
  if (!wrong) {
    target.path([[cx - d, y, cx - 0.3 * d, y + 0.8 * d, cx + d, y - 0.9 * d]], { stroke: t.code, width });
    return;
  }
  target.path([[cx - d, y - d, cx + d, y + d], [cx - d, y + d, cx + d, y - d]], { stroke: t.one, width });
  outline(target, r, Math.max(1, Math.round(1.5 * scale)), t.one);
}

// What is known of a run that completes digits: a row for each test digit, its
// upper half as given, itself, and completions.
import { outline, placeCompletions } from "./layout.js";
import { Sheet } from "./sheet.js";

// drawCompletions draws a frame's tensors, or empty places where there are none, and
// returns where a digit's row is: at(x, y) is {row, column} or null.
export function drawCompletions(target, tensors, w, h, s) {
  const { theme: t, scale, on, captions } = s;
  const [rows, draws] = tensors?.completions.shape ?? [8, 6];
  const names = ["given", "truth", "mean", "samples"].filter(on);
  const p = placeCompletions(w, h, scale, s.large, names, rows, draws);
  const at = { given: (i) => i, truth: (i) => i, mean: (i) => rows + i, samples: (i, k) => 2 * rows + i * draws + k };
  target.group("digits", null, () => {
    const sheet = tensors && new Sheet([tensors.digits, tensors.mean, tensors.completions], t.well, t.ink, t.code, tensors.digits.shape[1] / 2);
    const whole = tensors && new Sheet([tensors.digits], t.well, t.ink), parts = [], wholes = [];
    for (const { name, k, places } of p.columns) {
      places.forEach((r, i) => {
        const share = name === "given" ? 0.5 : 1;
        if (!sheet) target.box({ ...r, h: r.h * share }, t.well);
        else if (name === "truth") wholes.push(whole.part(i, r));
        else parts.push(sheet.part(at[name](i, k), r, share));
      });
    }
    sheet?.draw(target, parts);
    whole?.draw(target, wholes);
  });
  target.group("halves", null, () => {
    const line = Math.max(1, Math.round(scale));
    for (const { name, places } of p.columns) {
      for (const r of places) {
        if (name === "given") outline(target, { ...r, y: r.y + r.h / 2, h: r.h / 2 }, line, t.quiet);
        if (name === "mean" || name === "samples") target.box({ x: r.x, y: r.y + r.h / 2, w: r.w, h: line }, t.quiet);
      }
    }
  });
  target.group("names", null, () => {
    for (const { name, x, y } of p.labels) target.text(x, y, captions[name], { size: p.text, fill: t.ink, anchor: "middle" });
  });
  return (x, y) => {
    for (const [column, { places }] of p.columns.entries()) {
      const row = places.findIndex((r) => x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h);
      if (tensors && row >= 0) return { row, column };
    }
    return null;
  };
}

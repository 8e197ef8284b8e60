// What is known of a Gumbel run: digits, a code, and samples on a simplex.
import { blend, fade } from "./colours.js";
import { imageAt, outline, placeCode, placePanels } from "./layout.js";
import { Sheet } from "./sheet.js";

// drawPanels draws a frame's tensors, or empty places where there are none, and
// returns where a code's cells are: at(x, y) is {row, column} or null.
export function drawPanels(target, tensors, w, h, s) {
  const { theme: t, scale, on, captions } = s;
  const c = { pairs: tensors?.digits.shape[0] ?? 16, priors: tensors?.prior.shape[0] ?? 64 };
  for (const name of ["digits", "reconstructions", "prior", "code", "simplex"]) c[name] = on(name);
  const p = placePanels(w, h, scale, s.large, c), { text } = p;

  const places = [];
  for (let i = 0; i < c.pairs; i++) {
    if (c.digits) places.push([i, imageAt(p.images, i, 0)]);
    if (c.reconstructions) places.push([c.pairs + i, imageAt(p.images, i, p.images.bundle - 1)]);
  }
  if (c.prior) for (let i = 0; i < c.priors; i++) places.push([2 * c.pairs + i, imageAt(p.priors, i, 0)]);
  target.group("digits", null, () => {
    if (!tensors) return places.forEach(([, r]) => target.box(r, t.well));
    const { digits, reconstructions, prior } = tensors, sheet = new Sheet([digits, reconstructions, prior], t.well, t.ink);
    sheet.draw(target, places.map(([i, r]) => sheet.part(i, r)));
  });
  const ring = (x, y, r, width) => target.marks("", "disc", [x, y], r, [{ stroke: t.real, width }]);
  const diamond = (x, y, r) => target.marks("", "diamond", [x, y], r, [{ fill: t.fake }]);
  target.group("names", null, () => {
    if (p.images?.bundle === 2) { // which row is which
      for (let i = 0; i < c.pairs; i += p.images.columns) {
        const first = imageAt(p.images, i, 0), second = imageAt(p.images, i, 1), x = Math.floor(p.pairs.x) + 0.3 * text, r = 0.26 * text;
        ring(x, first.y + first.h / 2, r, 0.5 * r);
        diamond(x, second.y + second.h / 2, 1.2 * r);
      }
    }
    for (const { name, mark, anchor, x, y } of p.labels) {
      const words = captions[name], before = mark ? 1.17 * text : 0; // as wide as the stage's marks
      const left = anchor === "right" ? x - before - target.width(words, text) : x;
      if (mark === "ring") ring(left + 0.36 * text, y, 0.26 * text, 0.2 * text);
      if (mark === "diamond") diamond(left + 0.36 * text, y, 0.41 * text);
      target.text(left + before, y, words, { size: text, fill: t.ink });
    }
  });
  let cells = null;
  if (c.code) cells = drawCode(target, tensors, p.code, s);
  if (c.simplex) {
    target.group("simplex", null, () => {
      drawSimplex(target, { ...tensors, sample: null }, p.simplex, text, s);
    });
  }
  return cells;
}

// drawCode draws a categorical in each row, the chance of each class as colour and
// the likeliest class outlined, or bits; a cell that is selected has a second outline.
function drawCode(target, tensors, r, { theme: t, scale, selected }) {
  const { code, bits } = tensors ?? {};
  const [rows, columns] = code?.shape ?? [20, 10], { w, h, gap } = placeCode(r, rows, columns);
  const cell = (i, j, least = -Infinity) => {
    const x = Math.round(r.x + j * w), y = Math.round(r.y + i * h);
    return { x, y, w: Math.max(least, Math.round(r.x + (j + 1) * w) - x - gap), h: Math.max(least, Math.round(r.y + (i + 1) * h) - y - gap) };
  };
  target.group("code", null, () => {
    for (let i = 0; i < rows; i++) {
      let likeliest = 0;
      for (let j = 0; j < columns; j++) {
        const chance = code?.data[i * columns + j] ?? 0;
        if (code && chance > code.data[i * columns + likeliest]) likeliest = j;
        target.box(cell(i, j, 1), blend(t.well, t.code, Math.max(0, Math.min(chance, 1))));
      }
      if (code && !bits?.data[0] && Math.min(w, h) >= 4) outline(target, cell(i, likeliest), Math.max(1, Math.min(w, h) / 9), t.ink);
    }
    if (!code || !selected || selected.row >= rows || selected.column >= columns) return;
    const at = cell(selected.row, selected.column, 1), width = Math.max(2 * scale, Math.min(w, h) / 8);
    const around = (by) => ({ x: at.x - by, y: at.y - by, w: at.w + 2 * by, h: at.h + 2 * by });
    outline(target, around(2 * width), 3 * width, t.back);
    outline(target, around(1.6 * width), 1.6 * width, t.one);
  });
  return (x, y) => {
    const row = Math.floor((y - r.y) / h), column = Math.floor((x - r.x) / w);
    return code && row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
  };
}

// drawSimplex draws samples of a choice between three in a triangle: its corners are
// what is chosen from, the ring is the mean that the chances tell, and the present
// sample is larger, with the corner that it is nearest to filled.
export function drawSimplex(target, { simplex, chances, sample, temperature }, r, text, { theme: t, scale }) {
  const side = Math.max(1, Math.min(r.w - 3 * text, (r.h - 2.2 * text) / (Math.sqrt(3) / 2))), height = (side * Math.sqrt(3)) / 2;
  const left = r.x + (r.w - side) / 2, top = r.y + 0.8 * text;
  const corners = [[left, top + height], [left + side, top + height], [left + side / 2, top]];
  const at = (p, i) => [0, 1].map((k) => p[i] * corners[0][k] + p[i + 1] * corners[1][k] + p[i + 2] * corners[2][k]);
  target.path([[...corners.flat(), ...corners[0]]], { stroke: t.quiet, width: 1.5 * scale });
  target.marks("", "disc", corners.flat(), 3.5 * scale, [{ fill: t.quiet }]);
  const radius = Math.max(2, Math.min(side / scale / 90, 4)) * scale, points = [];
  for (let i = 0; i + 2 < (simplex?.data.length ?? 0); i += 3) {
    const p = at(simplex.data, i);
    if (p.every(Number.isFinite)) points.push(...p);
  }
  target.marks("samples", "diamond", points, radius, [{ fill: fade(t.code, 0.5) }]);
  if (chances) target.marks("mean", "disc", at(chances.data, 0), 2.2 * radius, [{ stroke: t.casing, width: radius + 1.8 * scale }, { stroke: t.real, width: radius }]);
  if (sample && at(sample.data, 0).every(Number.isFinite)) {
    const place = at(sample.data, 0), corner = corners[sample.data.indexOf(Math.max(...sample.data))];
    target.marks("", "disc", corner, 5.5 * scale, [{ fill: t.ink }]);
    target.path([[...place, ...corner]], { stroke: fade(t.ink, 0.55), width: 1.2 * scale });
    for (const [more, fill] of [[4.5, t.back], [2.5, t.ink], [0, t.fake]]) target.marks(more ? "" : "sample", "diamond", place, 2.6 * radius + more * scale, [{ fill }]);
  }
  const word = { size: text, fill: t.text, anchor: "middle" };
  if (side >= 2 * text) { // otherwise they would overlap
    target.text(corners[0][0], corners[0][1] + text, "1", word);
    target.text(corners[1][0], corners[1][1] + text, "2", word);
    target.text(corners[2][0] + 1.1 * text, corners[2][1], "3", word);
  }
  const tau = temperature?.data[0];
  if (tau > 0) target.text(r.x + r.w, r.y - 0.95 * text, `τ = ${Number(tau.toPrecision(3))}`, { size: text, fill: t.text, anchor: "right" });
}

// One choice between three to play with, as render/stage/categorical.go draws it:
// logits, the Gumbel noise that is added, their sum over the temperature, its
// softmax, and how often each class was chosen.
import { blend, fade } from "./colours.js";
import { drawSimplex } from "./gumbel.js";
import { outline, textSize } from "./layout.js";

// The ends of the panels' scales.
const reach = { logits: [-6, 6], gumbelNoise: [-6, 6], perturbed: [-12, 12], softSample: [0, 1], chosen: [0, 1] };

// place lays out the panels and the simplex, number for number as placeBars does: next to
// each other if the picture is wide, otherwise the simplex below two columns of bars. The
// chosen shares are left out if there is no room.
function place(w, h, scale, large) {
  const text = textSize(w, h, large) * scale, pad = 1.1 * text, head = 1.7 * text;
  w *= scale;
  h *= scale;
  const whole = { x: pad, y: 0.5 * pad, w: w - 2 * pad, h: h - pad }, bars = { ...whole };
  const row = head + 0.2 * text + 3 * 24 * scale; // a panel's height, if a finger can drag its bars
  const wide = w > 1.15 * h && whole.h >= 4 * row, columns = wide ? 1 : 2;
  const names = Object.keys(reach).slice(0, wide && whole.h >= 5 * row ? 5 : 4);
  let heights, simplex;
  if (wide) {
    bars.w = Math.floor((whole.w - 2.5 * pad) * 0.52);
    simplex = { ...whole, x: bars.x + bars.w + 2.5 * pad, w: whole.w - bars.w - 2.5 * pad };
    heights = names.map(() => whole.h / names.length);
    const high = (Math.sqrt(3) / 2) * (simplex.w - 3 * text) + 4 * text; // a triangle, centred
    if (high < simplex.h) simplex = { ...simplex, y: simplex.y + (simplex.h - high) / 2, h: high };
  } else {
    const least = 2 * row - 3 * 8 * scale; // the second row's bars are not dragged
    bars.h = Math.max(least, whole.h * 0.42);
    const more = (bars.h - least) / 2;
    heights = [row + more, row - 3 * 8 * scale + more];
    simplex = { ...whole, y: whole.y + bars.h, h: whole.h - bars.h };
  }
  const gap = 1.6 * pad, wideness = (bars.w - (columns - 1) * gap) / columns, titles = [];
  let y = bars.y;
  const panels = names.map((name, i) => {
    const x = bars.x + (i % columns) * (wideness + gap), high = heights[Math.floor(i / columns)];
    titles.push({ name, x, y: y + 0.55 * head });
    const r = { x: Math.round(x + 1.2 * text), y: Math.round(y + head), w: Math.round(wideness - 4.7 * text), h: Math.round(high - head - 0.2 * text) };
    if ((i + 1) % columns === 0) y += high;
    const [low, end] = reach[name];
    return { name, r, x: (v) => r.x + (r.w * (Math.max(low, Math.min(v, end)) - low)) / (end - low) };
  });
  simplex = { ...simplex, y: simplex.y + 1.5 * text, h: Math.max(1, simplex.h - 1.7 * text) };
  titles.push({ name: "simplex", x: simplex.x, y: simplex.y - 0.95 * text });
  return { text, panels, simplex, titles };
}

// drawCategorical draws a frame's tensors, or empty bars where there are none, and
// returns what finds the logits' bars: at(x, y, held) is {bar, value} or null; a bar
// that is held is kept to.
export function drawCategorical(target, tensors, w, h, s) {
  const { theme: t, captions } = s, { text, panels, simplex, titles } = place(w, h, s.scale, s.large);
  const three = (name) => tensors?.[name]?.data ?? null;
  const counts = three("counts"), all = counts && Math.max(1, counts[0] + counts[1] + counts[2]);
  const looks = {
    logits: [three("logits"), fade(t.ink, 0.75)], gumbelNoise: [three("noise"), blend(t.quiet, t.ink, 0.3)], perturbed: [three("perturbed"), fade(t.ink, 0.75)],
    softSample: [three("sample"), t.code], chosen: [counts && Array.from(counts, (n) => n / all), fade(t.code, 0.55)],
  };
  for (const { name, x, y } of titles) target.text(x, y, captions[name], { size: text, fill: t.ink });
  for (const panel of panels) {
    target.group(panel.name, null, () => drawBars(target, panel, ...looks[panel.name], { ...s, text, hard: three("hard"), chances: three("chances") }));
  }
  target.group("simplex", null, () => {
    drawSimplex(target, { simplex: tensors?.cloud, chances: tensors?.chances, sample: tensors?.sample, temperature: tensors?.temperature }, simplex, text, s);
  });
  const { r } = panels[0], slack = 12 * s.scale, [low, high] = reach.logits;
  return (x, y, held) => {
    const bar = held?.bar ?? Math.floor(((y - r.y) / r.h) * 3);
    if (!tensors || (!held && !(bar >= 0 && bar < 3 && x >= r.x - slack && x <= r.x + r.w + slack))) return null;
    return { bar, value: Math.max(low, Math.min(low + ((x - r.x) / r.w) * (high - low), high)) };
  };
}

function written(v) {
  const a = Math.abs(v), text = a.toFixed(a >= 99.5 ? 0 : a >= 9.95 ? 1 : 2);
  return v < 0 && text !== "0.00" ? `−${text}` : text;
}

function drawBars(target, { name, r, x }, values, colour, { theme: t, scale, text, hard, chances }) {
  const hair = Math.max(1, Math.round(scale)), zero = Math.round(x(0));
  for (let k = 0; k < 3; k++) {
    const top = Math.round(r.y + (k * r.h) / 3), row = Math.round(r.y + ((k + 1) * r.h) / 3) - top;
    const thick = Math.round(Math.min(row * 0.62, 2 * text)), y = top + Math.round((row - thick) / 2);
    target.box({ x: r.x, y, w: r.w, h: thick }, t.well);
    const label = (words, at) => target.text(at, top + row / 2, words, { size: text, fill: t.text, anchor: "right" });
    label(String(k + 1), r.x - 0.5 * text);
    const v = values?.[k];
    if (!Number.isFinite(v)) continue;
    const end = x(v);
    target.box({ x: Math.min(zero, end), y, w: Math.abs(end - zero), h: thick }, colour);
    label(written(v), r.x + r.w + 2.9 * text);
    if (name === "logits") { // a grip at its end
      const side = Math.round(Math.min(thick + 2 * scale, 16 * scale)), gx = Math.round(end - side / 2), gy = y + Math.round((thick - side) / 2);
      target.box({ x: gx - 2 * scale, y: gy - 2 * scale, w: side + 4 * scale, h: side + 4 * scale }, t.back);
      outline(target, { x: gx, y: gy, w: side, h: side }, 2 * scale, t.ink);
    }
    if (name === "softSample" && hard?.[k] > 0.5) { // the hard one beside it
      outline(target, { x: r.x - 2 * hair, y: y - 2 * hair, w: r.w + 4 * hair, h: thick + 4 * hair }, 2 * hair, t.ink);
    }
    if (name === "chosen" && chances) { // beside what it tends to
      const radius = Math.min(0.36 * thick, 7 * scale);
      target.marks("", "disc", [x(chances[k]), y + thick / 2], radius, [{ stroke: t.casing, width: 0.5 * radius + 2 * scale }, { stroke: t.real, width: 0.5 * radius }]);
    }
  }
  target.box({ x: zero - hair / 2, y: r.y, w: hair, h: r.h }, blend(t.quiet, t.ink, 0.35));
}

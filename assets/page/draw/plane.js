// What is known of a WGAN run, drawn on its plane.
import { blend, fade, heat, heatColour, rgb } from "./colours.js";
import { bounds, contours, isolines, refine, simplify } from "./field.js";
import { barY, leastLarge, octaves, outline } from "./layout.js";
import { labels, tick } from "../numbers.js";

const logBounds = 4; // the logarithm of the gradient norm, base 2, is kept within these
const finest = 128; // lattice points a side of a field as it is drawn, unless it comes finer

// has reports whether a frame has a tensor of some rank.
const has = (t, rank) => t?.shape?.length === rank && t.data.length > 0;

// Plane is one run's tensors, made ready to be drawn.
export class Plane {
  constructor(tensors) {
    this.tensors = tensors;
    this.view = tensors.view?.data[0] > 0 ? tensors.view.data[0] : 2;
  }

  points(name) {
    return has(this.tensors[name], 2) ? this.tensors[name].data : [];
  }

  // field returns the critic, or the logarithm of its gradient's norm, refined.
  field(name) {
    const t = this.tensors[name];
    if (!has(t, 2) || t.shape[0] < 2) return null;
    this.fields ??= {};
    return (this.fields[name] ??= (() => {
      const n = t.shape[0], factor = Math.max(1, Math.min(4, Math.floor((finest - 1) / (n - 1))));
      const from = name === "slope" ? new Float64Array(t.data).map((v) => Math.max(-logBounds, Math.min(Math.log2(v), logBounds))) : t.data;
      return { values: refine(from, n, factor), side: (n - 1) * factor + 1 };
    })());
  }

  // lines returns the critic's contour lines, {level, bold, lines} of each.
  lines() {
    const critic = this.tensors.critic, field = this.field("critic");
    if (!field) return [];
    return (this.contours ??= (() => {
      const { levels, bold } = contours(critic.data, this.signed ? 0 : undefined);
      const lines = isolines(field.values, field.side, levels);
      return levels.map((level, i) => ({ level, bold: i === bold, lines: lines[i] }));
    })());
  }

  // ranges says what the fields reach, as the stage does.
  ranges() {
    if (!this.field("critic")) return null;
    const [slopeMin, slopeMax] = bounds(this.points("slope")), [criticMin, criticMax] = bounds(this.points("critic"));
    return { low: 2 ** -octaves, high: 2 ** octaves, slopeMin, slopeMax, criticMin, criticMax, levels: this.lines().map((l) => l.level) };
  }
}

// difference is the plane, a signed one, of what a critic says above another, null where they
// were not asked at the same places.
export function difference(a, b) {
  const [p, q] = [a.tensors.critic, b.tensors.critic];
  if (!has(p, 2) || !has(q, 2) || p.data.length !== q.data.length || a.view !== b.view) return null;
  const plane = new Plane({ view: a.tensors.view, critic: { shape: p.shape, data: p.data.map((v, i) => v - q.data[i]) } });
  plane.signed = true;
  return plane;
}

// fitted returns a title cut to its room.
export function fitted(target, title, { w, size }) {
  if (target.width(title, size) <= w) return title;
  const letters = [...title];
  while (letters.length && target.width(letters.join("") + "…", size) > w) letters.pop();
  return letters.join("").trimEnd() + "…";
}

// drawPlane draws a plane where at says, with a title. s is a Picture's state.
export function drawPlane(target, plane, at, title, s) {
  const { plot, text } = at, { theme: t, scale, on } = s, hair = Math.max(1, Math.round(scale));
  const heated = on("slope") && plane.field("slope") !== null && !plane.signed;
  target.group("grid", null, () => {
    for (const v of at.ticks) {
      const x = Math.round(at.x(v)), y = Math.round(at.y(v)), long = 4 * hair;
      if (Math.abs(v) < plane.view * 0.999) { // a quiet grid
        target.box({ x: x - hair / 2, y: plot.y, w: hair, h: plot.h }, fade(t.quiet, 0.3));
        target.box({ x: plot.x, y: y - hair / 2, w: plot.w, h: hair }, fade(t.quiet, 0.3));
      }
      target.box({ x: x - hair / 2, y: plot.y + plot.h, w: hair, h: long }, t.quiet);
      target.box({ x: plot.x - long, y: y - hair / 2, w: long, h: hair }, t.quiet);
    }
    for (const v of at.numbers) {
      const number = tick(v);
      if (at.below) target.text(at.x(v), plot.y + plot.h + 1.2 * text, number, { size: text, fill: t.text, anchor: "middle" });
      if (at.beside) target.text(plot.x - 0.6 * text, at.y(v), number, { size: text, fill: t.text, anchor: "right" });
    }
  });
  target.group("plane", plot, () => {
    if (heated) drawHeat(target, plane, at, s);
    if (heated) drawUnit(target, plane, at, s);
    if (plane.signed) drawBelow(target, plane, at, s);
    if (on("contours") || plane.signed) drawContours(target, plane, at, s, heated);
    if (on("warp")) drawWarp(target, plane, at, s);
  });
  if (at.bar) drawBar(target, at, s, hair);
  target.group("frame", null, () => {
    outline(target, { x: plot.x - hair, y: plot.y - hair, w: plot.w + 2 * hair, h: plot.h + 2 * hair }, hair, t.quiet);
    if (title && at.title) target.text(at.title.x, at.title.y, fitted(target, title, at.title), { size: at.title.size, fill: t.ink, anchor: "middle", bold: true });
  });
  target.group("points", plot, () => drawPoints(target, plane, at, s, heated));
}

// drawField draws a field as an image: at(value) is the index of a colour among
// colours, which are red, green, blue and alpha in turn.
function drawField(target, { values, side }, { plot }, colours, at) {
  const pixels = new Uint8ClampedArray(4 * side * side), words = new Uint32Array(pixels.buffer), ink = new Uint32Array(new Uint8ClampedArray(colours).buffer);
  for (let i = 0, k = 0; i < side; i++) { // row 0 of a field is at the bottom
    for (let j = 0, from = (side - 1 - i) * side; j < side; j++) words[k++] = ink[at(values[from + j])];
  }
  // A lattice point is the middle of a pixel, and the first is on the plot's rim.
  const half = plot.w / (side - 1) / 2;
  target.images(pixels, side, [[0, 0, side, side, plot.x - half, plot.y - half, plot.w + 2 * half, plot.h + 2 * half]], true);
}

function drawHeat(target, plane, at, { theme: t }) {
  const ramp = Array.from({ length: 256 }, (_, i) => [...heat(i / 255), 255 * t.heat]).flat();
  drawField(target, plane.field("slope"), at, ramp, (v) => Math.max(0, Math.min(Math.round((v / (2 * octaves) + 0.5) * 255), 255)));
}

// drawBelow shades where a difference is below 0.
function drawBelow(target, plane, at, { theme: t }) {
  drawField(target, plane.field("critic"), at, [...rgb(t.ink), 0, ...rgb(t.ink), 0.09 * 255], (v) => (v < 0 ? 1 : 0));
}

// onPlot takes lines from a field's lattice to the picture, with few points.
function onPlot(lines, side, { plot }, scale) {
  const unit = plot.w / (side - 1);
  return lines.map((line) => simplify(line, (0.15 * scale) / unit).map((v, i) => (i % 2 ? plot.y + plot.h - v * unit : plot.x + v * unit)));
}

const thickness = (at, scale) => scale * Math.max(1, Math.min(at.plot.w / scale / 560, 1.6));

function drawContours(target, plane, at, s, heated) {
  const { theme: t, scale } = s, thin = thickness(at, scale), side = plane.field("critic")?.side;
  const [ink, casing] = heated ? [fade("#ffffff", 0.85), fade("#0b1a2c", 0.35)] : [fade(t.ink, 0.62), null];
  const all = plane.lines().map((c) => ({ ...c, path: onPlot(c.lines, side, at, scale), width: thin * (!c.bold ? 1 : plane.signed ? 3 : 2.2) }));
  target.group("contours", null, () => {
    for (const { path, width } of all) {
      if (casing) target.path(path, { stroke: casing, width: width + 2.4 * thin });
      target.path(path, { stroke: ink, width });
    }
  });
  if (s.on("labels")) drawLevels(target, plane, all, at, s, heated);
}

// drawLevels writes their numbers on the contour lines, where they run level and
// there is room between the points.
function drawLevels(target, plane, contours, at, { theme: t, scale, large, on }, heated) {
  const { plot } = at, size = at.text && Math.max(0.85 * at.text, large ? leastLarge * scale : 0), taken = [];
  if (!size || contours.length < 2) return;
  for (const name of ["real", "fake"]) {
    const points = on("samples") && on(name) ? plane.points(name) : [];
    for (let i = 0; i + 1 < points.length; i += 2) taken.push([at.x(points[i]), at.y(points[i + 1]), 1.6, 0.9]);
  }
  const numbers = labels(contours.map(({ level }) => level));
  for (const [i, { path }] of contours.entries()) {
    let best = null, most = 0;
    for (const line of path) {
      if (line.length < 10) continue;
      for (let k = 0; k + 3 < line.length; k += 2) {
        const [x0, y0, x1, y1] = line.slice(k, k + 4), x = (x0 + x1) / 2, y = (y0 + y1) / 2, good = Math.abs(x1 - x0) / (1 + Math.abs(y1 - y0));
        if (good <= most || Math.min(x - plot.x, plot.x + plot.w - x) < 2 * size || Math.min(y - plot.y, plot.y + plot.h - y) < size) continue;
        if (!taken.some(([px, py, w, h]) => Math.abs(px - x) < w * size && Math.abs(py - y) < h * size)) [best, most] = [[x, y], good];
      }
    }
    if (!best) continue;
    taken.push([...best, 4, 2]);
    target.text(...best, numbers[i], { size, anchor: "middle", fill: heated ? "#ffffff" : t.ink, halo: heated ? "#0b1a2ccc" : fade(t.back, 0.85) });
  }
}

// drawUnit draws the line where the gradient's norm is 1.
function drawUnit(target, plane, at, { theme: t, scale }) {
  const { values, side } = plane.field("slope"), thin = thickness(at, scale);
  const path = onPlot(isolines(values, side, [0])[0], side, at, scale);
  target.group("one", null, () => {
    target.path(path, { stroke: fade("#0b1a2c", 0.35), width: 4.9 * thin });
    target.path(path, { stroke: t.one, width: 2.5 * thin });
  });
}

// drawWarp draws where the generator sends a lattice.
function drawWarp(target, plane, at, { theme: t, scale }) {
  const warp = plane.tensors.warp;
  if (!has(warp, 3) || warp.shape[0] !== warp.shape[1]) return;
  const n = warp.shape[0], lines = [], d = warp.data;
  const run = (index) => {
    let line = [];
    for (let k = 0; k <= n; k++) {
      const i = k < n ? 2 * index(k) : -1, fits = k < n && Math.abs(d[i]) + Math.abs(d[i + 1]) < 1e3 * plane.view; // and is a number
      if (fits) line.push(at.x(d[i]), at.y(d[i + 1]));
      else if (line.length) {
        lines.push(line);
        line = [];
      }
    }
  };
  for (let i = 0; i < n; i++) {
    run((k) => i * n + k);
    run((k) => k * n + i);
  }
  target.group("warp", null, () => {
    target.path(lines, { stroke: t.back, width: 2.6 * scale });
    target.path(lines, { stroke: t.code, width: 1.2 * scale });
  });
}

const slopes = [[0.25, "¼"], [0.5, "½"], [1, "1"], [2, "2"], [4, "4"]];

function drawBar(target, { bar, text }, { theme: t, captions }, hair) {
  target.group("bar", null, () => {
    const steps = 64;
    for (let i = 0; i < steps; i++) {
      const top = Math.round(bar.y + (bar.h * i) / steps), end = Math.round(bar.y + (bar.h * (i + 1)) / steps);
      target.box({ x: bar.x, y: top, w: bar.w, h: end - top }, blend(t.back, heatColour(1 - (i + 0.5) / steps), t.heat));
    }
    for (const [value, words] of slopes) {
      const y = Math.round(barY(bar, value));
      if (value === 1) {
        target.box({ x: bar.x, y: y - 2.5 * hair, w: bar.w, h: 5 * hair }, t.back);
        target.box({ x: bar.x, y: y - 1.5 * hair, w: bar.w, h: 3 * hair }, t.one);
      }
      target.box({ x: bar.x + bar.w, y: y - hair / 2, w: 4 * hair, h: hair }, value === 1 ? t.one : t.quiet);
      target.text(bar.x + bar.w + 0.5 * text, barY(bar, value), words, { size: text, fill: t.text });
    }
    target.text(bar.x, bar.y - 1.1 * text, captions.slope, { size: text, fill: t.ink });
  });
}

function drawPoints(target, plane, at, s, heated) {
  const { theme: t, scale, on } = s, samples = on("samples") && !plane.signed, layer = (name) => on(name) && !plane.signed;
  // A crowd has one casing; within it only faint lines part the points. Casings
  // are dark, where light, and white on the gradient's colours.
  const edge = heated ? "#ffffff" : t.casing;
  const radius = (n) => scale * Math.max(2.4, Math.min(at.plot.w / scale / 130, 6)) * Math.max(0.6, Math.min(1, Math.sqrt(1400 / (n + 1))));
  // each calls draw(index, x, y) for those points that are on the plane.
  const each = (points, draw) => {
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = points[i], y = points[i + 1];
      if (Math.abs(x) <= 1.05 * plane.view && Math.abs(y) <= 1.05 * plane.view) draw(i / 2, at.x(x), at.y(y)); // and is a number
    }
  };
  const places = (points) => {
    const out = [];
    each(points, (_, x, y) => out.push(x, y));
    return out;
  };
  const known = { ...s, each, places, radius, edge };

  if (s.ghost && !plane.signed) {
    target.marks("ghost", "disc", places(s.ghost), 0.62 * radius(s.ghost.length / 2), [{ stroke: fade(t.back, 0.7), width: 2 * scale }, { fill: blend(t.quiet, t.ink, 0.25) }]);
  }
  if (samples && on("real")) {
    const where = places(plane.points("real")), r = 1.3 * radius(plane.points("real").length / 2); // to be seen around fake points that cover them
    target.marks("", "disc", where, r, [{ stroke: fade(edge, 0.55), width: 0.42 * r + Math.min(1.5 * scale, 0.5 * r) }]);
    target.marks("real", "disc", where, r, [{ stroke: fade(edge, 0.3), width: 0.42 * r + 0.6 * scale }, { stroke: t.real, width: 0.42 * r }]);
  }
  if (samples && on("fake")) {
    const where = places(plane.points("fake")), r = radius(plane.points("fake").length / 2);
    target.marks("", "diamond", where, r + Math.min(1.5 * scale, 0.5 * r), [{ fill: fade(edge, 0.8) }]);
    target.marks("fake", "diamond", where, r, [{ stroke: fade(edge, 0.3), width: 0.7 * scale }, { fill: t.fake }]);
  }
  if (layer("descent")) drawDescent(target, plane, at, known);
  if (layer("noise")) { // hollow, for it is a fake that is none yet
    const noise = plane.points("batch-noise"), r = 1.1 * radius(noise.length / 2);
    target.marks("noise", "diamond", places(noise), r, [{ stroke: fade(edge, 0.8), width: 0.4 * r + 2.4 * scale }, { stroke: t.code, width: 0.4 * r }]);
  }
  if (layer("segments")) drawSegments(target, plane, at, known);
  if (layer("batch")) {
    const real = plane.points("batch-real"), r = 1.25 * radius(real.length / 2), rim = fade(edge, 0.9);
    target.marks("batch-real", "disc", places(real), 1.15 * r, [{ stroke: rim, width: 0.55 * r + 2.8 * scale }, { stroke: t.real, width: 0.55 * r }]);
    target.marks("batch-fake", "diamond", places(plane.points("batch-fake")), 1.35 * r, [{ stroke: rim, width: 2.8 * scale }, { fill: t.fake }]);
  }
  if (layer("segments")) drawMixes(target, plane, at, known);
  if (layer("handles")) {
    target.group("handles", null, () => each(plane.points("modes"), (i, x, y) => {
      const side = (s.grip === i ? 18 : 14) * scale, r = { x: Math.round(x) - side / 2, y: Math.round(y) - side / 2, w: side, h: side };
      outline(target, { x: r.x - 1.5 * scale, y: r.y - 1.5 * scale, w: side + 3 * scale, h: side + 3 * scale }, 5 * scale, fade(t.back, 0.85));
      if (s.grip === i) target.box(r, fade(t.ink, 0.25));
      outline(target, r, 2 * scale, t.ink);
    }));
  }
  if (s.slice) {
    const [[x0, y0], [x1, y1]] = s.slice.map(([x, y]) => [at.x(x), at.y(y)]), r = 4.5 * scale;
    cased(target, "slice", [[x0, y0, x1, y1]], 2 * scale, t.ink, t.back, scale);
    target.marks("", "disc", [x0, y0, x1, y1], r + 1.5 * scale, [{ stroke: fade(t.back, 0.8), width: 3 * scale }, { fill: t.ink }]);
    target.marks("", "disc", [x0, y0], r - 0.5 * scale, [{ fill: t.back }]);
  }
  if (s.probe) {
    const { plot } = at, x = Math.round(at.x(s.probe[0])), y = Math.round(at.y(s.probe[1])), r = 9 * scale;
    const lines = [[plot.x, y, x - r, y], [x + r, y, plot.x + plot.w, y], [x, plot.y, x, y - r], [x, y + r, x, plot.y + plot.h]];
    target.group("probe", null, () => {
      target.path(lines, { stroke: fade(t.back, 0.6), width: 3 * scale });
      target.path(lines, { stroke: t.ink, width: 1.2 * scale });
    });
  }
}

function cased(target, name, lines, width, ink, back, scale) {
  target.group(name, null, () => {
    target.path(lines, { stroke: fade(back, 0.8), width: width + 3 * scale });
    target.path(lines, { stroke: ink, width });
  });
}

const mostArrows = 128; // more cover each other
const steepest = 2; // the gradient norm of the longest arrow

// drawDescent draws arrows from fake points along ∇D, the way the generator is
// sent. They belong to the same points in every frame.
function drawDescent(target, plane, at, { theme: t, scale, each }) {
  const from = plane.points("fake"), by = plane.points("descent"), shafts = [], heads = [];
  const stride = Math.max(1, Math.ceil(from.length / 2 / mostArrows)), unit = Math.max(12 * scale, at.plot.w * 0.05); // for a norm of 1
  const most = scale * Math.max(3, Math.min(at.plot.w / scale / 140, 5));
  each(from, (i, x, y) => {
    const norm = Math.hypot(by[2 * i], by[2 * i + 1]);
    if (i % stride || !(norm > 0 && norm < Infinity)) return;
    const long = unit * Math.min(norm, steepest), head = Math.min(most, 0.5 * long), neck = Math.max(0, long - 1.6 * head);
    const ux = by[2 * i] / norm, uy = -by[2 * i + 1] / norm, base = long - 2 * head;
    shafts.push([x, y, x + ux * neck, y + uy * neck]);
    heads.push([x + ux * long, y + uy * long, x + ux * base - uy * head, y + uy * base + ux * head, x + ux * base + uy * head, y + uy * base - ux * head]);
  });
  const back = fade(t.back, 0.85);
  target.group("descent", null, () => {
    target.path(shafts, { stroke: back, width: 4 * scale });
    target.path(heads, { fill: back, stroke: back, width: 2.6 * scale });
    target.path(shafts, { stroke: t.ink, width: 1.4 * scale });
    target.path(heads, { fill: t.ink });
  });
}

// drawSegments draws the lines on which the penalty's places are.
function drawSegments(target, plane, at, { theme: t, scale, each }) {
  const fake = plane.points("batch-fake"), lines = [];
  each(plane.points("batch-real"), (i, x, y) => {
    const u = fake[2 * i], v = fake[2 * i + 1];
    if (Math.abs(u) + Math.abs(v) < 1e3 * plane.view) lines.push([x, y, at.x(u), at.y(v)]);
  });
  target.group("segments", null, () => {
    target.path(lines, { stroke: fade(t.back, 0.55), width: 2.8 * scale });
    target.path(lines, { stroke: fade(t.ink, 0.75), width: 1.1 * scale });
  });
}

// drawMixes draws x̂, the places of the penalty, in the colour of ‖∇D(x̂)‖.
function drawMixes(target, plane, at, { theme: t, scale, each }) {
  const r = scale * Math.max(3.4, Math.min(at.plot.w / scale / 110, 6)), slope = plane.tensors["batch-slope"]?.data ?? [];
  target.group("mixes", null, () => each(plane.points("batch-mix"), (i, x, y) => {
    const fill = heatColour(Math.log2(slope[i]) / (2 * octaves) + 0.5 || 0);
    target.marks("", "disc", [x, y], r + 1.4 * scale, [{ stroke: t.back, width: 2.4 * scale }, { fill: t.ink }]);
    target.marks("", "disc", [x, y], r, [{ fill }]);
  }));
}

// What is known of a WGAN run, drawn on its plane.
import { blend, fade, heat, heatColour } from "./colours.js";
import { bounds, contours, isolines, refine, simplify } from "./field.js";
import { barY, octaves } from "./layout.js";

const logBounds = 8; // the logarithm of the gradient norm, base 2, is kept within these
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
      const from = name === "slope" ? Float64Array.from(t.data, (v) => Math.max(-logBounds, Math.min(Math.log2(v), logBounds))) : t.data;
      return { values: refine(from, n, factor), side: (n - 1) * factor + 1 };
    })());
  }

  // lines returns the critic's contour lines, {level, bold, lines} of each.
  lines() {
    const critic = this.tensors.critic, field = this.field("critic");
    if (!field) return [];
    return (this.contours ??= (() => {
      const { levels, bold } = contours(critic.data, this.base);
      return levels.map((level, i) => ({ level, bold: i === bold, lines: isolines(field.values, field.side, level) }));
    })());
  }

  // ranges says what the fields reach, as the stage does.
  ranges() {
    if (!this.field("critic")) return null;
    const [slopeMin, slopeMax] = bounds(this.points("slope")), [criticMin, criticMax] = bounds(this.points("critic"));
    return { low: 2 ** -octaves, high: 2 ** octaves, slopeMin, slopeMax, criticMin, criticMax, levels: this.lines().map((l) => l.level) };
  }
}

// difference is the plane of what a critic says above another, null where they
// were not asked at the same places.
export function difference(a, b) {
  const [p, q] = [a.tensors.critic, b.tensors.critic];
  if (!has(p, 2) || !has(q, 2) || p.data.length !== q.data.length || a.view !== b.view) return null;
  const plane = new Plane({ view: a.tensors.view, critic: { shape: p.shape, data: p.data.map((v, i) => v - q.data[i]) } });
  plane.base = 0;
  return plane;
}

// drawPlane draws a plane where at says. s is a Picture's state.
export function drawPlane(target, plane, at, s) {
  const { plot, text } = at, { theme: t, scale, on } = s, hair = Math.max(1, Math.round(scale));
  const heated = on("slope") && plane.field("slope") !== null;
  target.group("grid", null, () => {
    for (const v of at.ticks) {
      const x = Math.round(at.x(v)), y = Math.round(at.y(v)), long = 4 * hair;
      if (Math.abs(v) < plane.view * 0.999) { // a quiet grid
        target.box({ x: x - hair / 2, y: plot.y, w: hair, h: plot.h }, fade(t.quiet, 0.3));
        target.box({ x: plot.x, y: y - hair / 2, w: plot.w, h: hair }, fade(t.quiet, 0.3));
      }
      target.box({ x: x - hair / 2, y: plot.y + plot.h, w: hair, h: long }, t.quiet);
      target.box({ x: plot.x - long, y: y - hair / 2, w: long, h: hair }, t.quiet);
      const number = String(Number(v.toPrecision(4))).replace("-", "−");
      target.text(at.x(v), plot.y + plot.h + 1.2 * text, number, { size: text, fill: t.text, anchor: "middle" });
      target.text(plot.x - 0.6 * text, at.y(v), number, { size: text, fill: t.text, anchor: "right" });
    }
  });
  target.group("plane", plot, () => {
    if (heated) drawHeat(target, plane, at, s);
    if (heated) drawUnit(target, plane, at, s);
    if (on("contours")) drawContours(target, plane, at, s, heated);
    if (on("warp")) drawWarp(target, plane, at, s);
  });
  if (at.bar) drawBar(target, at, s, hair);
  target.group("frame", null, () => {
    const { x, y, w, h } = plot, edge = t.quiet;
    for (const r of [{ x: x - hair, y: y - hair, w: w + 2 * hair, h: hair }, { x: x - hair, y: y + h, w: w + 2 * hair, h: hair },
      { x: x - hair, y, w: hair, h }, { x: x + w, y, w: hair, h }]) target.box(r, edge);
    if (at.title) target.text(x + w / 2, y - 0.9 * text, at.title, { size: text, fill: t.ink, anchor: "middle" });
  });
  target.group("points", plot, () => drawPoints(target, plane, at, s, heated));
}

function drawHeat(target, plane, { plot }, { theme: t }) {
  const { values, side } = plane.field("slope"), pixels = new Uint8ClampedArray(4 * side * side);
  const ramp = Array.from({ length: 256 }, (_, i) => heat(i / 255));
  for (let i = 0; i < side; i++) { // row 0 of a field is at the bottom
    for (let j = 0; j < side; j++) {
      const k = Math.max(0, Math.min(Math.round((values[(side - 1 - i) * side + j] / (2 * octaves) + 0.5) * 255), 255));
      const [r, g, b] = ramp[k], at = 4 * (i * side + j);
      pixels[at] = r;
      pixels[at + 1] = g;
      pixels[at + 2] = b;
      pixels[at + 3] = 255 * t.heat;
    }
  }
  // A lattice point is the middle of a pixel, and the first is on the plot's rim.
  const half = plot.w / (side - 1) / 2;
  target.images(pixels, side, [[0, 0, side, side, plot.x - half, plot.y - half, plot.w + 2 * half, plot.h + 2 * half]], true);
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
  const all = plane.lines().map((c) => ({ ...c, path: onPlot(c.lines, side, at, scale), width: thin * (c.bold ? 2.2 : 1) }));
  target.group("contours", null, () => {
    for (const { path, width } of all) {
      if (casing) target.path(path, { stroke: casing, width: width + 2.4 * thin });
      target.path(path, { stroke: ink, width });
    }
  });
  if (s.on("labels")) drawLevels(target, all, at, s, heated);
}

// drawLevels writes their numbers on the contour lines, where they run level and
// there is room.
function drawLevels(target, contours, { plot, text }, { theme: t }, heated) {
  const size = 0.85 * text, placed = [];
  for (const { level, path } of contours) {
    let best = null, most = 0;
    for (const line of path) {
      for (let i = 0; i + 3 < line.length; i += 2) {
        const [x0, y0, x1, y1] = line.slice(i, i + 4), x = (x0 + x1) / 2, y = (y0 + y1) / 2;
        const inside = Math.min(x - plot.x, plot.x + plot.w - x) > 2 * size && Math.min(y - plot.y, plot.y + plot.h - y) > size;
        if (!inside || line.length < 10 || placed.some(([px, py]) => Math.abs(px - x) < 4 * size && Math.abs(py - y) < 2 * size)) continue;
        const good = Math.abs(x1 - x0) / (1 + Math.abs(y1 - y0));
        if (good > most) [best, most] = [[x, y], good];
      }
    }
    if (!best) continue;
    placed.push(best);
    const number = String(Number(level.toPrecision(3))).replace("-", "−");
    target.text(...best, number, { size, anchor: "middle", fill: heated ? "#ffffff" : t.ink, halo: heated ? "#0b1a2ccc" : fade(t.back, 0.85) });
  }
}

// drawUnit draws the line where the gradient's norm is 1.
function drawUnit(target, plane, at, { theme: t, scale }) {
  const { values, side } = plane.field("slope"), thin = thickness(at, scale);
  const path = onPlot(isolines(values, side, 0), side, at, scale);
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
  const { theme: t, scale, on } = s, { view } = plane, samples = on("samples");
  // A crowd has one casing; within it only faint lines part the points. Casings
  // are dark, where light, and white on the gradient's colours.
  const edge = heated ? "#ffffff" : t.casing;
  const radius = (n) => scale * Math.max(2.4, Math.min(at.plot.w / scale / 130, 6)) * Math.max(0.6, Math.min(1, Math.sqrt(1400 / (n + 1))));
  const place = (points) => {
    const out = [];
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = points[i], y = points[i + 1];
      if (Math.abs(x) <= 1.05 * view && Math.abs(y) <= 1.05 * view) out.push(at.x(x), at.y(y)); // and is a number
    }
    return out;
  };
  const rings = (name, points, grow = 1) => {
    const r = grow * 1.3 * radius(points.length / 2); // to be seen around fake points that cover them
    const width = 0.42 * r, where = place(points);
    target.marks("", "disc", where, r, [{ stroke: fade(edge, 0.55), width: width + Math.min(1.5 * scale, 0.5 * r) }], true);
    target.marks(name, "disc", where, r, [{ stroke: fade(edge, 0.3), width: width + 0.6 * scale }, { stroke: t.real, width }]);
  };
  const diamonds = (name, points, grow = 1) => {
    const r = grow * radius(points.length / 2), where = place(points);
    target.marks("", "diamond", where, r + Math.min(1.5 * scale, 0.5 * r), [{ fill: fade(edge, 0.8) }], true);
    target.marks(name, "diamond", where, r, [{ stroke: fade(edge, 0.3), width: 0.7 * scale }, { fill: t.fake }]);
  };
  const dots = (name, points, r, fill) => target.marks(name, "disc", place(points), r, [{ stroke: t.back, width: 1.5 * scale }, { fill }]);

  if (on("noise")) dots("noise", plane.points("batch-noise"), 2.4 * scale, t.text);
  if (s.ghost && samples) target.marks("ghost", "diamond", place(s.ghost), radius(s.ghost.length / 2), [{ stroke: t.back, width: 2.6 * scale }, { stroke: t.text, width: 1.1 * scale }]);
  if (on("segments")) drawSegments(target, plane, at, s);
  if (on("descent")) drawDescent(target, plane, at, s);
  if (samples && on("real")) rings("real", plane.points("real"));
  if (samples && on("fake")) diamonds("fake", plane.points("fake"));
  if (on("batch")) {
    rings("batch-real", plane.points("batch-real"), 1.4);
    diamonds("batch-fake", plane.points("batch-fake"), 1.4);
  }
  if (on("handles")) {
    const where = place(plane.points("modes"));
    target.marks("handles", "disc", where, 8 * scale, [{ stroke: fade(t.back, 0.8), width: 4 * scale }, { stroke: t.ink, width: 1.6 * scale }]);
    target.marks("", "disc", where, 1.8 * scale, [{ fill: t.ink }]);
  }
  if (s.slice) {
    const line = [at.x(s.slice[0][0]), at.y(s.slice[0][1]), at.x(s.slice[1][0]), at.y(s.slice[1][1])];
    cased(target, "slice", [line], 2 * scale, t.ink, t.back, scale);
    target.marks("", "disc", line, 4.5 * scale, [{ stroke: t.back, width: 3 * scale }, { fill: t.ink }]);
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
    target.path(lines, { stroke: fade(back, 0.85), width: width + 2 * scale });
    target.path(lines, { stroke: ink, width });
  });
}

// drawDescent draws where each fake point is sent by the critic's gradient.
function drawDescent(target, plane, at, { theme: t, scale }) {
  const from = plane.points("fake"), by = plane.points("descent"), lines = [];
  const unit = at.plot.w / 22; // of a norm of 1
  for (let i = 0; i + 1 < Math.min(from.length, by.length); i += 2) {
    const norm = Math.hypot(by[i], by[i + 1]), long = unit * Math.min(norm, 3);
    if (!(long > scale) || Math.abs(from[i]) > plane.view || Math.abs(from[i + 1]) > plane.view) continue;
    const ux = by[i] / norm, uy = -by[i + 1] / norm, x = at.x(from[i]), y = at.y(from[i + 1]);
    const tx = x + long * ux, ty = y + long * uy, head = Math.min(0.4 * long, 6 * scale);
    lines.push([x, y, tx, ty], [tx - head * (ux - 0.55 * uy), ty - head * (uy + 0.55 * ux), tx, ty, tx - head * (ux + 0.55 * uy), ty - head * (uy - 0.55 * ux)]);
  }
  cased(target, "descent", lines, 1.4 * scale, t.one, t.back, scale);
}

// drawSegments draws the lines between real and fake points of a batch, and the
// points between at which the penalty is taken, coloured by the gradient's norm.
function drawSegments(target, plane, at, { theme: t, scale }) {
  const [real, fake, mix] = ["batch-real", "batch-fake", "batch-mix"].map((name) => plane.points(name)), slope = plane.tensors["batch-slope"]?.data ?? [];
  const lines = [];
  for (let i = 0; i + 1 < real.length; i += 2) lines.push([at.x(real[i]), at.y(real[i + 1]), at.x(fake[i]), at.y(fake[i + 1])]);
  cased(target, "segments", lines, scale, fade(t.ink, 0.55), t.back, scale);
  target.group("mix", null, () => {
    for (let i = 0; i + 1 < mix.length; i += 2) {
      const fill = heatColour(Math.log2(slope[i / 2]) / (2 * octaves) + 0.5 || 0);
      target.marks("", "disc", [at.x(mix[i]), at.y(mix[i + 1])], 4.2 * scale, [{ stroke: t.casing, width: 2 * scale }, { fill }]);
    }
  });
}

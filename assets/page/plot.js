// The small pictures beside the charts, each of one frame: the gradient norms
// around 1, the critic's weights, the gradient by layer, and D along a line.
import { el } from "./dom.js";
import { labels, ticks, whole, write } from "./numbers.js";
import { look } from "./probe.js";
import { colourOf, key, letter } from "./runs.js";
import { language, t } from "./strings.js";

const count = 32; // bars of the gradient norms

// bars counts values into equal parts of [0, high]; what lies above is in the last.
export function bars(values, high) {
  const all = new Array(count).fill(0);
  for (const v of values) if (v >= 0) all[Math.min(count - 1, Math.floor((v / high) * count))]++;
  return all;
}

// reach returns the right end: a round number that 98 % of values lie below, 2 at
// least. It stays what it was while that fits.
export function reach(values, before = 0) {
  const sorted = Float64Array.from(values).sort();
  const need = Math.max(1, sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 0);
  if (need <= before && need > before / 3) return before;
  return Math.max(2, 2 ** Math.ceil(Math.log2(need)));
}

// cells splits a box into one for each of n runs: next to each other up to three, then in
// two rows, or in one column if the box is narrow. wide is the least width.
export function cells({ left, top, width, height }, n, wide) {
  const columns = Math.max(1, Math.min(n <= 3 ? n : Math.ceil(n / 2), Math.floor(width / wide)));
  const rows = Math.ceil(n / columns);
  return Array.from({ length: n }, (_, i) => ({
    left: left + ((i % columns) * width) / columns, top: top + (Math.floor(i / columns) * height) / rows, width: width / columns, height: height / rows,
  }));
}

// A Plot is a figure with a title, a line of words and a canvas, for all runs of a frame.
// A subclass has take(tensors, run), which returns the data to draw for a run, {said, …}
// with its words, or null; and paint(c, box, tools, shown), which draws a list of these,
// each with its run and colour: all at once if together is true, otherwise each in its
// own box. A plot with a vertical axis has scale(shown), which returns its rising marks
// and a function that maps numbers to [0, 1].
class Plot {
  constructor(name, title, { words = "", hint = "", together = false } = {}) {
    this.canvas = el("canvas", { role: "img", "data-chart": name, "aria-label": title });
    this.legend = el("p", { class: "legend" });
    this.title = title;
    this.words = words;
    this.together = together;
    this.shown = [];
    this.stepped = el("span", { class: "unit stepped" });
    this.element = el("figure", { class: "chart", title: hint }, el("figcaption", {}, el("span", { class: "name" }, title), " ", this.stepped), this.legend, this.canvas);
    this.name(1);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.canvas);
  }

  end() {
    this.sizes.disconnect();
  }

  // name writes the legend of n runs: each with its letter, if there are several.
  name(n) {
    if (this.values?.length === n) return;
    this.values = Array.from({ length: n }, (_, run) => el("span", { class: "value", "data-run": run }, "–"));
    const entries = n === 1 ? [el("span", { class: "entry" }, this.words, this.words ? " " : "", this.values[0])]
      : [...(this.words ? [el("span", { class: "entry" }, this.words)] : []), ...this.values.map((value, run) => el("span", { class: "entry" }, key(run, value)))];
    this.legend.replaceChildren(...entries);
    this.element.dataset.runs = n;
  }

  // show draws a frame. A plot that the run has no data for, such as the slopes of one
  // without a penalty, is hidden.
  show(frame) {
    const runs = frame?.runs ?? [], several = runs.length > 1;
    const taken = runs.map((tensors, run) => this.take(tensors, run)).map((data, run) => data && { ...data, run, colour: several ? colourOf(run) : null });
    this.name(Math.max(1, taken.length));
    this.shown = taken.filter(Boolean);
    const ready = this.shown.length > 0;
    this.element.hidden = !ready && frame?.step > 0;
    this.values.forEach((value, run) => value.textContent = taken[run]?.said ?? "–");
    this.stepped.textContent = ready ? t("atStep", { step: whole(frame.step, language()) }) : "";
    const said = taken.map((data, run) => (several ? `${letter(run)} ` : "") + (data?.said ?? "–"));
    this.canvas.setAttribute("aria-label", `${this.title}: ${ready ? `${[this.words, said.join(", ")].filter(Boolean).join(" ")}. ${this.stepped.textContent}` : t("notMeasured")}.`);
    this.draw();
  }

  draw() {
    const { canvas, shown } = this;
    const width = canvas.clientWidth, height = canvas.clientHeight, ratio = devicePixelRatio;
    if (!width) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const c = canvas.getContext("2d"), style = getComputedStyle(canvas);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colour = (name) => style.getPropertyValue(`--${name}`), size = parseFloat(style.fontSize);
    const all = { left: 0, top: 0, width, height }, n = this.values.length;
    if (!shown.length) {
      c.font = `${size}px ${style.fontFamily}`;
      c.fillStyle = colour("faint");
      c.textAlign = "center";
      c.textBaseline = "middle";
      c.fillText(t("notMeasured"), width / 2, height / 2, width);
    } else if (this.together || n === 1) this.part(c, all, shown, colour, size, style.fontFamily);
    else {
      const each = cells(all, n, size * 9);
      for (const one of shown) this.part(c, each[one.run], [one], colour, size, style.fontFamily);
    }
  }

  // part draws some runs within a cell of the canvas.
  part(c, cell, shown, colour, size, family) {
    const alone = shown.length === 1 && shown[0].colour !== null, right = cell.left + cell.width;
    c.font = `${size}px ${family}`;
    const { marks, part } = this.scale?.(shown) ?? { marks: [] }, names = labels(marks);
    const wide = Math.max(size * (marks.length || !alone ? 3.4 : 1.2), ...names.map((text) => c.measureText(text).width + size * (alone ? 1.6 : 0.8))); // after the run's letter
    const box = { left: cell.left + wide, top: cell.top + size * 0.6, width: cell.width - wide - size * 0.8, height: cell.height - size * 2.3 };
    box.bottom = box.top + box.height;
    const y = (v) => box.bottom - box.height * part(v);
    const rule = (x0, y0, x1, y1, name, thick = 1) => {
      c.strokeStyle = colour(name);
      c.lineWidth = thick;
      c.beginPath();
      c.moveTo(x0, y0);
      c.lineTo(x1, y1);
      c.stroke();
    };
    // below writes names under the axis at places x, as many as fit: all, or every
    // second, and so on.
    const below = (names, x) => {
      const gap = alone ? size * 0.4 : 0; // to the next cell's names
      const half = names.map((text) => c.measureText(text).width / 2);
      const at = x.map((middle, i) => Math.min(Math.max(middle, cell.left + half[i]), right - half[i] - gap));
      const fits = (by) => at.every((_, i) => i % by || i + by >= at.length || at[i] + half[i] + size * 0.3 <= at[i + by] - half[i + by]);
      let by = 1;
      while (!fits(by)) by++;
      c.fillStyle = colour("faint");
      c.textAlign = "center";
      c.textBaseline = "alphabetic";
      names.forEach((text, i) => i % by || c.fillText(text, at[i], cell.top + cell.height - size * 0.25));
    };
    marks.forEach((v, i) => {
      rule(box.left, Math.round(y(v)) + 0.5, box.left + box.width, Math.round(y(v)) + 0.5, "rule");
      c.fillStyle = colour("faint");
      c.textAlign = "right";
      c.textBaseline = "middle";
      c.fillText(names[i], box.left - size * 0.6, y(v));
    });
    rule(box.left, Math.round(box.bottom) + 0.5, box.left + box.width, Math.round(box.bottom) + 0.5, "rule");
    this.paint(c, box, { colour, size, rule, below, y }, shown);
    if (!alone) return;
    c.font = `600 ${size}px ${family}`;
    c.textAlign = "left";
    c.textBaseline = "top";
    c.lineWidth = 3;
    c.strokeStyle = colour("paper");
    c.strokeText(letter(shown[0].run), cell.left, cell.top + size * 0.3);
    c.fillStyle = colour(shown[0].colour);
    c.fillText(letter(shown[0].run), cell.left, cell.top + size * 0.3);
  }

  // columns draws bars that fill the box.
  columns(c, box, heights, colour, gap = 1) {
    const each = box.width / heights.length;
    c.fillStyle = colour;
    heights.forEach((h, i) => c.fillRect(box.left + i * each + gap / 2, box.bottom - box.height * h, each - gap, box.height * h));
  }
}

// The gradient norms at the interpolates of the last critic step, around the 1
// that the penalty pulls them to.
export class Norms extends Plot {
  constructor() {
    super("histogram", t("histogram"), { words: t("histogramNear") });
    this.high = 0;
  }

  show(frame) {
    // All runs share a scale.
    const all = (frame?.runs ?? []).flatMap(({ slopes }) => [...slopes?.data ?? []]);
    if (all.length) this.high = reach(all, this.high);
    super.show(frame);
  }

  take({ slopes }) {
    return slopes ? { norms: slopes.data, said: `${write((100 * slopes.data.filter((v) => Math.abs(v - 1) <= 0.1).length) / slopes.data.length, 2)} %` } : null;
  }

  paint(c, box, { colour, rule, below }, [{ norms, colour: own }]) {
    const all = bars(norms, this.high), most = Math.max(...all, 1);
    this.columns(c, box, all.map((n) => n / most), colour(own ?? "series-1"), box.width < 3 * count ? 0 : 1);
    const x = (v) => box.left + (box.width * v) / this.high;
    rule(Math.round(x(1)), box.top, Math.round(x(1)), box.bottom, "ink", 2);
    const marks = ticks(0, this.high, own === null ? 4 : 2);
    below(labels(marks), marks.map(x));
  }
}

// The critic's weights: clipping drives them to its two bounds, which the plot shows.
export class Weights extends Plot {
  // bound(run) returns the bound at which a run clips its weights, or null.
  constructor(bound) {
    super("weights", t("weights"));
    this.bound = bound;
  }

  take({ weights, "weights-range": range }, run) {
    if (!weights) return null;
    const c = this.bound(run), [r, share] = range.data;
    return { counts: [...weights.data], r, c, said: c === null ? `± ${write(r, 2)}` : t("weights.bound", { share: write(100 * share, 2) }) };
  }

  paint(c, box, { colour, rule, below }, [{ counts, r, c: bound, colour: own }]) {
    const most = Math.max(...counts, 1), x = (v) => box.left + (box.width * (v / r + 1)) / 2;
    rule(Math.round(x(0)), box.top, Math.round(x(0)), box.bottom, "rule");
    this.columns(c, box, counts.map((n) => n / most), colour(own ?? "series-1"), box.width < 3 * counts.length ? 0 : 0.5);
    if (bound !== null && bound <= r) {
      c.setLineDash([2, 3]);
      for (const v of [-bound, bound]) rule(Math.round(x(v)), box.top, Math.round(x(v)), box.bottom, "muted");
      c.setLineDash([]);
    }
    below(labels([-r, 0, r]), [-r, 0, r].map(x));
  }
}

// The norm of the critic loss' gradient at each layer, on a logarithmic scale: it
// vanishes or explodes with clipping, and stays with the penalty.
export class LayerNorms extends Plot {
  constructor() {
    super("layers", t("layersNorm"), { hint: t("layersNorm.hint"), together: true });
    this.range = [0, 0];
  }

  show(frame) {
    const logs = (frame?.runs ?? []).flatMap(({ layers }) => [...layers?.data ?? []]).filter((v) => v > 0).map(Math.log10);
    if (logs.length) {
      const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
      const [l, h] = this.range; // unchanged while it fits
      if (low < l || high > h || high - low < (h - l) / 3) this.range = [Math.min(low, high - 2), high];
    }
    super.show(frame);
  }

  take({ layers }) {
    return layers ? { norms: [...layers.data], said: `${write(layers.data[0], 2)} → ${write(layers.data.at(-1), 2)}` } : null;
  }

  scale() {
    const [low, high] = this.range;
    return {
      marks: ticks(low, high, Math.min(4, high - low)).filter(Number.isInteger).map((e) => 10 ** e),
      part: (v) => Math.max(0, (Math.log10(Math.max(v, 1e-30)) - low) / (high - low)), // smaller numbers are at the bottom
    };
  }

  paint(c, box, { colour, below, y }, shown) {
    const n = Math.max(...shown.map(({ norms }) => norms.length)), x = (i) => box.left + (box.width * (i + 0.5)) / n;
    for (const { norms, colour: own } of shown.toReversed()) {
      c.strokeStyle = c.fillStyle = colour(own ?? "series-0");
      c.lineWidth = 1.8;
      c.beginPath();
      norms.forEach((v, i) => c.lineTo(x(i), y(v)));
      c.stroke();
      norms.forEach((v, i) => {
        c.beginPath();
        c.arc(x(i), y(v), 2.6, 0, 7);
        c.fill();
      });
    }
    const some = [];
    for (let i = 0; i < n; i += Math.ceil(n / 12)) some.push(i);
    below(some.map((i) => String(i + 1)), some.map(x));
  }
}

// D along a line of the plane, from one point to another. Each critic has its own scale,
// as its offset has no meaning.
export class Slice extends Plot {
  constructor() {
    super("slice", t("slice.title"));
  }

  // along chooses the line, and draws what the frame says there.
  along(from, to, frame) {
    this.ends = [from, to];
    this.length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const pair = (p) => `(${p.map((v) => write(v, 2)).join(", ")})`;
    this.way = `${pair(from)} → ${pair(to)}`;
    this.show(frame);
  }

  take(tensors) {
    if (!this.ends || !tensors.critic) return null;
    const [[x0, y0], [x1, y1]] = this.ends, n = 160;
    const values = Array.from({ length: n + 1 }, (_, i) => look(tensors, x0 + ((x1 - x0) * i) / n, y0 + ((y1 - y0) * i) / n)?.value ?? NaN);
    return values.some(Number.isFinite) ? { values, said: this.way } : null;
  }

  scale([{ values }]) {
    const known = values.filter(Number.isFinite);
    let [low, high] = [Math.min(...known), Math.max(...known)];
    const pad = (high - low) * 0.08 || Math.abs(high) * 0.01 || 1e-6;
    [low, high] = [low - pad, high + pad];
    return { marks: ticks(low, high, 3), part: (v) => (v - low) / (high - low) };
  }

  paint(c, box, { colour, below, y }, [{ values, colour: own }]) {
    c.strokeStyle = colour(own ?? "series-0");
    c.lineWidth = 1.8;
    c.lineJoin = "round";
    c.beginPath();
    let down = false; // the line breaks where no value is known
    values.forEach((v, i) => {
      const x = box.left + (box.width * i) / (values.length - 1);
      if (Number.isFinite(v)) c[down ? "lineTo" : "moveTo"](x, y(v));
      down = Number.isFinite(v);
    });
    c.stroke();
    const marks = ticks(0, this.length, own === null ? 4 : 2);
    below(labels(marks), marks.map((v) => box.left + (box.width * v) / this.length));
  }
}

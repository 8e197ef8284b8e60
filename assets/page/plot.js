// The small pictures beside the charts, each of one frame: the gradient norms
// around 1, the critic's weights, the gradient by layer, and D along a line.
import { el } from "./dom.js";
import { labels, ticks, whole, write } from "./numbers.js";
import { look } from "./probe.js";
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

// A Plot is a figure with a title, a line of words and a canvas. What extends it
// has take(tensors), which keeps what it draws and returns its words, null if there is
// nothing to draw, and paint(c, box, tools). One with a vertical axis has scale(), which
// returns its marks and a map of its numbers to [0, 1].
class Plot {
  constructor(name, title, words = "", hint = "") {
    this.canvas = el("canvas", { role: "img", "data-chart": name, "aria-label": title });
    this.value = el("span", { class: "value" }, "–");
    this.stepped = el("span", { class: "unit stepped" });
    this.title = title;
    this.words = words;
    this.element = el("figure", { class: "chart", title: hint }, el("figcaption", {}, el("span", { class: "name" }, title), " ", this.stepped),
      el("p", { class: "legend" }, el("span", { class: "entry" }, words, words ? " " : "", this.value)), this.canvas);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.canvas);
  }

  end() {
    this.sizes.disconnect();
  }

  // show draws what a frame says. What a trained run does not tell, such as the slopes of
  // one without a penalty, is out of sight.
  show(frame) {
    const said = (frame && this.take(frame.runs[0])) ?? null;
    this.ready = said !== null;
    this.element.hidden = !this.ready && frame?.step > 0;
    this.value.textContent = said ?? "–";
    this.stepped.textContent = this.ready ? t("atStep", { step: whole(frame.step, language()) }) : "";
    this.canvas.setAttribute("aria-label", this.ready ? `${this.title}: ${this.words} ${said}. ${this.stepped.textContent}.` : `${this.title}: ${t("notMeasured")}.`);
    this.draw();
  }

  draw() {
    const { canvas } = this;
    const width = canvas.clientWidth, height = canvas.clientHeight, ratio = devicePixelRatio;
    if (!width) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const c = canvas.getContext("2d"), style = getComputedStyle(canvas);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colour = (name) => style.getPropertyValue(`--${name}`), size = parseFloat(style.fontSize);
    c.font = `${size}px ${style.fontFamily}`;
    if (!this.ready) {
      c.fillStyle = colour("faint");
      c.textAlign = "center";
      c.textBaseline = "middle";
      c.fillText(t("notMeasured"), width / 2, height / 2, width);
      return;
    }
    const { marks, part } = this.scale?.() ?? { marks: [] }, names = labels(marks);
    const left = Math.max(size * 3.4, ...names.map((text) => c.measureText(text).width + size * 0.8));
    const box = { left, top: size * 0.6, width: width - left - size * 0.8, height: height - size * 2.3 };
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
    // below writes the names of places x under the axis.
    const below = (names, x) => names.forEach((text, i) => {
      const half = c.measureText(text).width / 2;
      c.fillStyle = colour("faint");
      c.textAlign = "center";
      c.textBaseline = "alphabetic";
      c.fillText(text, Math.min(Math.max(x[i], half), width - half), height - size * 0.25);
    });
    marks.forEach((v, i) => {
      rule(box.left, Math.round(y(v)) + 0.5, box.left + box.width, Math.round(y(v)) + 0.5, "rule");
      c.fillStyle = colour("faint");
      c.textAlign = "right";
      c.textBaseline = "middle";
      c.fillText(names[i], box.left - size * 0.6, y(v));
    });
    rule(box.left, Math.round(box.bottom) + 0.5, box.left + box.width, Math.round(box.bottom) + 0.5, "rule");
    this.paint(c, box, { colour, rule, below, y });
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
    super("histogram", t("histogram"), t("histogramNear"));
  }

  take({ slopes }) {
    if (!slopes) return null;
    this.norms = slopes.data;
    this.high = reach(this.norms, this.high);
    return `${write((100 * this.norms.filter((v) => Math.abs(v - 1) <= 0.1).length) / this.norms.length, 2)} %`;
  }

  paint(c, box, { colour, rule, below }) {
    const all = bars(this.norms, this.high), most = Math.max(...all, 1);
    this.columns(c, box, all.map((n) => n / most), colour("series-1"));
    const x = (v) => box.left + (box.width * v) / this.high;
    rule(Math.round(x(1)), box.top, Math.round(x(1)), box.bottom, "ink", 2);
    const marks = ticks(0, this.high, 4);
    below(labels(marks), marks.map(x));
  }
}

// The critic's weights: clipping drives them to its two bounds.
export class Weights extends Plot {
  constructor(clipped) {
    super("weights", t("weights"), clipped ? t("weights.bound") : "");
    this.clipped = clipped;
  }

  take({ weights, "weights-range": range }) {
    if (!weights) return null;
    this.counts = weights.data;
    this.r = range.data[0];
    return this.clipped ? `${write(100 * range.data[1], 2)} %` : `± ${write(this.r, 2)}`;
  }

  paint(c, box, { colour, rule, below }) {
    const most = Math.max(...this.counts, 1);
    this.columns(c, box, [...this.counts].map((n) => n / most), colour("series-1"), 0.5);
    const middle = Math.round(box.left + box.width / 2);
    rule(middle, box.top, middle, box.bottom, "rule");
    below(labels([-this.r, 0, this.r]), [0, 0.5, 1].map((part) => box.left + box.width * part));
  }
}

// The norm of the critic loss' gradient at each layer, on a logarithmic scale: it
// vanishes or explodes with clipping, and stays with the penalty.
export class LayerNorms extends Plot {
  constructor() {
    super("layers", t("layersNorm"), "", t("layersNorm.hint"));
    this.range = [0, 0];
  }

  take({ layers }) {
    if (!layers) return null;
    this.norms = [...layers.data];
    const logs = this.norms.filter((v) => v > 0).map(Math.log10);
    if (!logs.length) return null;
    const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
    const [l, h] = this.range; // stands still while it fits
    if (low < l || high > h || high - low < (h - l) / 3) this.range = [Math.min(low, high - 2), high];
    return `${write(this.norms[0], 2)} → ${write(this.norms.at(-1), 2)}`;
  }

  scale() {
    const [low, high] = this.range;
    return {
      marks: ticks(low, high, Math.min(4, high - low)).filter(Number.isInteger).map((e) => 10 ** e),
      part: (v) => Math.max(0, (Math.log10(Math.max(v, 1e-30)) - low) / (high - low)), // what is below stands at the bottom
    };
  }

  paint(c, box, { colour, below, y }) {
    const n = this.norms.length, x = (i) => box.left + (box.width * (i + 0.5)) / n;
    c.strokeStyle = c.fillStyle = colour("series-0");
    c.lineWidth = 1.8;
    c.beginPath();
    this.norms.forEach((v, i) => c.lineTo(x(i), y(v)));
    c.stroke();
    this.norms.forEach((v, i) => {
      c.beginPath();
      c.arc(x(i), y(v), 2.6, 0, 7);
      c.fill();
    });
    const some = [];
    for (let i = 0; i < n; i += Math.ceil(n / 12)) some.push(i);
    below(some.map((i) => String(i + 1)), some.map(x));
  }
}

// D along a line of the plane, from one point to another.
export class Slice extends Plot {
  constructor() {
    super("slice", t("slice.title"));
  }

  // along chooses the line, and draws what the frame says there.
  along(from, to, frame) {
    this.ends = [from, to];
    this.show(frame);
  }

  take(tensors) {
    if (!this.ends || !tensors.critic) return null;
    const [[x0, y0], [x1, y1]] = this.ends, n = 160;
    this.length = Math.hypot(x1 - x0, y1 - y0);
    this.values = Array.from({ length: n + 1 }, (_, i) => look(tensors, x0 + ((x1 - x0) * i) / n, y0 + ((y1 - y0) * i) / n)?.value ?? NaN);
    if (!this.values.some(Number.isFinite)) return null;
    const pair = (p) => `(${p.map((v) => write(v, 2)).join(", ")})`;
    return `${pair(this.ends[0])} → ${pair(this.ends[1])}`;
  }

  scale() {
    const known = this.values.filter(Number.isFinite);
    let [low, high] = [Math.min(...known), Math.max(...known)];
    const pad = (high - low) * 0.08 || Math.abs(high) * 0.01 || 1e-6;
    [low, high] = [low - pad, high + pad];
    return { marks: ticks(low, high, 3), part: (v) => (v - low) / (high - low) };
  }

  paint(c, box, { colour, below, y }) {
    c.strokeStyle = colour("series-0");
    c.lineWidth = 1.8;
    c.lineJoin = "round";
    c.beginPath();
    let down = false; // a place where nothing is known parts the line
    this.values.forEach((v, i) => {
      const x = box.left + (box.width * i) / (this.values.length - 1);
      if (Number.isFinite(v)) c[down ? "lineTo" : "moveTo"](x, y(v));
      down = Number.isFinite(v);
    });
    c.stroke();
    const marks = ticks(0, this.length, 4);
    below(labels(marks), marks.map((v) => box.left + (box.width * v) / this.length));
  }
}

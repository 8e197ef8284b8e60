// What is made of a drawing, beside a pad: see Pad.
import { el } from "./dom.js";
import { side } from "./pad.js";
import { Pixels } from "./pixels.js";
import { t } from "./strings.js";

// likeliest returns the index of the greatest of each row.
export function likeliest({ shape: [rows, columns], data }) {
  return Array.from({ length: rows }, (_, i) => {
    const row = data.slice(i * columns, (i + 1) * columns);
    return row.indexOf(Math.max(...row));
  });
}

const figure = (pixels, words) => el("figure", {}, pixels.element, el("figcaption", {}, words));

// image returns the i-th of images, (…, side, side).
const image = ({ data }, i) => data.subarray(i * side * side, (i + 1) * side * side);

// A Coded is the code of what is drawn, and its reconstruction.
export class Coded {
  name = "coded";
  rows = side;
  of = "codes";

  constructor() {
    this.title = t("pad.title");
    this.label = t("pad.label");
    this.help = t("pad.help");
    this.code = new Pixels({ class: "chances" });
    this.drawn = new Pixels({ class: "drawn" });
    this.drawn.label(t("pad.drawn"));
    this.code.label(t("pad.code"));
    this.elements = [figure(this.drawn, t("pad.drawn")), figure(this.code, t("pad.code"))];
  }

  frame({ bits }) {
    this.bits = Boolean(bits?.data[0]);
  }

  show({ chances, reconstruction }) {
    this.code.show(chances.data, ...chances.shape);
    this.code.canvas.style.setProperty("--rows", chances.shape[0]);
    this.code.canvas.style.setProperty("--columns", chances.shape[1]);
    const on = chances.data.reduce((n, p) => n + (p > 0.5), 0);
    this.code.label(this.bits
      ? t("pad.codeBits", { n: on, all: chances.data.length })
      : t("pad.codeLabel", { classes: likeliest(chances).map((k) => k + 1).join(", ") }));
    this.drawn.show(reconstruction.data, ...reconstruction.shape);
  }

  redraw() {
    this.code.draw();
    this.drawn.draw();
  }
}

const completions = 6;

// A Completed is six ways to complete an upper half, whose mean is seen on the pad.
export class Completed {
  name = "completed";
  rows = side / 2;
  of = "completions";

  constructor() {
    this.title = t("pad.half.title");
    this.label = t("pad.half.label");
    this.help = t("pad.half.help");
    this.six = Array.from({ length: completions }, (_, i) => new Pixels({ class: "made", "aria-label": t("pad.half.one", { n: i + 1 }) }, this.rows));
    this.elements = [
      el("div", { class: "six", role: "group", "aria-label": t("pad.half.six") }, ...this.six.map((p) => p.element)),
      el("p", {}, t("pad.half.mean")), el("p", {}, t("pad.half.six")),
    ];
  }

  show({ completions, mean }) {
    this.six.forEach((p, i) => p.show(image(completions, i), side, side));
    this.mean = mean.data;
  }

  seen(pixels) {
    if (!this.mean) return pixels;
    const at = this.rows * side, both = pixels.slice();
    both.set(this.mean.subarray(at), at);
    return both;
  }

  redraw() {
    for (const p of this.six) p.draw();
  }
}

const classes = 10;

// A Classified is the chance of each class of what is drawn, and the same style in
// every class.
export class Classified {
  name = "classified";
  rows = side;
  of = "analogies";

  constructor() {
    this.title = t("pad.title");
    this.label = t("pad.label");
    this.help = t("pad.class.help");
    this.bars = Array.from({ length: classes }, (_, k) => {
      const bar = el("span", { class: "bar", "aria-hidden": "true" }), value = el("output", {}, "–");
      return { bar, value, row: el("li", {}, el("span", { class: "class" }, String(k)), bar, value) };
    });
    this.all = Array.from({ length: classes }, (_, k) => new Pixels({ class: "made", "aria-label": t("pad.class.one", { k }) }));
    this.elements = [
      el("div", { class: "classes" }, el("h3", {}, t("pad.class.chances")), el("ol", {}, ...this.bars.map((b) => b.row))),
      el("div", { class: "same" }, el("h3", {}, t("pad.class.same")), el("ol", {}, ...this.all.map((p, k) => el("li", {}, p.element, el("span", { class: "class", "aria-hidden": "true" }, String(k)))))),
    ];
  }

  show({ chances, analogies }) {
    const most = chances.data.indexOf(Math.max(...chances.data));
    this.bars.forEach(({ bar, value, row }, k) => {
      bar.style.setProperty("--chance", chances.data[k].toFixed(4));
      value.textContent = `${Math.round(100 * chances.data[k])} %`;
      row.classList.toggle("chosen", k === most);
    });
    this.all.forEach((p, k) => {
      p.show(image(analogies, k), side, side);
      p.canvas.classList.toggle("chosen", k === most);
    });
  }

  redraw() {
    for (const p of this.all) p.draw();
  }
}

// The gradient norms at the interpolates of the last critic step, as bars around
// the 1 that the penalty pulls them to.
import { el } from "./dom.js";
import { tick, ticks, write } from "./numbers.js";
import { t } from "./strings.js";

const count = 32; // bars

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

export class Histogram {
  constructor() {
    this.canvas = el("canvas", { role: "img", "data-chart": "histogram" });
    this.share = el("span", { class: "value" }, "–");
    this.element = el("figure", { class: "chart" }, el("figcaption", {}, el("span", { class: "name" }, t("histogram"))),
      el("p", { class: "legend" }, el("span", { class: "entry" }, `${t("histogramNear")} `, this.share)), this.canvas);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.canvas);
  }

  end() {
    this.sizes.disconnect();
  }

  // show draws the norms of a frame; it must have been made for a demo with some.
  show(frame) {
    const slopes = frame?.runs[0].slopes?.data;
    if (!slopes) return;
    this.slopes = slopes;
    this.high = reach(slopes, this.high);
    const near = slopes.filter((v) => Math.abs(v - 1) <= 0.1).length / slopes.length;
    this.share.textContent = `${write(100 * near, 2)} %`;
    this.canvas.setAttribute("aria-label", `${t("histogram")}: ${t("histogramNear")} ${this.share.textContent}.`);
    this.draw();
  }

  draw() {
    const { canvas, slopes, high } = this;
    const width = canvas.clientWidth, height = canvas.clientHeight, ratio = devicePixelRatio;
    if (!slopes || !width) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const c = canvas.getContext("2d"), style = getComputedStyle(canvas);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colour = (name) => style.getPropertyValue(`--${name}`), size = parseFloat(style.fontSize);
    c.font = `${size}px ${style.fontFamily}`;
    const box = { left: size * 3.4, top: size * 0.6, width: width - size * 4.2, height: height - size * 2.3 };
    const x = (v) => box.left + (box.width * v) / high, bottom = box.top + box.height;
    const all = bars(slopes, high), most = Math.max(...all, 1), each = box.width / all.length;
    c.fillStyle = colour("series-1");
    all.forEach((n, i) => c.fillRect(box.left + i * each + 0.5, bottom - (box.height * n) / most, each - 1, (box.height * n) / most));
    c.strokeStyle = colour("rule");
    c.strokeRect(box.left, Math.round(bottom) + 0.5, box.width, 0);
    c.strokeStyle = colour("ink");
    c.lineWidth = 2;
    c.strokeRect(Math.round(x(1)), box.top, 0, box.height);
    c.fillStyle = colour("faint");
    c.textAlign = "center";
    for (const v of ticks(0, high, 4)) c.fillText(tick(v), Math.min(x(v), width - size), height - size * 0.25);
  }
}

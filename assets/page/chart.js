// A line chart of some metrics against steps, on a canvas.
import { el } from "./dom.js";
import { labels, ticks, whole, write } from "./numbers.js";
import { colourOf, key, letter } from "./runs.js";
import { doc, known, language, t, title, unit } from "./strings.js";

// What some charts have beside lines: a level that matters, a least range, the
// kind of numbers, that the sign is changed, as figure 5 of WGAN-GP draws losses, or
// that few runs have any.
const looks = {
  critic: { minus: true },
  slope: { level: 1, least: [0, 1.5] },
  modes: { least: [0, 8], least2: [0, 100], whole: true }, // counts on the left, per cent on the right
  distance: { least: [0, 0] },
  parts: { least: [0, 0] },
  temperature: { least: [0, 1] },
  score: { rare: true },
};

const dashes = [[], [6, 3], [2, 2.5]];

export class Chart {
  // columns are {metric, index} of one chart name; titles are the names of several runs,
  // empty for a single run. Each run has a line for each column.
  constructor(name, columns, titles = []) {
    this.titles = titles;
    this.name = name;
    this.look = looks[name] ?? {};
    this.value = (row, index) => (this.look.minus && (row?.[index] ?? null) !== null ? -row[index] : row?.[index] ?? null);
    const find = (end) => columns.find((c) => c.metric.name.endsWith(end));
    this.band = find("-p5") && find("-p95") ? [find("-p5"), find("-p95")] : null;
    this.lines = columns.filter((c) => !this.band?.includes(c)).map((c, i) => ({ ...c, slot: i }));
    // The first unit has the left axis, all others share the right one.
    const first = this.lines[0].metric.unit ?? "";
    for (const line of this.lines) line.right = (line.metric.unit ?? "") !== first;
    this.ranges = [null, null];

    this.canvas = el("canvas", { tabindex: 0, role: "img", "data-chart": name });
    // The values of a line, or of the band, of each run.
    const values = (slot) => (titles.length ? titles : [""]).map((_, run) => el("span", { class: "value", "data-slot": slot, "data-run": run }, "–"));
    const said = (all, slot) => all.flatMap((value, run) => (titles.length ? [" ", key(run, value, titles[run], slot)] : [value]));
    this.keys = this.lines.map((line) => values(line.slot));
    this.bands = this.band ? values("band") : [];
    this.before = el("span", { class: "entry", hidden: true }, el("span", { class: "swatch ghost", "aria-hidden": "true" }), t("ghostShort"));
    const legend = el("p", { class: "legend" }, ...this.lines.map((line, i) =>
      el("span", { class: "entry", title: doc(`metric.${line.metric.name}`, line.metric) },
        el("span", { class: `swatch s${line.slot}`, "aria-hidden": "true", hidden: titles.length > 0 }), this.called(line), " ", ...said(this.keys[i], line.slot))),
    this.before,
    ...(this.band ? [el("span", { class: "entry" }, el("span", { class: "swatch band", "aria-hidden": "true" }), t("band"), " ", ...said(this.bands, 0))] : []));
    this.title = known(`chart.${name}`) ? t(`chart.${name}`) : name;
    const units = first && !this.lines.some((l) => l.right) ? el("span", { class: "unit" }, unit(first)) : "";
    this.stepped = el("span", { class: "unit stepped" });
    this.element = el("figure", { class: "chart" }, el("figcaption", {}, el("span", { class: "name" }, this.title), " ", units, this.stepped), legend, this.canvas);

    this.canvas.addEventListener("pointermove", (e) => this.point(this.stepAt(e.offsetX)));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("blur", () => this.point(null));
    this.canvas.addEventListener("keydown", (e) => this.key(e));
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.canvas);
  }

  end() {
    this.sizes.disconnect();
  }

  // history is that of the first run, whose rows all lines are read off at.
  get history() {
    return this.histories?.[0];
  }

  // called returns a line's name, without the part that the chart's title already says.
  called({ metric }) {
    const short = `line.${metric.of}.${metric.name}`;
    return known(short) ? t(short) : title(`metric.${metric.name}`, metric);
  }

  // show draws the histories of all runs, with their newest numbers {step, values} in
  // last, and faintly that of the previous run, which may be null. Rows after step at are
  // faint, too.
  show(histories, last, ghost = null, at = undefined) {
    this.histories = histories;
    this.last = last;
    this.ghost = ghost;
    this.before.hidden = !ghost;
    this.scrubbed = at;
    // What a trained run does not tell, such as the penalty of one that has none.
    this.element.hidden = histories.every((h) => (this.look.rare || h.last?.step > 0) && !this.lines.some(({ index }) => [...h.rows, h.last?.values].some((r) => (r?.[index] ?? null) !== null)));
    this.draw();
  }

  // point reads off the row nearest to a step, or the newest numbers if step is null.
  point(step) {
    this.pointed = step;
    this.draw();
  }

  key(e) {
    const h = this.history;
    if (!h?.steps.length || !["ArrowLeft", "ArrowRight", "Home", "End", "Escape"].includes(e.key)) return;
    e.preventDefault();
    e.stopPropagation();
    const n = h.steps.length, at = this.pointed === undefined || this.pointed === null ? n - 1 : h.near(this.pointed);
    const by = Math.max(1, Math.round(n / 50));
    const to = { ArrowLeft: at - by, ArrowRight: at + by, Home: 0, End: n - 1 }[e.key];
    this.point(to === undefined ? null : h.steps[Math.min(n - 1, Math.max(0, to))]);
    this.label();
  }

  stepAt(x) {
    const h = this.history;
    if (!h?.steps.length || !this.box) return null;
    return this.first + ((x - this.box.left) / this.box.width) * (this.lastStep - this.first);
  }

  // label says the chart in words.
  label() {
    const said = (values) => values.map((value, run) => (this.titles.length ? `${letter(run)} ` : "") + value.textContent).join(", ");
    const parts = this.lines.map((line, i) => `${this.called(line)} ${said(this.keys[i])}`);
    this.canvas.setAttribute("aria-label", `${this.title}: ${parts.join(", ")}. ${this.stepped.textContent}. ${t("chartHint")}`);
  }

  draw() {
    const { canvas, history, histories } = this;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (!history || !width) return;
    const ratio = devicePixelRatio;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const c = canvas.getContext("2d");
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, height);
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(`--${name}`);
    const size = parseFloat(style.fontSize);
    c.font = `${size}px ${style.fontFamily}`;

    const box = this.box = { left: 0, top: size * 0.6, width: 0, height: height - size * 2.3 };
    const axes = [false, true].map((side) => this.axis(side, box));
    const wide = (axis) => Math.max(0, ...axis.labels.map((text) => c.measureText(text).width));
    box.left = Math.max(size * 3.4, wide(axes[0]) + size * 0.8);
    box.width = width - box.left - (axes[1] ? Math.max(size * 3.6, wide(axes[1]) + size * 0.7) : size * 0.8);

    const shown = this.now();
    this.lines.forEach((line, i) => this.keys[i].forEach((key, run) => {
      const v = this.value(shown[run]?.values, line.index);
      key.textContent = this.look.whole && !line.right && v !== null ? String(v) : write(v) + (line.right && v !== null ? "%" : "");
    }));
    this.bands.forEach((key, run) => {
      const ends = this.band.map((b) => shown[run]?.values[b.index] ?? null);
      key.textContent = ends.includes(null) ? "–" : ends.map((v) => write(v, 2)).join(" – ");
    });
    this.stepped.textContent = shown[0] ? t("atStep", { step: whole(shown[0].step, language()) }) : "";

    this.first = history.steps[0] ?? 0;
    const end = Math.max(...histories.map((h) => h.last?.step ?? 0));
    this.lastStep = Math.max(end, Math.min(this.ghost?.last?.step ?? 0, 4 * Math.max(end, 500)), this.first + 100);
    const x = (step) => box.left + (box.width * (step - this.first)) / (this.lastStep - this.first);
    const several = histories.length > 1;
    c.fillStyle = colour("faint");
    if (!axes[0].known && !axes[1]?.known && !this.ghost) {
      c.textAlign = "center";
      c.textBaseline = "middle";
      c.fillText(t("notMeasured"), width / 2, height / 2, width);
      return;
    }

    // The frame: levels and steps.
    c.lineWidth = 1;
    c.textBaseline = "middle";
    axes.forEach((axis, side) => axis?.ticks.forEach((v, i) => {
      const y = Math.round(axis.y(v)) + 0.5;
      if (!side) {
        c.strokeStyle = colour("rule");
        c.beginPath();
        c.moveTo(box.left, y);
        c.lineTo(box.left + box.width, y);
        c.stroke();
      }
      c.textAlign = side ? "left" : "right";
      c.fillStyle = colour("faint");
      c.fillText(axis.labels[i], side ? box.left + box.width + size * 0.5 : box.left - size * 0.6, y);
    }));
    c.textBaseline = "alphabetic";
    c.textAlign = "center";
    c.fillStyle = colour("faint");
    const room = c.measureText(whole(this.lastStep, language())).width + size;
    for (const v of ticks(this.first, this.lastStep, Math.max(1, Math.floor(box.width / Math.max(room, size * 5))))) {
      const text = whole(v, language()), half = c.measureText(text).width / 2;
      c.fillText(text, Math.min(Math.max(x(v), half), width - half - 1), height - size * 0.25);
    }

    c.save();
    c.beginPath();
    c.rect(box.left - 2, box.top - 2, box.width + 4, box.height + 4);
    c.clip();
    if (this.look.level !== undefined) {
      const y = Math.round(axes[0].y(this.look.level)) + 0.5;
      c.strokeStyle = colour("muted");
      c.setLineDash([1, 3]);
      c.beginPath();
      c.moveTo(box.left, y);
      c.lineTo(box.left + box.width, y);
      c.stroke();
    }
    if (this.band) {
      const [low, high] = this.band.map((b) => (row) => row[b.index] ?? null);
      histories.forEach((h, run) => {
        c.fillStyle = several ? colour(colourOf(run)) : colour("band");
        c.globalAlpha = several ? 0.13 : 1;
        for (const part of pieces(h, (row) => (low(row) === null || high(row) === null ? null : [low(row), high(row)]))) {
          c.beginPath();
          for (const [s, [, v]] of part) c.lineTo(x(s), axes[0].y(v));
          for (const [s, [v]] of part.toReversed()) c.lineTo(x(s), axes[0].y(v));
          c.fill();
        }
      });
      c.globalAlpha = 1;
    }
    c.lineJoin = "round";
    const dot = (step, y, radius) => {
      c.beginPath();
      c.arc(x(step), y, radius, 0, 7);
      c.fill();
    };
    const trace = (h, line, alpha, name, until = Infinity) => {
      const { y } = axes[line.right ? 1 : 0];
      c.globalAlpha = alpha;
      c.strokeStyle = c.fillStyle = colour(name);
      c.lineWidth = line.slot === 0 ? 1.8 : 1.6;
      c.setLineDash(dashes[line.slot % dashes.length]);
      const value = (row, step) => {
        const v = step > until ? null : this.value(row, line.index);
        return v !== null && Number.isFinite(y(v)) ? v : null;
      };
      for (const part of pieces(h, value)) {
        c.beginPath();
        for (const [s, v] of part) c.lineTo(x(s), y(v));
        c.stroke();
        if (part.length === 1) dot(part[0][0], y(part[0][1]), 1.8);
      }
      // The newest numbers are not a row: no line leads to them.
      const { last } = h, newest = last && last.step !== h.steps.at(-1) ? value(last.values, last.step) : null;
      if (newest !== null) dot(last.step, y(newest), 1.8);
      c.globalAlpha = 1;
    };
    const marked = this.marked() ? shown : [];
    for (const line of this.lines.toReversed()) {
      if (this.ghost) trace(this.ghost, line, 0.45, "faint");
      histories.toReversed().forEach((h, back) => {
        const run = histories.length - 1 - back, name = several ? colourOf(run) : `series-${line.slot}`;
        trace(h, line, this.scrubbed === undefined ? 1 : 0.35, name);
        if (this.scrubbed !== undefined) trace(h, line, 1, name, this.scrubbed);
        const v = this.value(marked[run]?.values, line.index);
        if (v === null) return;
        c.setLineDash([]);
        c.fillStyle = colour(name);
        dot(marked[run].step, axes[line.right ? 1 : 0].y(v), 3);
      });
    }
    if (several) this.letters(c, histories.map((h) => [x(h.last?.step ?? 0), axes[0].y(this.value(h.last?.values, this.lines[0].index) ?? NaN)]), box, size, colour);
    const step = marked[0]?.step;
    if (step !== undefined) {
      const px = Math.round(x(step)) + 0.5;
      c.setLineDash([]);
      c.lineWidth = 1;
      c.strokeStyle = colour("muted");
      c.beginPath();
      c.moveTo(px, box.top);
      c.lineTo(px, box.top + box.height);
      c.stroke();
    }
    c.restore();
    if (step !== undefined) this.stepTag(c, x(step), step, width, height, size, colour);
  }

  // marked reports whether a step is read off: under the pointer, or a checkpoint's.
  marked() {
    return (this.pointed ?? this.scrubbed) !== undefined && this.history.steps.length > 0;
  }

  // now returns the numbers read off for each run, {step, values}: those of the row
  // nearest to the pointer's step, otherwise the newest numbers or those of the
  // checkpoint shown; null if they are not known.
  now() {
    if ((this.pointed ?? null) === null) return this.last;
    const at = this.history.near(this.pointed);
    return this.histories.map((h) => {
      const i = at < 0 ? -1 : h.near(this.history.steps[at]);
      return i < 0 ? null : { step: h.steps[i], values: h.rows[i] };
    });
  }

  // letters writes each run's letter at the end of its first line, without overlaps.
  letters(c, ends, box, size, colour) {
    const last = ends.map(([x, y], run) => ({ run, x, y })).filter(({ y }) => Number.isFinite(y)).sort((a, b) => a.y - b.y);
    let low = box.top + size / 2; // the highest place of the next letter's middle
    last.forEach((at, i) => {
      const room = box.top + box.height - size * (last.length - i - 0.5);
      at.y = Math.max(low, Math.min(at.y, room));
      low = at.y + size;
    });
    c.save();
    c.setLineDash([]);
    c.font = `600 ${c.font}`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.lineWidth = 3;
    c.lineJoin = "round";
    c.strokeStyle = colour("paper");
    for (const { run, x, y } of last) {
      const px = Math.min(x + size * 0.7, box.left + box.width - size * 0.5);
      c.strokeText(letter(run), px, y);
      c.fillStyle = colour(colourOf(run));
      c.fillText(letter(run), px, y);
    }
    c.restore();
  }

  stepTag(c, x, step, width, height, size, colour) {
    const text = whole(step, language()), half = c.measureText(text).width / 2 + size * 0.4;
    const middle = Math.min(Math.max(x, half), width - half);
    c.fillStyle = colour("ink");
    c.beginPath();
    c.roundRect(middle - half, height - size * 1.35, 2 * half, size * 1.35, 3);
    c.fill();
    c.fillStyle = colour("surface");
    c.textAlign = "center";
    c.fillText(text, middle, height - size * 0.3);
  }

  // axis returns the ticks of one side with their labels, its map, and whether any of its
  // numbers is known; null if no line uses it.
  axis(right, box) {
    const lines = this.lines.filter((l) => l.right === right);
    if (!lines.length) return null;
    const indices = lines.map((l) => l.index);
    if (this.band && !right) indices.push(...this.band.map((b) => b.index));
    const rows = this.histories.flatMap((h) => (h.last ? [...h.rows, h.last.values] : []));
    const values = rows.flatMap((r) => indices.map((i) => this.value(r, i))).filter((v) => v !== null).sort((a, b) => a - b);
    // The first steps of a run are wild: they may leave the picture.
    const cut = values.length > 60 ? Math.floor(values.length * 0.015) : 0;
    let low = values[cut] ?? 0, high = values[values.length - 1 - cut] ?? 1;
    const least = right ? this.look.least2 : this.look.least;
    if (least) [low, high] = [Math.min(low, least[0]), Math.max(high, least[1])];
    const log = !least && low > 0 && high / low > 30;
    if (log) [low, high] = [Math.log10(low), Math.log10(high)];
    const range = this.ranges[+right] = settle(this.ranges[+right], low, high, log, least);
    const y = (v) => box.top + box.height * (1 - ((log ? Math.log10(v) : v) - range.low) / (range.high - range.low));
    const n = Math.max(2, Math.floor(box.height / 26));
    let all = log ? ticks(range.low, range.high, n).filter(Number.isInteger).map((e) => 10 ** e) : ticks(range.low, range.high, n);
    if (this.look.whole && !right) all = range.high <= 8 ? [0, 4, 8] : all.filter(Number.isInteger);
    return { y, ticks: all, labels: labels(all).map((text) => text + (right ? "%" : "")), known: values.length > 0 };
  }
}

// pieces splits a history's rows at gaps, into lists of [step, value(row, step)]. A
// missing row is a gap, and so is one whose value is null.
export function pieces(history, value) {
  const all = [];
  let open = false;
  history.rows.forEach((row, i) => {
    const v = value(row, history.steps[i]);
    if (v !== null) {
      if (!open || !history.follows(i)) all.push([]);
      all.at(-1).push([history.steps[i], v]);
    }
    open = v !== null;
  });
  return all;
}

// settle returns a range around [low, high] that only changes where it must, so
// that a chart stands still while its line moves.
function settle(range, low, high, log, least) {
  const fits = range && range.log === log && low >= range.low && high <= range.high;
  if (fits && high - low > 0.45 * (range.high - range.low)) return range;
  const span = Math.max(high - low, 1e-3 * Math.max(Math.abs(low), Math.abs(high))) || 1;
  const step = 10 ** Math.floor(Math.log10(span)) / (span / 10 ** Math.floor(Math.log10(span)) < 4 ? 5 : 2);
  const next = { log, low: Math.floor(low / step + 1e-9) * step, high: Math.ceil(high / step - 1e-9) * step };
  if (!(next.high > next.low)) next.high = next.low + step;
  if (fits && next.high - next.low > 0.7 * (range.high - range.low) && !least) return range;
  return next;
}

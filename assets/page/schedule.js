// The temperature over the steps of a run: a curve with handles for the settings
// that make it. The settings stay the one truth: a handle only asks for a change.
import { el, svg, widest } from "./dom.js";
import { exact, tick, ticks, whole, write } from "./numbers.js";
import { own } from "./own.js";
import { colourOf, letter } from "./runs.js";
import { choice, language, t } from "./strings.js";

export const shapes = ["exponential", "linear", "stepwise", "slope", "constant"];

const read = (values) => ({
  shape: values.schedule, first: Number(values.temperature), least: Number(values["least-temperature"]),
  rate: Number(values.anneal), every: Number(values["anneal-every"]),
});

// temperature returns τ at a step, as core/gumbel's Schedule does, of the settings
// as text.
export function temperature(values, step) {
  const { shape, first, least, rate, every } = read(values);
  const at = Math.floor(step / every) * every;
  switch (shape) {
    case "linear":
      return Math.max(least, first * (1 - rate * at));
    case "stepwise":
      return Math.max(least, first * 2 ** -Math.floor((rate * at) / Math.LN2));
    case "slope":
      return Math.max(least, first / (1 + rate * at));
    case "constant":
      return first;
  }
  return Math.max(least, first * Math.exp(-rate * at));
}

// fall returns rate times the step at which the least temperature is reached, 0
// where it is from the first.
function fall({ shape, first, least }) {
  if (first <= least) return 0;
  if (shape === "linear") return 1 - least / first;
  if (shape === "stepwise") return Math.ceil(Math.log2(first / least) - 1e-9) * Math.LN2;
  if (shape === "slope") return first / least - 1;
  return Math.log(first / least);
}

// reach returns the step at which the least temperature is reached, but for the
// steps between changes: Infinity for never.
export function reach(values) {
  const s = read(values), f = s.shape === "constant" ? Infinity : fall(s);
  return f === 0 ? 0 : s.rate > 0 ? f / s.rate : Infinity;
}

// rateFor returns the rate with which the least temperature is reached at a step.
export const rateFor = (values, step) => fall(read(values)) / step;

const round = (x) => Number(x.toPrecision(3));

// ends returns what the picture reaches to: the last step, and the lowest and
// highest temperature, round numbers with room for the handles.
export function ends(values, step) {
  const up = (x) => [1, 2, 5, 10].map((k) => k * 10 ** Math.floor(Math.log10(x))).find((v) => v >= x * 0.999);
  const down = (x) => [5, 2, 1].map((k) => k * 10 ** Math.floor(Math.log10(x))).find((v) => v <= x * 1.001);
  const { first, least } = read(values), knee = reach(values);
  const last = Math.max(1.4 * step, Number.isFinite(knee) ? 1.5 * knee : 0, 100);
  return { last: up(last), low: down(0.7 * Math.min(first, least)), high: up(1.4 * Math.max(first, least)) };
}

const names = { first: "temperature", least: "least-temperature", reach: "anneal" };

// An editor of the schedule. change(name, text) is called with a setting that the
// person chose, as a form does; show the values that came of it.
export class Schedule {
  constructor(change) {
    this.change = change;
    this.picture = svg("svg", { class: "plot", role: "group", "aria-label": t("schedule.picture") });
    this.back = svg("g", { "aria-hidden": "true" });
    this.curve = svg("path", { class: "curve" });
    this.others = svg("g", { class: "others", "aria-hidden": "true" }); // the curves of other runs
    this.now = svg("g", { class: "now", "aria-hidden": "true" });
    this.handles = Object.fromEntries(Object.keys(names).map((name) => [name, this.handle(name)]));
    this.picture.append(this.back, this.others, this.curve, this.now, ...Object.values(this.handles));

    this.radios = shapes.map((shape) => el("input", { type: "radio", name: "schedule-shape", value: shape, class: "unseen" }));
    for (const radio of this.radios) radio.onchange = () => change("schedule", radio.value);
    this.formula = el("output", { class: "formula" });
    this.element = el("section", { class: "schedule" },
      el("h2", {}, t("schedule.title")),
      el("fieldset", { class: "segments" }, el("legend", { class: "unseen" }, t("schedule.shape")),
        ...this.radios.map((radio) => el("label", {}, radio, el("span", {}, choice("schedule", radio.value))))),
      this.picture, el("p", { class: "line" }, this.formula), el("p", { class: "help" }, t("schedule.help")));
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.picture);
  }

  end() {
    this.sizes.disconnect();
  }

  // show draws the schedules of the settings of all runs, and where these stand. The
  // handles are the first run's.
  show(runs, step) {
    if (!runs[0].schedule) return;
    Object.assign(this, { runs, values: runs[0], step });
    this.draw();
  }

  // reach returns what the picture reaches to: all that each run's does.
  reach() {
    const all = this.runs.map((values) => ends(values, this.step));
    return { last: Math.max(...all.map((e) => e.last)), low: Math.min(...all.map((e) => e.low)), high: Math.max(...all.map((e) => e.high)) };
  }

  handle(name) {
    const g = svg("g", { role: "slider", tabindex: 0, class: `handle ${name}`, "data-handle": name, "aria-label": t(`schedule.${name}`), "aria-orientation": name === "reach" ? "horizontal" : "vertical" },
      svg("circle", { r: 22, class: "target" }), svg("circle", { r: 11, class: "ring" }), svg("path", { d: name === "reach" ? "M0-7 7 0 0 7-7 0z" : "M-6-6H6V6H-6z", class: "mark" }));
    g.addEventListener("keydown", (e) => this.key(name, e));
    g.addEventListener("pointerdown", (e) => {
      g.setPointerCapture(e.pointerId);
      g.focus();
      this.held = name; // what the picture reaches to stays meanwhile
      e.preventDefault();
    });
    g.addEventListener("pointermove", (e) => this.held === name && this.drag(name, e));
    for (const end of ["pointerup", "pointercancel"]) {
      g.addEventListener(end, () => {
        this.held = null;
        this.draw();
      });
    }
    return g;
  }

  drag(name, e) {
    const box = this.picture.getBoundingClientRect();
    if (name === "reach") this.ask(name, Math.max(1, this.stepAt(e.clientX - box.left)));
    else this.ask(name, this.tauAt(e.clientY - box.top));
  }

  key(name, e) {
    const larger = own({ ArrowUp: 1.05, ArrowRight: 1.05, PageUp: 1.5, ArrowDown: 1 / 1.05, ArrowLeft: 1 / 1.05, PageDown: 1 / 1.5 }, e.key);
    if (!larger) return;
    e.preventDefault();
    e.stopPropagation();
    const now = name === "reach" ? Math.min(reach(this.values), this.ends.last) : Number(this.values[names[name]]);
    this.ask(name, now * larger ** (e.shiftKey ? 4 : 1));
  }

  // ask asks for the setting that puts a handle to a temperature or a step.
  ask(name, x) {
    const text = name === "reach" ? Math.min(1, rateFor(this.values, x)) : Math.min(100, Math.max(0.01, x));
    this.change(names[name], String(round(text)));
  }

  stepAt(x) {
    return Math.min(1, Math.max(0, (x - this.box.left) / this.box.width)) * this.ends.last;
  }

  tauAt(y) {
    const { low, high } = this.ends, part = Math.min(1, Math.max(0, 1 - (y - this.box.top) / this.box.height));
    return low * (high / low) ** part;
  }

  draw() {
    const width = this.picture.clientWidth, height = this.picture.clientHeight;
    const { values, step } = this;
    if (!values || !width) return;
    if (!this.held || !this.ends) this.ends = this.reach();
    const { last, low, high } = this.ends, size = parseFloat(getComputedStyle(this.picture).fontSize);
    const levels = [];
    for (let e = Math.floor(Math.log10(low)); 10 ** e <= high; e++) levels.push(...[1, 2, 5].map((k) => round(k * 10 ** e)).filter((v) => v >= low * 0.999 && v <= high * 1.001));
    const left = Math.max(size * 3.8, widest(this.picture, levels.map(tick)) + size * 1.3); // the handles need the rest
    const box = this.box = { left, top: size * 0.8, width: width - left - size * 1.4, height: height - size * 2.8 };
    const x = (s) => box.left + (box.width * Math.min(s, last)) / last;
    const y = (tau) => box.top + box.height * (1 - Math.log(tau / low) / Math.log(high / low));
    this.picture.setAttribute("viewBox", `0 0 ${width} ${height}`);

    this.back.replaceChildren(
      ...levels.flatMap((v) => [svg("path", { d: `M${box.left} ${y(v)}h${box.width}` }), svg("text", { x: box.left - size * 1.1, y: y(v) + size * 0.35, class: "end" }, tick(v))]),
      ...ticks(0, last, Math.max(1, Math.floor(box.width / (size * 7)))).map((s) => svg("text", { x: x(s), y: height - size * 0.4, class: s > 0.95 * last ? "end" : "middle" }, whole(s, language()))),
    );
    // A point a pixel, and both ends of every jump.
    const curve = (values) => {
      let d = "", before;
      for (let px = 0; px <= box.width; px++) {
        const tau = temperature(values, (last * px) / box.width);
        if (before === undefined) d += `M${box.left} ${y(tau).toFixed(1)}`;
        else if (tau !== before && (values.schedule === "stepwise" || Number(values["anneal-every"]) > (2 * last) / box.width)) d += `H${box.left + px}V${y(tau).toFixed(1)}`;
        else d += `L${box.left + px} ${y(tau).toFixed(1)}`;
        before = tau;
      }
      return d;
    };
    this.curve.setAttribute("d", curve(values));
    const several = this.runs.length > 1;
    this.others.replaceChildren(...(several ? this.runs : []).flatMap((other, run) => {
      const name = svg("text", { x: box.left + box.width + size * 0.3, y: y(temperature(other, last)) + size * (0.35 + 0.9 * (run - 0.5)), class: "run" }, letter(run));
      name.style.fill = `var(--${colourOf(run)})`;
      if (run === 0) return [name]; // its curve is drawn
      const path = svg("path", { class: "curve", d: curve(other), "data-run": run });
      path.style.stroke = `var(--${colourOf(run)})`;
      return [path, name];
    }));

    const tau = temperature(values, step);
    this.now.replaceChildren(svg("path", { d: `M${x(step)} ${box.top}v${box.height}` }), svg("circle", { cx: x(step), cy: y(tau), r: 4.5 }));
    this.place("first", box.left, y(Number(values.temperature)), Number(values.temperature), 0.01, 100, `τ ${write(Number(values.temperature))}`);
    const falls = values.schedule !== "constant", least = Number(values["least-temperature"]);
    this.place("least", falls && box.left + box.width, y(least), least, 0.01, 100, `τ ${write(least)}`);
    const knee = reach(values), far = Math.min(knee, last);
    this.place("reach", falls && knee > 0 && x(far), y(temperature(values, far)), Math.round(far), 1, last,
      Number.isFinite(knee) ? t("schedule.reachText", { step: whole(Math.round(knee), language()), rate: exact(Number(values.anneal)) }) : t("schedule.never"));

    for (const radio of this.radios) radio.checked = radio.value === values.schedule;
    const said = (values) => `${formula(values)} · ${t("schedule.now", { tau: write(temperature(values, step)), step: whole(step, language()) })}`;
    this.formula.textContent = several ? this.runs.map((values, run) => `${letter(run)}: ${said(values)}`).join(" ") : said(values);
  }

  // place moves a handle, hidden where x is false.
  place(name, x, y, now, min, max, text) {
    const g = this.handles[name];
    g.classList.toggle("gone", x === false);
    g.setAttribute("tabindex", x === false ? -1 : 0);
    g.setAttribute("aria-disabled", x === false);
    if (x === false) return;
    g.setAttribute("transform", `translate(${x} ${y})`);
    for (const [key, value] of Object.entries({ now, min, max, text })) g.setAttribute(`aria-value${key}`, value);
  }
}

// formula returns the schedule as a formula with its numbers; t is the step.
export function formula(values) {
  const { shape, first, least, rate } = read(values), n = exact;
  switch (shape) {
    case "linear":
      return `τ = max(${n(least)}, ${n(first)}·(1 − ${n(rate)}·t))`;
    case "stepwise":
      return `τ = max(${n(least)}, ${n(first)}·2^−⌊${n(rate)}·t / ln 2⌋)`;
    case "slope":
      return `τ = max(${n(least)}, ${n(first)} / (1 + ${n(rate)}·t))`;
    case "constant":
      return `τ = ${n(first)}`;
  }
  return `τ = max(${n(least)}, ${n(first)}·e^(−${n(rate)}·t))`;
}

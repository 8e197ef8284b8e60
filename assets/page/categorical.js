// One choice between three classes by hand: its logits, the noise of a draw, the
// temperature, and what the gradient of an objective is worth.
import { el } from "./dom.js";
import { slider, tick, whole, write } from "./numbers.js";
import { choice, language, t } from "./strings.js";

const classes = [0, 1, 2];
const temperature = slider({ kind: "float", min: 0.05, max: 10, log: true });
const estimators = ["gumbel-softmax", "straight-through"];

// rows returns the table's numbers of one draw, {name, values}, a value a class.
export function rows(tensors) {
  const of = (name) => Array.from(tensors[name].data);
  const logits = of("logits"), noise = of("noise");
  return [
    { name: "logits", values: logits },
    { name: "noise", values: noise },
    { name: "sum", values: classes.map((k) => logits[k] + noise[k]) },
    { name: "perturbed", values: of("perturbed") },
    { name: "sample", values: of("sample") },
    { name: "hard", values: of("hard") },
  ];
}

// The panel of a run. change(name, text) is called if the person changes a setting, as in
// a form; draw() if they ask for new noise.
export class Categorical {
  constructor(change, draw, run = 0) {
    const tau = `categorical-tau${run || ""}`;
    this.bars = classes.map((k) => {
      const input = el("input", { type: "range", class: "upright", min: -5, max: 5, step: 0.1, "aria-label": t("categorical.logit", { k: k + 1 }), "data-logit": k + 1 });
      input.oninput = () => change(`logit-${k + 1}`, input.value);
      const bar = el("div", { class: "bar", "aria-hidden": "true" }, el("span", { class: "sample" }), el("span", { class: "chance" }), el("span", { class: "share" }));
      const value = el("output", {});
      return { input, bar, value, element: el("div", { class: "class" }, bar, el("span", { class: "name", "aria-hidden": "true" }, String(k + 1)), input, value) };
    });
    const entry = (name) => el("span", { class: "entry" }, el("span", { class: `sign ${name}`, "aria-hidden": "true" }), t(`categorical.${name}`));

    this.tau = el("input", { type: "range", min: 0, max: 1000, step: 1, id: tau, "data-categorical": "temperature" });
    this.tau.oninput = () => change("temperature", String(temperature.value(this.tau.value / 1000)));
    this.tauValue = el("output", { for: tau });
    this.radios = estimators.map((name) => el("input", { type: "radio", name: `categorical-estimator${run || ""}`, value: name, class: "unseen" }));
    for (const radio of this.radios) radio.onchange = () => change("estimator", radio.value);
    const button = el("button", { type: "button", class: "main", "data-categorical": "draw", title: t("categorical.drawHint") }, t("categorical.draw"));
    button.onclick = draw;

    this.numbers = this.table(t("categorical.present"), ["logits", "noise", "sum", "perturbed", "sample", "hard"]);
    this.gradient = this.table(t("categorical.gradient"), ["exact", "gradient"]);
    this.help = el("p", { class: "help" });
    this.bias = el("dd", { "data-categorical": "bias" }, "–");
    this.variance = el("dd", { "data-categorical": "variance" }, "–");
    this.element = el("section", { class: "categorical" },
      el("h2", {}, t("categorical.title")),
      el("div", { class: "desk" },
        el("div", { class: "choose" },
          el("div", { class: "classes", role: "group", "aria-label": t("categorical.logits") }, ...this.bars.map((b) => b.element)),
          el("p", { class: "legend" }, entry("sample"), entry("chance"), entry("share"))),
        el("div", { class: "controls" },
          el("div", { class: "tau" }, el("label", { for: tau }, t("categorical.temperature")), this.tauValue, this.tau),
          el("fieldset", { class: "segments" }, el("legend", { class: "unseen" }, t("categorical.estimator")),
            ...this.radios.map((radio) => el("label", {}, radio, el("span", {}, choice("estimator", radio.value))))),
          this.numbers.element, el("div", { class: "row" }, button),
          this.gradient.element,
          el("dl", { class: "worth" },
            el("div", {}, el("dt", {}, t("categorical.bias")), this.bias),
            el("div", {}, el("dt", {}, t("categorical.variance")), this.variance)),
          this.help)));
  }

  table(caption, names) {
    const cells = names.map(() => classes.map(() => el("td", {}, "–")));
    const element = el("table", {}, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("categorical.class")), ...classes.map((k) => el("th", { scope: "col" }, String(k + 1))))),
      el("tbody", {}, ...names.map((name, i) => el("tr", {}, el("th", { scope: "row" }, t(`categorical.row.${name}`)), ...cells[i]))));
    return { element, cells, names };
  }

  // show writes what a frame's tensors say, and the settings as they stand.
  show(tensors, values) {
    if (!tensors.logits) return;
    const of = (name) => tensors[name].data, counts = of("counts"), all = counts[0] + counts[1] + counts[2];
    this.bars.forEach(({ input, bar, value }, k) => {
      const logit = values[`logit-${k + 1}`];
      if (document.activeElement !== input) input.value = logit;
      input.setAttribute("aria-valuetext", `${tick(Number(logit))}, ${t("categorical.chance")} ${write(of("chances")[k], 2)}`);
      value.textContent = tick(Number(logit));
      for (const [name, x] of Object.entries({ sample: of("sample")[k], chance: of("chances")[k], share: counts[k] / all })) bar.style.setProperty(`--${name}`, x.toFixed(4));
      bar.classList.toggle("hard", of("hard")[k] === 1);
    });
    const tau = Number(values.temperature);
    if (document.activeElement !== this.tau) this.tau.value = 1000 * temperature.position(tau);
    this.tau.setAttribute("aria-valuetext", write(tau));
    this.tauValue.textContent = write(tau);
    for (const radio of this.radios) radio.checked = radio.value === values.estimator;

    rows(tensors).forEach(({ name, values: numbers }, i) => numbers.forEach((x, k) => {
      const cell = this.numbers.cells[i][k];
      cell.textContent = name === "hard" ? String(x) : write(x);
      cell.classList.toggle("most", of("hard")[k] === 1);
    }));
    this.gradient.names.forEach((name, i) => of(name).forEach((x, k) => this.gradient.cells[i][k].textContent = write(x)));
    const [bias, error, variance, n] = of("estimate");
    this.bias.textContent = `${write(bias)} ± ${write(error, 2)}`;
    this.variance.textContent = write(variance);
    this.gradient.element.caption.textContent = `${t("categorical.gradient")} · ${t("categorical.of", { n: whole(n, language()) })}`;
    this.help.textContent = t(`categorical.help.${values.estimator}`);
  }
}

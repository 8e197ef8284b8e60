// The numbers that tell how a run does.
import { el } from "./dom.js";
import { whole, write } from "./numbers.js";
import { has, own } from "./own.js";
import { doc, language, t, title, unit } from "./strings.js";

// Modes of the data sets that have some.
export const modesOf = { "8gaussians": 8, "25gaussians": 25 };

// The read-outs of each experiment: metrics, if the experiment has them, and rare ones if
// it is known; a band is a pair of metrics said beside it.
const table = {
  "wgan-gp": [
    { name: "modes", digits: 0, of: (values) => own(modesOf, values.data) },
    { name: "quality", digits: 2 },
    { name: "w1" },
    { name: "estimate" },
    { name: "slope-mean", band: ["slope-p5", "slope-p95"] },
  ],
  "gumbel-vae": [
    { name: "elbo" },
    { name: "bound" },
    { name: "reconstruction" },
    { name: "kl" },
    { name: "gap" },
    { name: "temperature" },
  ],
  "gumbel-sop": [
    { name: "nll" },
    { name: "nll-mean" },
    { name: "loss" },
    { name: "temperature" },
  ],
  "gumbel-semi": [
    { name: "accuracy" },
    { name: "elbo" },
    { name: "labelled" },
    { name: "unlabelled" },
    { name: "classification" },
    { name: "temperature" },
  ],
  "wgan-mnist": [
    { name: "estimate" },
    { name: "validation-estimate" },
    { name: "slope-mean" },
    { name: "score", rare: true },
  ],
  "gumbel-categorical": [
    { name: "bias" },
    { name: "variance" },
    { name: "entropy" },
    { name: "softness" },
  ],
};

// Of many runs only these stand in the table.
const few = ["modes", "w1", "estimate", "slope-mean", "elbo", "bound", "nll", "nll-mean", "accuracy", "validation-estimate"];

export class Readouts {
  // titles are what several runs are called; one run has none.
  constructor(box, experiment, titles = []) {
    this.index = Object.fromEntries(experiment.metrics.map((m, i) => [m.name, i]));
    const runs = Math.max(1, titles.length);
    this.rows = table[experiment.name].filter((row) => has(this.index, row.name)).map((row) => {
      const metric = experiment.metrics.find((m) => m.name === row.name);
      const cells = Array.from({ length: runs }, (_, run) => ({
        value: el("span", { class: "number", "data-metric": row.name, "data-run": run }, "–"),
        beside: el("span", { class: "beside" }),
      }));
      return { ...row, metric, cells };
    });
    this.stepped = el("p", { class: "stepped" });
    box.classList.toggle("several", runs > 1);
    const name = ({ metric }) => [title(`metric.${metric.name}`, metric), doc(`metric.${metric.name}`, metric)];
    if (runs === 1) {
      box.replaceChildren(el("dl", {}, ...this.rows.map((row) => {
        const [words, hint] = name(row);
        return row.element = el("div", { class: "readout", title: hint }, el("dt", {}, words), el("dd", {}, row.cells[0].value, " ", row.cells[0].beside));
      })), this.stepped);
      return;
    }
    const cell = (row, run) => el("td", {}, row.cells[run].value);
    const heads = (rows) => rows.map((row) => el("th", { scope: "col", title: name(row)[1] }, name(row)[0]));
    const rows = runs > 2 ? this.rows.filter((row) => few.includes(row.name)) : this.rows;
    // Two runs stand beside each other, more of them below each other.
    box.replaceChildren(runs === 2
      ? el("table", {}, el("thead", {}, el("tr", {}, el("td"), ...titles.map((words) => el("th", { scope: "col" }, words)))),
        el("tbody", {}, ...rows.map((row) => row.element = el("tr", { title: name(row)[1] }, el("th", { scope: "row" }, name(row)[0]), cell(row, 0), cell(row, 1)))))
      : el("table", { class: "many" }, el("thead", {}, el("tr", {}, el("td"), ...heads(rows))),
        el("tbody", {}, ...titles.map((words, run) => el("tr", {}, el("th", { scope: "row" }, words), ...rows.map((row) => cell(row, run)))))), this.stepped);
  }

  // show writes the last {step, values} of each run; values has the runs' settings. All
  // runs are measured at the same steps.
  show(last, values) {
    this.stepped.textContent = last[0] ? t("measuredAt", { step: whole(last[0].step, language()) }) : "";
    for (const { name, metric, digits, of, band, cells, rare, element } of this.rows) {
      if (rare && element) element.hidden = last.every((run) => (run?.values[this.index[name]] ?? null) === null);
      cells.forEach(({ value, beside }, run) => {
        const get = (other) => last[run]?.values[this.index[other]] ?? null;
        const x = get(name);
        value.textContent = x !== null && digits === 0 ? String(Math.round(x)) : write(x, digits ?? 3);
        value.dataset.value = x ?? "";
        value.dataset.step = last[run]?.step ?? "";
        const all = of?.(values[run]);
        if (band) beside.textContent = get(band[0]) === null ? "" : t("within", { low: write(get(band[0]), 2), high: write(get(band[1]), 2) });
        else if (all && x !== null) beside.textContent = t("of", { n: all });
        else beside.textContent = x === null ? "" : unit(metric.unit ?? "");
      });
    }
  }
}

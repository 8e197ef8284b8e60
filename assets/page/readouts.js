// The numbers that tell how a run does.
import { el } from "./dom.js";
import { whole, write } from "./numbers.js";
import { has, own } from "./own.js";
import { letter, named } from "./runs.js";
import { doc, language, t, title, unit } from "./strings.js";

// Modes of the data sets that have some.
export const modesOf = { "8gaussians": 8, "25gaussians": 25 };

// What each tab shows, each a metric, where the experiment has it, and a rare one where it
// is known; a band is a pair of metrics said beside it.
const table = {
  wgan: [
    { name: "modes", digits: 0, of: (values) => own(modesOf, values.data) },
    { name: "quality", digits: 2 },
    { name: "w1" },
    { name: "estimate" },
    { name: "slope-mean", band: ["slope-p5", "slope-p95"] },
  ],
  gumbel: [
    { name: "elbo" },
    { name: "bound" },
    { name: "reconstruction" },
    { name: "kl" },
    { name: "gap" },
    { name: "temperature" },
  ],
  sop: [
    { name: "nll" },
    { name: "nll-mean" },
    { name: "loss" },
    { name: "temperature" },
  ],
  semi: [
    { name: "accuracy" },
    { name: "elbo" },
    { name: "labelled" },
    { name: "unlabelled" },
    { name: "classification" },
    { name: "temperature" },
  ],
  mnist: [
    { name: "estimate" },
    { name: "validation-estimate" },
    { name: "slope-mean" },
    { name: "score", rare: true },
  ],
  categorical: [
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
  constructor(box, tab, experiment, titles = []) {
    this.index = Object.fromEntries(experiment.metrics.map((m, i) => [m.name, i]));
    const runs = Math.max(1, titles.length);
    this.rows = table[tab].filter((row) => has(this.index, row.name)).map((row) => {
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

  // show writes the last {step, values} of each run, whose settings are values. Runs are
  // measured at the same steps.
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

// sentence says in words how a run of an experiment with values did by the end of a history.
export function sentence(tab, history, { experiment, values }, stepText) {
  const untrained = tab !== "categorical" && history.last?.step === 0; // a first draw is as good as any
  if (!history.last || untrained) return t("say.start");
  const column = (name) => experiment.metrics.findIndex((m) => m.name === name);
  const get = (name) => history.last.values[column(name)];
  const trend = (name, sign = 1) => t(["falling", "steady", "rising"][sign * history.trend(column(name)) + 1]);
  if (tab === "categorical") return t("categorical.say", { step: stepText, bias: write(get("bias")), variance: write(get("variance")), temperature: write(Number(values.temperature)) });
  if (tab === "gumbel") return t("say.elbo", { step: stepText, elbo: write(get("elbo")), trend: trend("elbo"), temperature: write(get("temperature")) });
  if (tab === "sop") return t("say.nll", { step: stepText, nll: write(get("nll")), trend: trend("nll"), temperature: write(get("temperature")) });
  if (tab === "semi") return t("say.semi", { step: stepText, accuracy: write(get("accuracy")), elbo: write(get("elbo")), trend: trend("elbo") });
  if (tab === "mnist") return t("say.mnist", { step: stepText, training: write(-get("critic-loss")), validation: write(-get("validation-loss")), trend: trend("critic-loss", -1) });
  const all = own(modesOf, values.data);
  const names = { step: stepText, w1: write(get("w1")), trend: trend("w1"), estimate: write(get("estimate")), modes: get("modes"), all };
  return t(all && names.modes !== null ? "say.modes" : "say.distance", names);
}

// summary says in words how all runs of a session do, or did at the checkpoint that is
// shown.
export function summary(tab, session) {
  const { scrubbed: at, experiment, runs } = session, step = (h) => whole(h.last?.step ?? 0, language());
  const histories = (at?.recorded ? [at.history] : session.histories).map((h, run) => (at ? h.until(at.step, at.values?.[run]) : h));
  if (histories.length > 2) return t("say.several", { step: step(histories[0]), n: histories.length, last: letter(histories.length - 1) });
  const all = histories.map((h, run) => sentence(tab, h, { experiment, values: runs[run] ?? session.values }, step(h)));
  return all.length > 1 ? all.map(named).join(" ") : all[0];
}

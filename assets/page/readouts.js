// The numbers that tell how a run does.
import { el } from "./dom.js";
import { write } from "./numbers.js";
import { doc, t, title, unit } from "./strings.js";

// Modes of the data sets that have some.
export const modesOf = { "8gaussians": 8, "25gaussians": 25 };

// What each tab shows, each a metric; a band is a pair of metrics said beside it.
const table = {
  wgan: [
    { name: "modes", digits: 0, of: (values) => modesOf[values.data] },
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
  categorical: [
    { name: "bias" },
    { name: "variance" },
    { name: "entropy" },
    { name: "softness" },
  ],
};

export class Readouts {
  constructor(list, tab, experiment) {
    this.rows = table[tab].map((row) => {
      const metric = experiment.metrics.find((m) => m.name === row.name);
      const value = el("span", { class: "number", "data-metric": row.name }, "–");
      const beside = el("span", { class: "beside" });
      const element = el("div", { class: "readout", title: doc(`metric.${row.name}`, metric) },
        el("dt", {}, title(`metric.${row.name}`, metric)), el("dd", {}, value, " ", beside));
      return { ...row, metric, value, beside, element };
    });
    this.index = Object.fromEntries(experiment.metrics.map((m, i) => [m.name, i]));
    list.replaceChildren(...this.rows.map((r) => r.element));
  }

  show(last, values) {
    const get = (name) => last?.values[this.index[name]] ?? null;
    for (const { name, metric, digits, of, band, value, beside } of this.rows) {
      const x = get(name);
      value.textContent = x !== null && digits === 0 ? String(Math.round(x)) : write(x, digits ?? 3);
      value.dataset.value = x ?? "";
      const all = of?.(values);
      if (band) beside.textContent = get(band[0]) === null ? "" : `${t("within", { low: write(get(band[0]), 2), high: write(get(band[1]), 2) })}`;
      else if (all && x !== null) beside.textContent = t("of", { n: all });
      else beside.textContent = x === null ? "" : unit(metric.unit ?? "");
    }
  }
}

// sentence says in words how a run does.
export function sentence(tab, session, stepText) {
  const { history, values, experiment } = session;
  const untrained = tab !== "categorical" && history.last?.step === 0; // a first draw is as good as any
  if (!history.last || untrained) return t("say.start");
  const column = (name) => experiment.metrics.findIndex((m) => m.name === name);
  const get = (name) => history.last.values[column(name)];
  const trend = (name) => t(["falling", "steady", "rising"][history.trend(column(name)) + 1]);
  if (tab === "categorical") return t("categorical.say", { step: stepText, bias: write(get("bias")), variance: write(get("variance")), temperature: write(Number(values.temperature)) });
  if (tab === "gumbel") return t("say.elbo", { step: stepText, elbo: write(get("elbo")), trend: trend("elbo"), temperature: write(get("temperature")) });
  const all = modesOf[values.data];
  const names = { step: stepText, w1: write(get("w1")), trend: trend("w1"), estimate: write(get("estimate")), modes: get("modes"), all };
  return t(all && names.modes !== null ? "say.modes" : "say.distance", names);
}

// A run in one sentence.
import { whole, write } from "./numbers.js";
import { own } from "./own.js";
import { modesOf } from "./readouts.js";
import { letter, named } from "./runs.js";
import { language, t } from "./strings.js";

// The sentence of each experiment quotes metrics, and the trend of the first one if it
// has a trend. minus changes the sign of all; first means that numbers before the first
// step count; settings are quoted as well. form returns another sentence, for values and
// what is known.
const table = {
  "wgan-gp": { metrics: ["w1", "estimate"], trend: true, form: (values, get) => (own(modesOf, values.data) && get("modes") !== null ? "modes" : "") },
  "wgan-mnist": { metrics: ["critic-loss", "validation-loss"], trend: true, minus: true },
  "gumbel-vae": { metrics: ["elbo", "temperature"], trend: true },
  "gumbel-sop": { metrics: ["nll", "temperature"], trend: true },
  "gumbel-semi": { metrics: ["elbo", "accuracy"], trend: true },
  "gumbel-categorical": { metrics: ["bias", "variance"], first: true, settings: ["temperature"] },
};

const trends = { "-1": "falling", 0: "steady", 1: "rising" };

// sentence describes a run of an experiment with values at the end of a history; stepText
// is the text of its step.
export function sentence(history, { experiment, values }, stepText) {
  const { metrics, trend, minus, first, settings = [], form } = table[experiment.name], { last } = history;
  if (!last || (last.step === 0 && !first)) return t("say.start");
  const column = (name) => experiment.metrics.findIndex((m) => m.name === name);
  const get = (name) => last.values[column(name)] ?? null;
  if (metrics.some((name) => get(name) === null)) return t("say.unknown", { step: stepText });
  const names = { step: stepText, modes: get("modes"), all: own(modesOf, values.data) };
  for (const name of metrics) names[name] = write(minus ? -get(name) : get(name));
  for (const name of settings) names[name] = write(Number(values[name]));
  const way = trend ? history.trend(column(metrics[0])) : null;
  names.trend = t(way === null ? "early" : trends[minus ? -way : way]);
  const other = form?.(values, get);
  return t(`say.${experiment.name}${other ? `.${other}` : ""}`, names);
}

// summary describes all runs of a session, now or at the checkpoint shown.
export function summary(session) {
  const { scrubbed: at, experiment, runs } = session, step = (h) => whole(h.last?.step ?? 0, language());
  const histories = (at?.recorded ? [at.history] : session.histories).map((h, run) => (at ? h.until(at.step, at.values?.[run]) : h));
  if (histories.length > 2) return t("say.several", { step: step(histories[0]), n: histories.length, last: letter(histories.length - 1) });
  const all = histories.map((h, run) => sentence(h, { experiment, values: runs[run] ?? session.values }, step(h)));
  return all.length > 1 ? all.map(named).join(" ") : all[0];
}

// Runs side by side: which settings differ, what they are called, and how that
// stands in a link. Two runs differ in exactly one setting; figures.js has more than two.
import { exact } from "./numbers.js";
import { named } from "./runs.js";
import { mend, same } from "./state.js";
import { choice, title } from "./strings.js";

// parse reads "clip:0.1" from a link. It returns [] if the experiment does not know it.
export function parse(experiment, text) {
  if (!text) return [];
  const [name, given] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
  const setting = experiment.settings.find((s) => s.name === name);
  const value = setting ? mend(setting, given) : null;
  return value === null ? [] : [{}, { [name]: value }];
}

// format is the inverse of parse; more than two runs come with their preset.
export function format(variants) {
  if (variants.length !== 2) return "";
  const [[name, value]] = Object.entries(variants[1]);
  return `${name}:${value}`;
}

// other returns a value of a setting that differs from the present one and is
// worth comparing with: the next choice, or a tenth or ten times as much.
export function other(setting, value) {
  switch (setting.kind) {
    case "choice":
      return setting.choices.filter((c) => c !== "points").find((c, i, all) => all[(i - 1 + all.length) % all.length] === value) ?? setting.choices[0];
    case "bool":
      return value === "true" ? "false" : "true";
  }
  for (const factor of [10, 0.1, 2, 0.5]) {
    const next = mend(setting, String(Number((Number(value) * factor).toPrecision(3))));
    if (next !== null && !same(setting, next, value)) return next;
  }
  return value === String(setting.max) ? String(setting.min) : String(setting.max);
}

// said returns what a value of a setting is called.
export function said(setting, value) {
  if (setting.kind === "choice") return choice(setting.name, value);
  return `${title(`setting.${setting.name}`, setting)} ${setting.kind === "float" ? exact(Number(value)) : value}`;
}

// titles returns what each of several runs is called: by what differs.
export function titles(experiment, runs, variants) {
  if (variants.length < 2) return [];
  const keys = [...new Set(variants.flatMap((v) => Object.keys(v)))], differ = keys.filter((name) => new Set(runs.map((r) => r[name])).size > 1);
  const names = differ.length ? differ : keys; // all, if two runs were set alike
  const all = runs.map((run) => names.map((name) => said(experiment.settings.find((s) => s.name === name), run[name])).join(", "));
  return all.map(named);
}

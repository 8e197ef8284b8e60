// The page's state as text: the hash "#v=1&tab=gumbel&p=live&seed=7" holds only
// what differs from the preset. Keys that nobody knows are kept.
import { has } from "./own.js";

const known = ["v", "tab", "p", "lang", "theme", "type", "autoplay", "speed", "b", "layers", "lesson", "points"];

// parse splits a hash into the page's own keys and the rest, which may be settings.
// In older links figure 1 is a comparison; now it is a preset.
export function parse(hash) {
  const all = [...new URLSearchParams(hash.replace(/^#/, ""))];
  const those = (are) => Object.fromEntries(all.filter(([key]) => known.includes(key) === are)); // "__proto__" is an ordinary key
  const page = those(true);
  if (page.b === "figure1") {
    page.p = "figure-1a";
    delete page.b;
  }
  return { page, rest: those(false) };
}

// format is the inverse of parse; keys without a value are left out.
export function format(page, rest) {
  const query = new URLSearchParams();
  for (const key of known) {
    const value = key === "v" ? "1" : page[key];
    if (value !== undefined && value !== null && value !== "") query.set(key, value);
  }
  for (const [key, value] of Object.entries(rest)) query.set(key, value);
  return "#" + query.toString();
}

// base returns the values of a preset: the defaults and what it changes. An
// unknown preset is the first.
export function base(experiment, presetName) {
  const preset = experiment.presets.find((p) => p.name === presetName) ?? experiment.presets[0];
  const values = {};
  for (const s of experiment.settings) values[s.name] = s.default;
  return { ...values, ...preset.values };
}

// decimal is the text of a number, as core/lab/values.go has it; core/lab/testdata/settings.json
// holds both to it.
const decimal = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;

// mend returns the nearest text that is a value of the setting, null where
// there is none near.
export function mend(setting, text) {
  switch (setting.kind) {
    case "choice":
      return setting.choices.includes(text) ? text : null;
    case "bool":
      return text === "true" || text === "false" ? text : null;
    default: {
      let x = decimal.test(text) ? Number(text) : NaN;
      if (!Number.isFinite(x)) return null;
      if (setting.kind === "int") x = Math.round(x);
      return String(Math.min(setting.max, Math.max(setting.min, x)));
    }
  }
}

// same reports whether two texts are one value of the setting.
export function same(setting, a, b) {
  return a === b || (["float", "int"].includes(setting.kind) && Number(a) === Number(b));
}

// changed returns those of the given values that differ from the preset's.
export function changed(experiment, presetName, values) {
  const from = base(experiment, presetName), changes = {};
  for (const s of experiment.settings) {
    if (has(values, s.name) && !same(s, values[s.name], from[s.name])) changes[s.name] = values[s.name];
  }
  return changes;
}

// settle reads settings out of the rest of a hash. It returns the changes from
// the preset, the keys that are none of them, and a note for each bad value.
export function settle(experiment, presetName, rest) {
  const values = {}, unknown = [], notes = [], preset = experiment.presets.find((p) => p.name === presetName);
  for (const [key, given] of Object.entries(rest)) {
    const setting = experiment.settings.find((s) => s.name === key);
    if (!setting) {
      unknown.push([key, given]);
      continue;
    }
    if (preset?.hides?.includes(key)) { // each of its runs has its own value
      notes.push({ setting, given, used: [...new Set((preset.runs ?? []).map((run) => run[key] ?? preset.values[key]))].join(", ") });
      continue;
    }
    const used = mend(setting, given);
    if (used !== null) values[key] = used;
    if (used === null || !same(setting, used, given)) {
      notes.push({ setting, given, used: used ?? base(experiment, presetName)[key] });
    }
  }
  return { changes: changed(experiment, presetName, values), unknown: Object.fromEntries(unknown), notes };
}

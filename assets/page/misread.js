// What of a link was not understood. Nothing of it is replaced in silence: each doubt
// here becomes a note. A doubt is {what, given, …}, whose words say turns it into.
import { parse as parseVariants } from "./compare.js";
import { same } from "./state.js";
import { language, t, title } from "./strings.js";

const longest = 40; // characters of what was given

// quoted returns what a link gives as it stands in a sentence, or several things.
function quoted(given) {
  const one = (text) => t("quoted", { text: text.length > longest ? `${[...text].slice(0, longest).join("")}…` : text });
  return new Intl.ListFormat(language(), { type: "unit", style: language() === "ja" ? "narrow" : "short" }).format([given].flat().map(one));
}

// misread returns the doubts about a link's own keys. can has, for a key that is known
// here, the list of what it may be; layers, hide and lock are several, with commas.
export function misread(link, can) {
  const doubts = [];
  for (const [what, all] of Object.entries({ v: ["1"], lang: ["en", "ja"], theme: ["dark", "light"], type: ["large", "usual"], ...can })) {
    const given = Object.hasOwn(link, what) ? link[what] : "";
    if (!given) continue;
    if (what === "layers" || what === "hide" || what === "lock") {
      const strange = given.split(",").map((name) => name.trim()).filter((name) => name && !all.includes(name));
      if (strange.length) doubts.push({ what, given: strange, n: strange.length });
    } else if (!all.includes(given)) doubts.push({ what, given, all });
  }
  return doubts;
}

// misreadRun returns the doubts about what a link says of its run: preset, b, and
// settings by name, of which notes and unknown are what settle returned.
export function misreadRun(experiment, { preset = "", b = "" }, { notes = [], unknown = {}, values = {} }) {
  const doubts = [];
  if (preset && !experiment.presets.some((p) => p.name === preset)) doubts.push({ what: "p", given: preset });
  for (const { setting, given, used } of notes) doubts.push({ what: "value", setting, given, used });
  const strange = Object.keys(unknown);
  if (strange.length) doubts.push({ what: "settings", given: strange, n: strange.length });
  const variants = parseVariants(experiment, b);
  if (b && !variants.length) doubts.push({ what: "b", given: b });
  if (variants.length === 2) {
    const [name, used] = Object.entries(variants[1])[0] ?? [], given = b.slice(b.indexOf(":") + 1);
    const setting = experiment.settings.find((s) => s.name === name);
    if (setting && !same(setting, used, given)) doubts.push({ what: "value", setting, given, used });
    if (setting && same(setting, used, values[name])) doubts.push({ what: "same", setting, given: used });
  }
  return doubts;
}

// say returns a doubt in words, in the language spoken. used is what is taken in place of
// what was given.
export function say({ what, given, setting, used, all, n }) {
  if (what === "value" || what === "same") return t(what === "same" ? "misread.same" : "noteMended", { name: title(`setting.${setting.name}`, setting), given, used });
  return t(`misread.${what}`, { given: quoted(given), used, all: all && new Intl.ListFormat(language(), { type: "disjunction" }).format(all), n });
}

// noteDoubts adds a note of each doubt; used has functions that name what is taken instead.
export function noteDoubts(notes, doubts, used = {}) {
  for (const d of doubts) notes.add(() => say({ used: used[d.what]?.(), ...d }));
}

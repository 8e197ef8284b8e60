// What the page says, in the language spoken. English words come with the page; others are
// loaded once they are wanted.
import { has, own } from "./own.js";
import { en } from "./words/en.js";

const languages = { en: () => en, ja: async () => (await import("./words/ja.js")).ja };

let lang = "en", spoken = en, wanted;

// language returns the language spoken, "en" or "ja".
export const language = () => lang;

// vocabulary returns all words of the language spoken: see words/en.js and words/ja.js.
export const vocabulary = () => spoken;

// speak changes to a language, by default the browser's, once its words are loaded. If they
// cannot be loaded the language stays, and speak reports false. The last call counts.
export async function speak(name) {
  const next = wanted = has(languages, name) ? name : navigator.languages?.find((l) => /^(en|ja)\b/.test(l))?.slice(0, 2) ?? "en";
  const words = await Promise.resolve(languages[next]()).catch(() => null);
  if (next !== wanted) return true;
  if (words) [lang, spoken] = [next, words];
  document.documentElement.lang = lang;
  return Boolean(words);
}

// t returns a string with its {names} filled in. A string with a count has a form for
// each plural of the language, chosen by the number n.
export function t(key, names = {}) {
  const entry = own(spoken.strings, key);
  const text = typeof entry === "string" ? entry : own(entry, new Intl.PluralRules(lang).select(names.n)) ?? entry.other;
  return text.replace(/\{([\w-]+)\}/g, (_, name) => own(names, name));
}

// translate writes the text, titles and names of all that has data-t, data-t-title
// or data-t-label.
export function translate() {
  for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
  for (const e of document.querySelectorAll("[data-t-title]")) e.title = t(e.dataset.tTitle);
  for (const e of document.querySelectorAll("[data-t-label]")) e.setAttribute("aria-label", t(e.dataset.tLabel));
}

// captions returns what the stage writes beside the parts of its picture.
export const captions = () => ({
  digits: t("digits"), reconstructions: t("reconstructions"), prior: t("prior"), code: t("code"), simplex: t("simplexCaption"), fake: t("fake"), real: t("real"),
  ...Object.fromEntries(["logits", "gumbelNoise", "perturbed", "softSample", "chosen", "chances"].map((name) => [name, t(`layers.${name}`)])),
  ...Object.fromEntries(["given", "truth", "mean", "samples", "analogies", "guesses"].map((name) => [name, t(`caption.${name}`)])),
});

// known reports whether there is a string.
export const known = (key) => has(en.strings, key);

// title and doc return what the registry's thing is called and what is said of
// it, in the language spoken if there are words for it. path is such as
// "setting.lambda"; words of the thing's own experiment come first.
const words = (path, thing) => own(spoken.registry, `${thing.of}.${path}`) ?? own(spoken.registry, path) ?? [];
export const title = (path, thing) => words(path, thing)[0] ?? thing.title;
export const doc = (path, thing) => words(path, thing)[1] ?? thing.doc;

// choice, group and unit return the words for a choice, for a heading of the form
// and for a unit.
export const choice = (setting, name) => own(spoken.choices, `${setting}.${name}`) ?? own(spoken.choices, name) ?? name;
export const group = (name) => own(spoken.groups, name) ?? name;
export const unit = (name) => own(spoken.units, name) ?? name;

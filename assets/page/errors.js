// Errors in the page's language. The trainer and the page's other programs report errors
// in English. words/ja/errors.js has them in Japanese; an error that it lacks is quoted in
// English.
import { language, t, vocabulary } from "./strings.js";

const quote = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// pattern returns a RegExp for an entry's English text, whose groups are its names.
function pattern(entry) {
  const group = (name) => `(?<${name}>${{ setting: "[\\w-]+", experiment: "[\\w-]+", field: "\\w+", file: "\\S+" }[name] ?? ".+?"})`;
  return new RegExp(`^${entry.split(/(\{[a-z]+\})/).map((part, i) => (i % 2 ? group(part.slice(1, -1)) : quote(part))).join("")}$`, "s");
}

let of, table, titles; // made of the words of a language

// prepare makes the table of errors, and the titles of settings by name: they are nearly
// the same in all experiments.
function prepare(words) {
  if (words === of) return;
  of = words;
  table = words.errors.map(([says, words]) => [pattern(says), words]);
  titles = Object.fromEntries(Object.entries(words.registry).toReversed().map(([path, [title]]) => [/(?:^|\.)setting\.(.+)$/.exec(path)?.[1], title]));
}

const called = (name) => titles[name] ?? name;
const several = (text) => text.split(" or ").map((flag) => called(flag.replace(/^--/, ""))).join("か");

// translated returns an English sentence in Japanese, null if the table lacks it.
function translated(text) {
  for (const [is, words] of table) {
    const { groups = {} } = is.exec(text) ?? { groups: null };
    if (!groups) continue;
    return words.replace(/\{([a-z]+)\}/g, (_, name) => {
      const given = groups[name];
      return { error: inJapanese, what: (what) => translated(what) ?? what, setting: called, settings: several }[name]?.(given) ?? given;
    });
  }
  return null;
}

// The page's own sentences are in its language, but may quote names in another one.
const isJapanese = (text) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(text.replace(/"[^"]*"|“[^”]*”/g, ""));

// advised returns a sentence that ends in advice, null if it does not.
function advised(text) {
  const [says, words] = of.advice.find(([says]) => text.endsWith(`: ${says}`)) ?? [];
  return says ? `${inJapanese(text.slice(0, -says.length - 2))}。${words}` : null;
}

function inJapanese(text) {
  return advised(text) ?? translated(text) ?? (isJapanese(text) ? text : t("errorInEnglish", { text }));
}

// errorText returns an error's message in the page's language, without a full stop.
export function errorText(message) {
  const text = String(message ?? "").replace(/[.。\s]+$/, "");
  if (language() !== "ja" || !text) return text;
  prepare(vocabulary());
  return inJapanese(text);
}

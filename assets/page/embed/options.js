// What an embed's address asks for, in its query or its hash:
//
//   tab, preset (or p), and settings by name   the run
//   points     the person's own points, as in a link, see points-link.js
//   b          the setting that a second run changes, such as rule:clip
//   id         tells two embeds with one address apart, for what is kept of them
//   layers     the names of those that are on, with commas
//   theme      dark or light          lang      en or ja
//   type       large: letters for a projector or a deck
//   speed      iterations a second
//   autoplay   visible: it plays when it is seen; slide: from slide:start on
//   controls   none, bar or full
//   hide, lock what of the controls is not there, or cannot be turned: settings by
//              name, and preset, layers, settings, speed, step, reset, summary, link
import { misread } from "../misread.js";
import { parse } from "../state.js";

const autoplays = ["visible", "slide"], bars = ["bar", "none", "full"];

// parts are what hide and lock may say besides settings.
export const parts = ["preset", "layers", "settings", "speed", "step", "reset", "summary", "link"];

const oneOf = (value, all, other) => (all.includes(value) ? value : other);
const list = (text) => (text ? text.split(",").map((s) => s.trim()).filter(Boolean) : []);

// WordPress appends this to the address of a frame, and identifies the frame by it.
const mark = /#?\?secret=(\w+)$/;

// secretOf returns WordPress's secret for the frame, "" in other pages.
export const secretOf = (hash) => mark.exec(hash)?.[1] ?? "";

// options returns the options in an address. given has its own keys and their text, for
// doubts.
export function options(search, hash) {
  hash = hash.replace(mark, "");
  const query = Object.fromEntries(new URLSearchParams(search));
  const { page, rest } = parse(`#${new URLSearchParams({ ...query, ...Object.fromEntries(new URLSearchParams(hash.replace(/^#/, ""))) })}`);
  const { preset, id, controls, hide, lock, ...settings } = rest;
  return {
    given: { ...page, controls, hide, lock },
    tab: page.tab ?? "",
    preset: page.p ?? preset ?? "",
    lang: page.lang ?? "",
    theme: page.theme ?? "",
    type: page.type ?? "",
    speed: Math.max(0, Number(page.speed) || 0),
    autoplay: oneOf(page.autoplay, autoplays, ""),
    id: id ?? "",
    layers: page.layers === undefined ? null : list(page.layers),
    compare: page.b ?? "",
    points: page.points ?? "",
    controls: oneOf(controls, bars, "bar"),
    hide: new Set(list(hide)),
    lock: new Set(list(lock)),
    settings, // and what nobody knows
  };
}

// doubts returns which of an address's own keys were not understood, for the demo of a
// tab.
export function doubts({ given }, demos, tab) {
  const { speed } = given, found = misread(given, { tab: Object.keys(demos), layers: [...Object.keys(demos[tab].layers), "none"], autoplay: ["0", ...autoplays], controls: bars });
  if (speed && !(Number(speed) >= 0)) found.push({ what: "speed", given: speed });
  return found;
}

// What an embed's address asks for, in its query or its hash:
//
//   tab, preset (or p), and settings by name   the run
//   points     the person's own, as a link carries them, see points-link.js
//   b          how a second run differs, such as rule:clip
//   id         tells two embeds with one address apart, for what is kept of them
//   layers     the names of those that are on, with commas
//   theme      dark or light          lang      en or ja
//   type       large: letters for a projector or a deck
//   speed      iterations a second
//   autoplay   visible: it plays when it is seen; slide: from slide:start on
//   controls   none, bar or full
//   hide, lock what of the controls is not there, or cannot be turned: settings by
//              name, and preset, layers, settings, speed, step, reset, summary, link
import { parse } from "../state.js";

const oneOf = (value, all) => (all.includes(value) ? value : all[0]);
const list = (text) => (text ? text.split(",").map((s) => s.trim()).filter(Boolean) : []);

export function options(search, hash) {
  const query = Object.fromEntries(new URLSearchParams(search));
  const { page, rest } = parse(`#${new URLSearchParams({ ...query, ...Object.fromEntries(new URLSearchParams(hash.replace(/^#/, ""))) })}`);
  const { preset, id, controls, hide, lock, ...settings } = rest;
  return {
    tab: page.tab ?? "",
    preset: page.p ?? preset ?? "",
    lang: page.lang ?? "",
    theme: page.theme ?? "",
    type: page.type ?? "",
    speed: Math.max(0, Number(page.speed) || 0),
    autoplay: oneOf(page.autoplay, ["", "visible", "slide"]),
    id: id ?? "",
    layers: page.layers === undefined ? null : list(page.layers),
    compare: page.b ?? "",
    points: page.points ?? "",
    controls: oneOf(controls, ["bar", "none", "full"]),
    hide: new Set(list(hide)),
    lock: new Set(list(lock)),
    settings, // and what nobody knows
  };
}

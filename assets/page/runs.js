// How several runs that are shown together are told apart: each has a letter and a
// colour. A line's dashes say which metric it is, whosever it is.
import { el } from "./dom.js";

const colours = 6; // page.css has --run-0 to --run-5

// letter is the short name of a run: A, B and so on.
export const letter = (run) => String.fromCharCode(65 + run);

// colourOf is the name of a run's colour in the style sheet.
export const colourOf = (run) => `run-${run % colours}`;

// named is a title with its run's letter before it.
export const named = (title, run) => `${letter(run)}: ${title}`;

// key is the entry of a run in a legend, for the element that has its value: a piece of
// its line with the dashes of a slot, and its letter. title says more.
export function key(run, value, title = "", slot = 0) {
  const name = el("span", { class: "of-run", title, "data-run-key": run }, el("span", { class: `swatch s${slot} r${run % colours}`, "aria-hidden": "true" }), letter(run));
  return el("span", { class: "pair" }, name, " ", value);
}

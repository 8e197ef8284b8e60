// The letters and colours that distinguish runs shown together. A line's dashes show its
// metric, in every run.
import { el } from "./dom.js";

const colours = 6; // page.css has --run-0 to --run-5

// letter is the short name of a run: A, B and so on.
export const letter = (run) => String.fromCharCode(65 + run);

// colourOf is the name of a run's colour in the style sheet.
export const colourOf = (run) => `run-${run % colours}`;

// named is a title after its run's letter.
export const named = (title, run) => `${letter(run)}: ${title}`;

// key is the entry of a run in a legend, next to the element with its value: a piece of
// its line with the dashes of a slot, and its letter. title describes it.
export function key(run, value, title = "", slot = 0) {
  const name = el("span", { class: "of-run", title, "data-run-key": run }, el("span", { class: `swatch s${slot} r${run % colours}`, "aria-hidden": "true" }), letter(run));
  return el("span", { class: "pair" }, name, " ", value);
}

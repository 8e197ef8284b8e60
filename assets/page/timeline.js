// The timeline under the picture: the checkpoints of the run, or of a recorded
// one before there is one, to scrub through and to go on from.
import { el } from "./dom.js";
import { whole } from "./numbers.js";
import { own } from "./own.js";
import { nearest } from "./ring.js";
import { language, t } from "./strings.js";

export class Timeline {
  // on has scrub(entry), for null back to the run itself, and fork(entry).
  constructor(box, on) {
    this.on = on;
    this.entries = [];
    this.input = el("input", { type: "range", min: 0, max: 1, step: 1, value: 0, id: "timeline" });
    this.marks = el("span", { class: "marks", "aria-hidden": "true" });
    this.label = el("output", { class: "at", for: "timeline" });
    this.tag = el("span", { class: "tag" });
    this.forks = el("button", { type: "button", id: "fork" });
    this.forks.onclick = () => this.on.fork(this.at ?? this.entries.at(-1));
    this.input.oninput = () => this.pick(nearest(this.entries, Number(this.input.value)));
    this.input.onkeydown = (e) => {
      const by = own({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -8, PageUp: 8, Home: -Infinity, End: Infinity }, e.key);
      if (!by || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      e.stopPropagation();
      const last = this.entries.length - 1, i = this.at ? this.entries.indexOf(this.at) : last + (by < 0);
      this.pick(this.entries[Math.min(last, Math.max(0, i + by))]);
    };
    box.replaceChildren(el("div", { class: "track" }, this.marks, this.input), this.label, this.tag, this.forks);
  }

  pick(entry) {
    if (!entry) return;
    this.at = entry;
    this.on.scrub(entry);
  }

  // show draws the entries of a run at a step. at is the entry that is shown in
  // place of the run, null for none; recorded is true for a tape, whole if the runs
  // belong together and cannot be forked.
  show({ entries, step, at, recorded, whole: together }) {
    Object.assign(this, { entries, at });
    const last = Math.max(step, entries.at(-1)?.step ?? 0, 1), here = at?.step ?? step;
    this.input.max = last;
    this.input.value = here;
    this.input.disabled = !entries.length;
    const said = t("timeline.step", { step: whole(here, language()) });
    this.input.setAttribute("aria-label", t("timeline"));
    this.input.setAttribute("aria-valuetext", said);
    this.label.textContent = said;
    this.tag.textContent = recorded ? t("timeline.recorded") : at ? t("timeline.past") : "";
    this.forks.textContent = t("timeline.fork");
    this.forks.title = t("timeline.forkHint");
    this.forks.disabled = recorded || together || !entries.length;
    const key = `${last} ${entries.map((e) => e.step)}`;
    if (key === this.drawn) return;
    this.drawn = key;
    // The thumb's middle moves between half its width from either end.
    this.marks.replaceChildren(...entries.map((e) => {
      const mark = el("i");
      mark.style.setProperty("--at", e.step / last);
      return mark;
    }));
  }
}

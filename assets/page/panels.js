// The panels of a tab next to the picture and below it: the categorical choice, the code,
// the temperature's schedule, a drawing pad, and a walk. Each of several runs has its own
// panels, with its letter; a drawing on one pad appears on all.
import { Categorical } from "./categorical.js";
import { CodeGrid } from "./code.js";
import { byId } from "./dom.js";
import { Pad, side } from "./pad.js";
import { Classified, Coded, Completed } from "./pads.js";
import { named } from "./runs.js";
import { Schedule } from "./schedule.js";
import { Walk } from "./walk.js";

// The view and the action that answer a drawing on a tab's pad.
const pads = { gumbel: [Coded, "encode"], sop: [Completed, "complete"], semi: [Classified, "classify"] };

export class Panels {
  // on has session(), set(name, text, run) of a setting, and flipped(), called when
  // the decoder has answered a class that the person forced.
  constructor(on) {
    this.on = on;
    this.all = [];
    this.each = []; // the panels of each run
  }

  // furnish builds those of a tab.
  furnish(tab) {
    for (const panel of this.all) panel.end?.();
    const { on } = this, n = on.session().runs.length;
    this.tab = tab;
    this.schedule = tab in pads ? new Schedule(on.set) : null;
    this.each = Array.from({ length: n }, (_, run) => this.make(tab, run));
    const all = (name) => this.each.flatMap((panels) => panels[name] ?? []);
    for (const [run, panels] of this.each.entries()) {
      for (const { element } of n > 1 ? Object.values(panels) : []) {
        const head = element.querySelector("h2");
        head.textContent = named(head.textContent, run);
        element.dataset.run = run;
      }
    }
    for (const name of ["pad", "walk"]) for (const panel of all(name)) panel.linked = all(name).filter((other) => other !== panel);
    const beside = [...all("code"), ...(tab === "gumbel" ? [] : all("pad")), ...all("walk"), ...all("categorical")];
    const below = [...(this.schedule ? [this.schedule] : []), ...(tab === "gumbel" ? all("pad") : [])];
    this.all = [...beside, ...below];
    byId("tools-of-tab").replaceChildren(...beside.map((p) => p.element));
    byId("panels").replaceChildren(...below.map((p) => p.element));
  }

  // make returns the panels of one run by name.
  make(tab, run) {
    const { on } = this, ask = (action, tensors) => on.session().do(run, action, tensors), panels = {};
    if (tab === "gumbel") {
      const code = panels.code = new CodeGrid(async (tensor) => {
        const { image } = await ask("decode", { code: tensor });
        if (code.code.forced.length) on.flipped();
        return image;
      });
    }
    if (tab in pads) {
      const [View, action] = pads[tab];
      // A model trained on black and white digits gets those: it has never seen a pen's
      // grey edge.
      const crisp = () => tab === "semi" || (tab === "sop" && on.session().runs[run]?.binarise !== "grey");
      panels.pad = new Pad(new View(), (pixels) => ask(action, { image: { shape: [side, side], data: crisp() ? pixels.map((p) => Number(p > 0.5)) : pixels } }));
    }
    if (tab === "mnist") panels.walk = new Walk((tensors) => ask("between", tensors));
    if (tab === "categorical") panels.categorical = new Categorical((name, text) => on.set(name, text, run), () => on.session().once(), run);
    return panels;
  }

  // show draws what a frame of a session says.
  show(session) {
    if (!session.frame || !session.experiment) return;
    const { runs } = session;
    if (runs.length !== this.each.length) this.furnish(this.tab);
    this.schedule?.show(runs, session.step);
    this.each.forEach(({ code, pad, walk, categorical }, run) => {
      const tensors = session.frame.runs[run];
      if (!tensors) return;
      code?.show(tensors);
      categorical?.show(tensors, runs[run]);
      if (!session.scrubbed?.recorded) for (const panel of [pad, walk]) panel?.show(tensors); // a recorded run does not answer
    });
  }

  // press takes what was pressed on the picture: a cell of the code is forced, a digit
  // goes onto the pad, or into a corner of the walk.
  press({ kind, row, column, run = 0 }) {
    const { code, pad, walk } = this.each[run] ?? {};
    if (kind !== "down" || row === undefined) return;
    if (code) code.select(row, column);
    else (pad ?? walk)?.take(row);
  }

  // redraw draws all again, in other colours.
  redraw() {
    for (const panel of this.all) (panel.redraw ?? panel.draw)?.call(panel);
  }
}

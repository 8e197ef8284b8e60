// The panels of a tab beside the picture and below it: the one choice to play
// with, the code to touch, the temperature's schedule, a pad to draw on.
import { Categorical } from "./categorical.js";
import { CodeGrid } from "./code.js";
import { byId } from "./dom.js";
import { Pad } from "./pad.js";
import { Schedule } from "./schedule.js";

export class Panels {
  // on has session(), set(name, text) of a setting, and flipped(), called when
  // the decoder has answered a class that the person forced.
  constructor(on) {
    this.on = on;
    this.all = [];
  }

  // furnish builds those of a tab.
  furnish(tab) {
    for (const panel of this.all) panel.end?.();
    const { on } = this, ask = (action, tensors) => on.session().do(0, action, tensors);
    this.code = this.schedule = this.pad = this.categorical = null;
    if (tab === "gumbel") {
      this.code = new CodeGrid(async (code) => {
        const { image } = await ask("decode", { code });
        if (this.code.code.forced.length) on.flipped();
        return image;
      });
      this.schedule = new Schedule(on.set);
      this.pad = new Pad((pixels) => ask("encode", { image: { shape: [28, 28], data: pixels } }));
    } else if (tab === "categorical") {
      this.categorical = new Categorical(on.set, () => on.session().once());
    }
    this.all = [this.code, this.categorical, this.schedule, this.pad].filter(Boolean);
    byId("tools-of-tab").replaceChildren(...[this.code, this.categorical].filter(Boolean).map((p) => p.element));
    byId("panels").replaceChildren(...[this.schedule, this.pad].filter(Boolean).map((p) => p.element));
  }

  // show draws what a frame of a session says.
  show(session) {
    const tensors = session.frame?.runs[0];
    if (!tensors || !session.experiment) return;
    this.code?.show(tensors);
    this.pad?.show(tensors);
    this.categorical?.show(tensors, session.values);
    this.schedule?.show(session.values, session.step);
  }

  // press forces a class of the code that was pressed on the picture.
  press({ kind, row, column }) {
    if (kind !== "down" || row === undefined || !this.code) return false;
    this.code.select(row, column);
    return true;
  }

  // redraw draws all again, in other colours.
  redraw() {
    for (const panel of this.all) (panel.redraw ?? panel.draw)?.call(panel);
  }
}

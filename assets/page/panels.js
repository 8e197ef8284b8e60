// The panels of a tab beside the picture and below it: the one choice to play
// with, the code to touch, the temperature's schedule, a pad to draw on, a walk to go.
import { Categorical } from "./categorical.js";
import { CodeGrid } from "./code.js";
import { byId } from "./dom.js";
import { Pad, side } from "./pad.js";
import { Classified, Coded, Completed } from "./pads.js";
import { Schedule } from "./schedule.js";
import { Walk } from "./walk.js";

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
    // What learned from black and white digits is shown such: a pen's grey edge is new to it.
    const crisp = () => tab === "semi" || (tab === "sop" && on.session().values.binarise !== "grey");
    const drawn = (action) => (pixels) => ask(action, { image: { shape: [side, side], data: crisp() ? pixels.map((p) => Number(p > 0.5)) : pixels } });
    this.code = this.schedule = this.pad = this.categorical = null;
    let beside = [], below = [];
    if (tab === "gumbel") {
      this.code = new CodeGrid(async (code) => {
        const { image } = await ask("decode", { code });
        if (this.code.code.forced.length) on.flipped();
        return image;
      });
      this.schedule = new Schedule(on.set);
      this.pad = new Pad(new Coded(), drawn("encode"));
      [beside, below] = [[this.code], [this.schedule, this.pad]];
    } else if (tab === "sop") {
      this.pad = new Pad(new Completed(), drawn("complete"));
      this.schedule = new Schedule(on.set);
      [beside, below] = [[this.pad], [this.schedule]];
    } else if (tab === "semi") {
      this.pad = new Pad(new Classified(), drawn("classify"));
      this.schedule = new Schedule(on.set);
      [beside, below] = [[this.pad], [this.schedule]];
    } else if (tab === "mnist") {
      beside = [this.pad = new Walk((tensors) => ask("between", tensors))];
    } else if (tab === "categorical") {
      beside = [this.categorical = new Categorical(on.set, () => on.session().once())];
    }
    this.all = [...beside, ...below];
    byId("tools-of-tab").replaceChildren(...beside.map((p) => p.element));
    byId("panels").replaceChildren(...below.map((p) => p.element));
  }

  // show draws what a frame of a session says.
  show(session) {
    const tensors = session.frame?.runs[0];
    if (!tensors || !session.experiment) return;
    this.code?.show(tensors);
    if (!session.scrubbed?.recorded) this.pad?.show(tensors); // a recorded run does not answer
    this.categorical?.show(tensors, session.values);
    this.schedule?.show(session.values, session.step);
  }

  // press takes what was pressed on the picture: a cell of the code is forced, a digit
  // goes onto the pad, or into a corner of the walk.
  press({ kind, row, column }) {
    if (kind !== "down" || row === undefined) return;
    if (this.code) this.code.select(row, column);
    else this.pad?.take(row);
  }

  // redraw draws all again, in other colours.
  redraw() {
    for (const panel of this.all) (panel.redraw ?? panel.draw)?.call(panel);
  }
}

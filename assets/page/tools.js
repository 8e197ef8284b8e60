// What a pointer on the plane does: it reads the critic off, draws points, moves
// the data's modes by their grips, or draws the line of a slice.
import { byId, el } from "./dom.js";
import { nearest } from "./probe.js";
import { Slice } from "./plot.js";
import { t } from "./strings.js";

const reach = 16; // pixels of CSS from a grip

export class Tools {
  // on has session(), say(message) to the stage, grips() whether they are shown,
  // and preview(modes).
  constructor(box, on) {
    this.box = box;
    this.on = on;
    this.line = null; // of the slice, [from, to]
    this.plot = null;
  }

  // pointer takes what the stage says of a pointer. It reports whether a tool
  // has taken it.
  pointer({ x, y, kind, shift }) {
    const { frame } = this.on.session();
    if (kind === "up" || kind === "leave" || kind === "cancel") {
      const had = this.dragging;
      this.dragging = null;
      return Boolean(had);
    }
    if (kind === "down" && shift) {
      this.dragging = "slice";
      this.line = [[x, y], [x, y]];
    } else if (kind === "down" && this.on.grips() && frame?.runs[0].modes) {
      const near = nearest(frame.runs[0].modes.data, x, y);
      const view = frame.runs[0].view.data[0];
      if (near.distance > (reach * 2 * view) / Math.max(200, byId("stage-box").clientHeight * 0.8)) return false;
      this.dragging = near.mode;
      this.modes = Float32Array.from(frame.runs[0].modes.data);
    }
    if (this.dragging === null || this.dragging === undefined) return false;
    if (this.dragging === "slice") {
      this.line = [this.line[0], [x, y]];
      this.slice();
    } else if (kind === "move") {
      this.modes[2 * this.dragging] = x;
      this.modes[2 * this.dragging + 1] = y;
      this.move();
    }
    return true;
  }

  // move sends the modes to every run, one message after the other.
  async move() {
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = true;
    const session = this.on.session(), modes = this.modes.slice();
    try {
      await Promise.all(session.runs.map((_, run) => session.do(run, "move-modes", { modes: { shape: [modes.length / 2, 2], data: modes } })));
    } catch {} // the run was left meanwhile
    this.sending = false;
    if (this.again) {
      this.again = false;
      this.move();
    }
  }

  // nudge moves the mode that is nearest to a place, for those who use keys.
  nudge(at, by) {
    const { frame } = this.on.session();
    if (!frame?.runs[0].modes) return;
    this.modes = Float32Array.from(frame.runs[0].modes.data);
    const { mode } = nearest(this.modes, ...at), { data: [view] } = frame.runs[0].view;
    for (const i of [0, 1]) this.modes[2 * mode + i] = Math.max(-view, Math.min(this.modes[2 * mode + i] + by[i], view)); // so that its grip stays visible
    this.move();
  }

  // across draws the slice through a place, from left to right, or takes it away.
  across(at) {
    const view = this.on.session().frame?.runs[0].view?.data[0];
    if (!view || this.line) this.clear();
    else {
      this.line = [[-view, at?.[1] ?? 0], [view, at?.[1] ?? 0]];
      this.slice();
    }
  }

  clear() {
    this.line = null;
    this.on.say({ cmd: "slice", from: null });
    if (!this.plot) return;
    this.plot.end();
    this.plot.element.remove();
    this.plot = null;
  }

  slice() {
    const [from, to] = this.line;
    this.on.say({ cmd: "slice", from, to });
    if (!this.plot) {
      this.plot = new Slice();
      const clear = el("button", { type: "button", class: "plain", id: "slice-clear" }, t("slice.clear"));
      clear.onclick = () => this.clear();
      this.plot.element.append(clear);
      this.box.append(this.plot.element);
    }
    this.plot.along(from, to, this.on.session().frame);
  }

  // show draws the slice of a new frame.
  show(frame) {
    this.plot?.show(frame);
  }
}

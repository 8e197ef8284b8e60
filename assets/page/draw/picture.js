// A picture of frames, drawn without WebGL onto a target (canvas.js, svg.js): what
// is seen until the stage is there, where there is none, and what is exported. It
// takes the messages that the stage takes.
import { CanvasTarget } from "./canvas.js";
import { drawCategorical } from "./categorical.js";
import { drawClasses } from "./classes.js";
import { theme } from "./colours.js";
import { drawCompletions } from "./completion.js";
import { drawPanels } from "./gumbel.js";
import { placePlanes } from "./layout.js";
import { Part, placeParts } from "./parts.js";
import { Plane, difference, drawPlane, fitted } from "./plane.js";
import { drawSamples } from "./samples.js";
import { SvgTarget } from "./svg.js";

const off = new Set(["slope", "warp", "descent", "batch", "segments", "noise", "handles", "surface", "difference", "labels"]); // at first

// How a single run is drawn, by mode; samples mode draws all runs together.
const modes = { categorical: drawCategorical, gumbel: drawPanels, sop: drawCompletions, semi: drawClasses, samples: drawSamples };

export class Picture {
  constructor() {
    this.mode = "wgan";
    this.dark = false;
    this.large = false; // letters can be read from the back of a room
    this.layers = {};
    this.titles = [];
    this.captions = {
      digits: "digits", reconstructions: "reconstructions", prior: "prior samples", code: "code", simplex: "simplex", slope: "‖∇D‖",
      logits: "logits", gumbelNoise: "+ Gumbel noise", perturbed: "their sum ÷ τ", softSample: "its softmax", chosen: "chosen so far",
      given: "given", truth: "true", mean: "mean", samples: "completions", analogies: "analogies", guesses: "classes", fake: "generated", real: "real",
    };
    this.clear();
  }

  clear() {
    this.frame = null;
    this.planes = []; // of the frame's runs
    this.probe = this.slice = this.ghost = this.selected = this.grip = null;
  }

  // hear takes a message of the page and reports whether the picture is another now.
  hear(m) {
    switch (m.cmd) {
      case "frame":
        this.frame = m;
        this.planes = this.mode === "wgan" ? m.runs.map((tensors) => new Plane(tensors)) : [];
        return true;
      case "mode":
        if (this.mode !== m.mode) this.clear();
        this.mode = m.mode;
        return true;
      case "layers":
        Object.assign(this.layers, m.layers);
        return true;
      case "theme":
        this.dark = m.dark;
        return true;
      case "type":
        this.large = m.large;
        return true;
      case "titles":
        this.titles = m.titles;
        return true;
      case "captions":
        Object.assign(this.captions, m.text);
        return true;
      case "probe":
        this.probe = Number.isFinite(m.x) && m.x !== null ? [m.x, m.y] : null;
        return true;
      case "slice":
        this.slice = m.from ? [m.from, m.to] : null;
        return true;
      case "ghost":
        this.ghost = m.points;
        return true;
      case "select":
        this.selected = m.row === null || m.row === undefined ? null : { row: m.row, column: m.column };
        return true;
    }
    return false;
  }

  // draw draws on a target of w by h pixels of CSS, scale pixels each. Without
  // ground the picture's back stays clear.
  draw(target, w, h, scale, { ground = true } = {}) {
    const s = {
      theme: theme(this.dark), large: this.large, scale, captions: this.captions, probe: this.probe, slice: this.slice, ghost: this.ghost, selected: this.selected, grip: this.grip,
      runs: this.frame?.runs, titles: this.titles, on: (name) => this.layers[name] ?? !off.has(name),
    };
    if (ground) target.box({ x: 0, y: 0, w: Math.ceil(w * scale), h: Math.ceil(h * scale) }, s.theme.back);
    if (this.mode !== "wgan") {
      this.drawParts(target, w, h, scale, s);
      return;
    }
    const planes = this.planes.length ? [...this.planes] : [new Plane({})];
    if (planes.length === 2 && s.on("difference")) planes.push(difference(...planes));
    const shown = planes.filter(Boolean);
    const places = placePlanes(w, h, scale, this.large, shown.map((p) => p.view), this.titles.length > 0, s.on("slope"));
    shown.forEach((plane, i) => drawPlane(target, plane, places[i], this.titles[i] ?? "", s));
    this.find = (x, y, held) => {
      x *= scale;
      y *= scale;
      const i = held?.plane ?? places.findIndex(({ plot: r }) => x >= r.x && x <= r.x + r.w && y >= r.y && y <= r.y + r.h);
      if (!(i in places)) return null;
      const [px, py] = places[i].back(x, y).map((v) => Math.max(-places[i].view, Math.min(v, places[i].view)));
      let mode = held ? held.mode : null, best = 12 * Math.SQRT2 * scale; // a grip is hit within
      const modes = !held && s.on("handles") && !shown[i].signed ? shown[i].points("modes") : [];
      for (let k = 0; k + 1 < modes.length; k += 2) {
        const far = Math.hypot(places[i].x(modes[k]) - x, places[i].y(modes[k + 1]) - y);
        if (far < best) [mode, best] = [k / 2, far];
      }
      return { x: px, y: py, run: shown[i].signed ? 0 : i, difference: Boolean(shown[i].signed), mode, plane: i };
    };
  }

  // drawParts draws each run separately.
  drawParts(target, w, h, scale, s) {
    const runs = this.mode === "samples" ? 1 : this.frame?.runs.length ?? 1, places = placeParts(w, h, scale, this.large, runs);
    const cells = places.map((at, run) => {
      const { title } = at, words = this.titles[run];
      if (title && words) target.text(title.x * scale, title.y * scale, fitted(target, words, { w: title.w * scale, size: title.size * scale }), { size: title.size * scale, fill: s.theme.ink, anchor: "middle", bold: true });
      return modes[this.mode](runs > 1 ? new Part(target, at.x * scale, at.y * scale) : target, this.frame?.runs[run], at.w, at.h, s);
    });
    this.find = (x, y, held) => {
      const run = held?.run ?? Math.max(0, places.findLastIndex((at) => x >= at.x && y >= at.y));
      const found = cells[run]?.((x - places[run].x) * scale, (y - places[run].y) * scale, held);
      return found && runs > 1 ? { ...found, run } : found ?? null;
    };
  }

  // at returns what is at a place, in pixels of CSS, of the picture drawn last: a
  // point {x, y, run, difference, mode} of the data, mode that of a grip or null, a
  // cell {row, column, run} of the code, a place {bar, value, run} on a logit's bar, or
  // null.
  // held is what it returned when the pointer went down, which is stayed with.
  at(x, y, held) {
    return this.find?.(x, y, held) ?? null;
  }

  // ranges says what the first run's fields reach, null where there are none.
  ranges() {
    return this.planes[0]?.ranges() ?? null;
  }

  // paint draws on a canvas, which it gives scale times w by h pixels.
  paint(canvas, w, h, scale, options) {
    const width = Math.max(1, Math.floor(w * scale)), height = Math.max(1, Math.floor(h * scale));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    this.draw(new CanvasTarget(context), w, h, scale, options);
  }

  // svg returns the picture as an SVG document.
  svg(w, h, title, options) {
    const target = new SvgTarget(options?.encode);
    this.draw(target, w, h, 1, options);
    return target.document(w, h, title);
  }
}

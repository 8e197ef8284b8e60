// The numbers beside the picture: read-outs, charts, and the small plots of a
// frame.
import { Chart } from "./chart.js";
import { byId } from "./dom.js";
import { LayerNorms, Norms, Weights } from "./plot.js";
import { own } from "./own.js";
import { Readouts, modesOf } from "./readouts.js";

// Which chart of which tabs a plot stands behind.
const plots = [
  { after: "slope", tabs: ["wgan", "mnist"], make: () => new Norms() },
  { after: "slope", tabs: ["wgan"], make: (s) => new Weights((run) => (s.runs[run]?.rule === "clip" ? Number(s.runs[run].clip) : null)) },
  { after: "slope", tabs: ["wgan"], make: () => new LayerNorms() },
];

const last = ["generator", "penalty", "loss"]; // charts that tell least

export class Panel {
  constructor() {
    this.charts = [];
    this.plots = [];
  }

  // furnish builds all for a tab's session, whose experiment is known; titles
  // are what its runs are called, where there are several.
  furnish(tab, session, titles) {
    for (const old of [...this.charts, ...this.plots]) old.end();
    this.session = session;
    const { experiment } = session;
    this.readouts = new Readouts(byId("readouts"), experiment, titles);
    const names = [...new Set(experiment.metrics.map((m) => m.chart))].sort((a, b) => last.indexOf(a) - last.indexOf(b));
    this.charts = names.map((name) => new Chart(name, experiment.metrics.map((metric, index) => ({ metric, index })).filter((c) => c.metric.chart === name), titles));
    const modes = this.charts.find((c) => c.name === "modes");
    const most = Math.max(...session.runs.map(({ data }) => own(modesOf, data) ?? 0)) || 8;
    if (modes) modes.look = { ...modes.look, least: [0, most] };
    this.plots = [];
    byId("charts").replaceChildren(...this.charts.map((c) => c.element));
    for (const { after, tabs, make } of plots.toReversed()) {
      const chart = tabs.includes(tab) && this.charts.find((c) => c.name === after);
      if (!chart) continue;
      const plot = make(session);
      chart.element.after(plot.element);
      this.plots.unshift(plot);
    }
    this.picture(session.frame);
    this.show();
  }

  // show writes the metrics, of a checkpoint's step where one is shown.
  show() {
    const { session } = this;
    if (!this.readouts) return;
    const at = session.scrubbed?.step;
    const histories = session.scrubbed?.recorded ? [session.scrubbed.history] : session.histories;
    const last = histories.map((h, run) => (at === undefined ? h.last : h.until(at, session.scrubbed.values?.[run]).last));
    this.readouts.show(last, session.runs);
    const ghost = session.ghost?.history ?? null;
    for (const chart of this.charts) chart.show(histories, last, ghost, at);
  }

  // picture draws the plots of a frame.
  picture(frame) {
    for (const plot of this.plots) plot.show(frame);
  }

  label() {
    for (const chart of this.charts) chart.label();
  }

  // draw draws all again, in other colours.
  draw() {
    for (const each of [...this.charts, ...this.plots]) each.draw();
  }
}

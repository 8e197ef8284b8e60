// A page served by "ganbel serve --run DIR" watches the run that another process
// trains: a LiveSession stands where a Session does, and cannot train.
import { el } from "./dom.js";
import { errorText } from "./errors.js";
import { History } from "./history.js";
import { whole } from "./numbers.js";
import { belong } from "./registry.js";
import { Ring } from "./ring.js";
import { base, changed } from "./state.js";
import { language, t } from "./strings.js";
import { read } from "./safetensors.js";

const patience = 30_000; // milliseconds between attempts to reach the server, at most
const rateOver = 10_000; // milliseconds over which the speed is measured

// runAddress returns where the server tells of its run, null where it has none.
export const runAddress = (page = document) => {
  const mark = page.querySelector("meta[name=ganbel-run]");
  return mark && new URL(mark.content, page.baseURI);
};

// Rate measures steps a second over the last while.
export class Rate {
  constructor() {
    this.seen = [];
  }

  // add takes a step and when it was seen, in milliseconds, and returns the rate;
  // 0 until there is something to measure.
  add(step, at) {
    if (this.seen.length && step < this.seen.at(-1).step) this.seen = [];
    if (step !== this.seen.at(-1)?.step) this.seen.push({ step, at });
    while (this.seen.length > 2 && at - this.seen[1].at > rateOver) this.seen.shift();
    const first = this.seen[0], last = this.seen.at(-1);
    return last.at > first.at ? (1000 * (last.step - first.step)) / (last.at - first.at) : 0;
  }
}

// wait returns how long to wait before the n-th attempt after a failure.
export const wait = (n) => Math.min(patience, 1000 * 2 ** n);

export class LiveSession {
  // notify(kind) is called as a Session's: "registry", "opened", "frame", "metrics",
  // "rate" or "state". options are for tests.
  constructor(address, notify, { Source = globalThis.EventSource, get = globalThis.fetch.bind(globalThis), now = Date.now } = {}) {
    this.address = address;
    this.notify = notify;
    this.Source = Source;
    this.get = get;
    this.now = now;

    this.readonly = true; // nothing can be set or trained
    this.experiment = null;
    this.experimentName = "";
    this.preset = "";
    this.changes = {};
    this.points = null;
    this.speed = 0;
    this.wanted = false;
    this.seen = false;
    this.fault = null;
    this.loading = null;
    this.frame = null;
    this.histories = [new History()];
    this.variants = []; // it is one run, without checkpoints
    this.ring = new Ring();
    this.scrubbed = this.ghost = this.tape = null;
    this.open = this.ready = false;
    this.step = this.steps = this.rate = 0;
    this.run = null; // what the server tells of it
    this.status = { state: "connecting" };
    this.failed = 0; // attempts in a row
  }

  get history() {
    return this.histories[0];
  }

  get runs() {
    return [this.values];
  }

  get present() {
    return this;
  }

  get values() {
    return this.experiment ? { ...base(this.experiment, this.preset), ...this.changes } : {};
  }

  // told and playing: whether it advances, not whether this page makes it.
  get told() {
    return this.status.state === "running";
  }

  get playing() {
    return this.told;
  }

  // boot begins to listen, and goes on whatever happens.
  boot() {
    this.source?.close();
    const source = this.source = new this.Source(new URL("events", this.address));
    for (const kind of ["run", "metrics", "frame", "state"]) {
      source.addEventListener(kind, (e) => {
        this.failed = 0;
        this.hear(kind, JSON.parse(e.data));
      });
    }
    source.onerror = () => {
      source.close(); // its own attempts end where the server says no
      if (this.status.state !== "lost") this.tell({ state: "lost", since: this.now() });
      this.timer = setTimeout(() => this.boot(), wait(this.failed++));
    };
  }

  end() {
    clearTimeout(this.timer);
    this.source?.close();
  }

  hear(kind, m) {
    switch (kind) {
      case "run":
        this.begin(m);
        return;
      case "metrics":
        if (!this.open) return;
        for (const [step, ...values] of m.rows) this.history.add(step, values);
        this.advance(m.rows.at(-1)[0]);
        this.notify("metrics");
        return;
      case "frame":
        this.newest = m.step;
        this.fetchFrame();
        return;
      case "state":
        this.tell(m);
        return;
    }
  }

  // begin takes a run as the server describes it, and forgets the one before.
  begin(run) {
    const another = run.experiment.name !== this.experimentName;
    this.run = run;
    this.experiment = belong(run.experiment);
    this.experimentName = run.experiment.name;
    const { presets } = run.experiment;
    this.preset = presets.find((p) => p.name === run.preset)?.name ?? presets[0].name;
    this.changes = changed(this.experiment, this.preset, run.values);
    this.steps = run.steps;
    this.histories = [new History(run.every ?? 0)];
    this.measured = new Rate();
    this.step = this.rate = 0;
    this.newest = this.shown = undefined;
    if (another) this.frame = null;
    this.open = this.ready = true;
    this.notify("registry");
    this.notify("opened");
  }

  advance(step) {
    this.step = Math.max(this.step, step);
    this.rate = this.measured.add(this.step, this.now());
    this.notify("rate");
  }

  tell(status) {
    this.status = status;
    if (this.open && status.step !== undefined && status.state !== "missing") this.advance(status.step);
    this.notify("state");
  }

  // ask asks for one frame, which comes when there is a new one.
  ask() {
    this.asked = true;
    this.fetchFrame();
  }

  async fetchFrame() {
    if (!this.asked || this.fetching || this.newest === undefined || this.newest === this.shown) return;
    this.fetching = true;
    const { run, newest } = this;
    let frame = null;
    try {
      const response = await this.get(new URL("frame", this.address));
      if (response.ok) {
        const { meta, tensors } = read(await response.arrayBuffer());
        frame = { experiment: meta.experiment, step: Number(meta.step), runs: [tensors] };
      }
    } catch {} // the stream tells where the server is gone; the next frame mends the rest
    this.fetching = false;
    if (run !== this.run) {
      this.fetchFrame();
      return;
    }
    this.shown = newest;
    if (!frame || frame.experiment !== this.experimentName) return;
    this.asked = false;
    this.frame = frame;
    this.notify("frame");
  }

  see(seen) {
    this.seen = seen;
  }

  // What trains or changes a run is refused in silence: its controls are disabled.
  want() {}
  once() {}
  start() {}
  reopen() {}
  set() {}
  setSpeed() {}
  choose() {}
  configure() {}
  send() {}
  update() {}

  do() {
    return Promise.reject(new Error("a watched run takes no actions"));
  }
}

// clock says when something was, with its day where that is not today.
function clock(at) {
  const today = new Date(at).toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language(), { dateStyle: today ? undefined : "medium", timeStyle: "medium" }).format(at);
}

// standing says how a watched run stands.
export function standing({ status, step, steps }) {
  const time = status.since === undefined ? "" : clock(status.since);
  return t(`live.${status.state}`, { time, message: errorText(status.message), name: status.name, step: whole(step, language()), steps: whole(steps, language()) });
}

// Banner tells, in place of the buttons, how a watched run stands.
export class Banner {
  constructor(transport) {
    this.line = el("p", { role: "status", id: "live-status" });
    this.about = el("p", { class: "help" });
    this.element = el("section", { class: "live", id: "live" }, this.line, this.about);
    transport.after(this.element);
    for (const id of ["timeline-box", "open-lessons"]) document.getElementById(id).hidden = true;
  }

  // show writes how it stands, and disables what would train or change a run.
  show(session) {
    this.element.dataset.state = session.status.state;
    const text = standing(session);
    if (this.line.textContent !== text) this.line.textContent = text; // it is read out
    this.about.textContent = session.run ? t("live.watching", { name: session.run.name }) : "";
    for (const input of document.querySelectorAll("#form input, #form select, .transport button, .transport select, #preset")) input.disabled = true;
  }
}

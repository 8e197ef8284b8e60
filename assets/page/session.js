// A session is one tab's run: its worker, its settings, its numbers so far. It
// plays while the person wants it to and can see it.
import { worker } from "./files.js";
import { History } from "./history.js";
import { base, changed, mend, same } from "./state.js";

const autosaveEvery = 20_000; // milliseconds

export class Session {
  // notify(kind) is called when something changed: "registry", "opened",
  // "frame", "metrics", "rate", "state", "loading", "fault" or "refused".
  constructor(experimentName, mnist, notify) {
    this.experimentName = experimentName;
    this.mnist = mnist; // URL of the digits, null where none are needed
    this.notify = notify;

    this.experiment = null; // of the registry
    this.preset = "";
    this.changes = {}; // settings that differ from the preset's
    this.points = null;
    this.speed = 0;

    this.wanted = false; // the person wants it to play
    this.seen = false; // it can be seen
    this.fault = null; // {kind, message, step}
    this.histories = [new History()]; // of each run
    this.saved = null; // {runs, step} to go on from after a crash
    this.frame = null;
    this.fresh();
  }

  // fresh is how things stand before a run is open.
  fresh() {
    this.open = false;
    this.told = false; // the worker was told to play
    this.step = 0;
    this.rate = 0;
    this.loading = null; // {name, received, total}
  }

  // history is that of the first run.
  get history() {
    return this.histories[0];
  }

  get values() {
    return { ...base(this.experiment, this.preset), ...this.changes };
  }

  get playing() {
    return this.wanted && !this.fault;
  }

  // boot starts the worker. When it tells the registry, begin(session) settles
  // preset and changes and the run opens.
  boot(begin) {
    this.begin = begin ?? this.begin;
    this.worker?.terminate();
    this.ready = this.asked = false;
    this.fresh();
    this.worker = worker("worker.js");
    this.worker.onmessage = (e) => this.hear(e.data);
    this.worker.onerror = (e) => {
      e.preventDefault();
      this.die(e.message ?? "its file cannot be loaded");
    };
    clearInterval(this.autosave);
    this.autosave = setInterval(() => {
      if (this.told && this.open) this.send({ cmd: "save" });
    }, autosaveEvery);
  }

  send(message, transfer) {
    this.worker?.postMessage(message, transfer);
  }

  die(message) {
    this.worker.terminate();
    this.worker = null;
    this.fail({ kind: "crash", message });
  }

  fail(fault) {
    this.told = false;
    this.fault = { step: this.step, ...fault };
    this.notify("fault");
  }

  // start opens a run at step 0 with the settings as they stand.
  start() {
    this.saved = null;
    this.histories = [new History()];
    this.reopen();
  }

  // reopen opens a run that goes on from what was saved, if anything was.
  reopen() {
    this.fault = null;
    if (!this.worker) {
      this.boot();
      this.notify("state");
      return;
    }
    this.fresh();
    if (!this.ready) return; // it opens when the registry came
    const points = this.values.data === "points" ? this.points : null;
    this.send({ cmd: "open", experiment: this.experimentName, preset: this.preset, values: this.changes, points, mnist: this.mnist });
    this.opening = (this.opening ?? 0) + 1;
    this.notify("state");
  }

  hear(m) {
    switch (m.type) {
      case "registry":
        this.ready = true;
        this.opening = 0;
        if (!this.experiment) {
          this.experiment = m.experiments.find((e) => e.name === this.experimentName);
          this.begin(this);
          this.notify("registry");
        }
        this.reopen();
        return;
      case "loading":
        this.loading = m;
        this.notify("loading");
        return;
      case "frame":
        this.asked = false;
        if (this.opening === 0) this.frame = m;
        if (this.open) this.step = m.step;
        this.notify("frame");
        return;
      case "opened":
        if (--this.opening > 0) return; // one of before
        this.open = true;
        this.loading = null;
        this.notify("opened");
        if (this.saved) this.send({ cmd: "load", runs: this.saved.runs });
        this.update();
        return;
      case "error":
        if (m.fatal) this.die(m.message);
        else if (m.open) {
          if (--this.opening === 0) this.fail({ kind: m.download ? "download" : "open", message: m.message });
        } else if (m.diverged) this.fail({ kind: "diverged", message: m.message, step: m.step });
        else {
          this.refusal = m.message;
          this.notify("refused");
        }
        return;
    }
    if (!this.open) return; // it belongs to a run that is gone
    switch (m.type) {
      case "metrics":
        this.step = m.step;
        m.runs.forEach((values, i) => (this.histories[i] ??= new History()).add(m.step, values));
        break;
      case "rate":
        this.rate = m.stepsPerSecond;
        break;
      case "state":
        this.step = m.step;
        for (const h of this.histories) if (h.last?.step > m.step) h.back(m.step);
        break;
      case "saved":
        this.saved = { runs: m.runs, step: m.step };
        break;
    }
    this.notify(m.type);
  }

  // update tells the worker to play or to pause, where that changed.
  update() {
    const should = this.open && this.seen && this.playing;
    if (should === this.told) return;
    this.told = should;
    this.send(should ? { cmd: "play", speed: this.speed } : { cmd: "pause" });
    this.notify("state");
  }

  want(playing) {
    this.wanted = playing;
    this.update();
    this.notify("state");
  }

  see(seen) {
    this.seen = seen;
    this.update();
  }

  once() {
    this.wanted = this.told = false;
    this.send({ cmd: "step", n: 1 });
    this.notify("state");
  }

  setSpeed(speed) {
    this.speed = speed;
    if (this.told) this.send({ cmd: "play", speed });
  }

  // ask asks for one frame.
  ask() {
    if (this.asked || !this.worker) return;
    this.asked = true;
    this.send({ cmd: "frame" });
  }

  // set changes a setting: at once, or by starting the run anew.
  set(name, text) {
    const setting = this.experiment.settings.find((s) => s.name === name);
    const value = mend(setting, text);
    if (value === null || same(setting, value, this.values[name])) return;
    this.changes = changed(this.experiment, this.preset, { ...this.changes, [name]: value });
    if (setting.resets || !this.open) this.start();
    else this.send({ cmd: "set", name, value });
  }

  // choose takes a preset. What is learned from, and the seed, stay.
  choose(preset) {
    const { data, seed } = this.values;
    this.preset = preset;
    this.changes = changed(this.experiment, preset, { data, seed });
    this.start();
  }

  // configure takes a preset and changes as they are, and starts anew where
  // they are others than before.
  configure(preset, changes) {
    const before = JSON.stringify(this.values);
    this.preset = preset;
    this.changes = changes;
    if (JSON.stringify(this.values) !== before) this.start();
  }
}

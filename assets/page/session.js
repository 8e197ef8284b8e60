// A session is one tab's bench: its worker, its settings, its runs and their
// numbers so far, and the checkpoints to go back to. It plays while the person
// wants it to and can see it. It has one run, or several that differ in a few
// settings and share all else, noise included.
import { figureOf, withFigures } from "./figures.js";
import { worker } from "./files.js";
import { History } from "./history.js";
import { answers } from "./network.js";
import { belong } from "./registry.js";
import { Ring } from "./ring.js";
import { savedPoints } from "./run-file.js";
import { base, changed, mend, same } from "./state.js";

const checkpointEvery = 1000; // milliseconds while it plays
const checkpointRate = 400e3; // bytes a second, at most
const carried = ["data", "seed"]; // what a person has chosen, and a preset may leave open

export class Session {
  // notify(kind) is called when something changed: "registry", "opened",
  // "frame", "metrics", "rate", "state", "set", "checkpoint", "scrubbed",
  // "loading", "fault" or "refused".
  constructor({ experiment, digits, classifier }, notify) {
    this.experimentName = experiment;
    this.quiet = false; // it shows no recorded run, which would tell how this one ends
    this.mnist = digits; // URL of the digits, null where none are needed
    this.classifier = classifier ?? null; // URL of what scores them
    this.notify = notify;

    this.experiment = null; // of the registry
    this.preset = "";
    this.named = false; // the preset was asked for, and is not just the first
    this.changes = {}; // settings that differ from the preset's
    this.differences = []; // what differs from these in A and B, if they are compared
    this.points = null;
    this.speed = 0;

    this.wanted = false; // the person wants it to play
    this.seen = false; // it can be seen
    this.fault = null; // {kind, message, step}
    this.histories = [new History()]; // of each run; with rows at the preset's steps once that is known
    this.ring = new Ring();
    this.scrubbed = null; // the checkpoint that is shown in place of the run
    this.ghost = null; // {history, points} of the run before
    this.frame = null;
    this.answers = new Map(); // by id, who waits for an action
    this.fresh();
  }

  // fresh is how things stand before a run is open.
  fresh() {
    this.open = false;
    this.told = false; // the worker was told to play
    this.saving?.resolve();
    this.saving = null;
    this.held = null; // what was heard of a new run before its checkpoint is loaded
    this.step = 0;
    this.rate = 0;
    this.loading = null; // {name, received, total}
    for (const { reject } of this.answers.values()) reject(new Error("the run was left"));
    this.answers.clear();
  }

  // history is that of the first run.
  get history() {
    return this.histories[0];
  }

  // every is how many steps lie between rows of charts and files.
  get every() {
    return this.experiment?.presets.find((p) => p.name === this.preset)?.every ?? 1;
  }

  get values() {
    return { ...base(this.experiment, this.preset), ...this.changes };
  }

  // figure is the preset if it is one of several runs, else null.
  get figure() {
    return figureOf(this.experiment, this.preset);
  }

  // variants are what differs from the values in each run, if there are several: as a
  // figure says, else as the person compares.
  get variants() {
    return this.figure?.runs ?? this.differences;
  }

  set variants(variants) {
    this.differences = variants;
  }

  // runs are the settings of each run.
  get runs() {
    return this.variants.length ? this.variants.map((v) => ({ ...this.values, ...v })) : [this.values];
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
    try {
      this.worker = worker("worker.js");
    } catch (e) { // such as a frame that may start none
      this.worker = null;
      this.fail({ kind: "blocked", message: e.message });
      return;
    }
    this.worker.onmessage = (e) => this.hear(e.data);
    this.worker.onerror = (e) => {
      e.preventDefault();
      const { worker } = this;
      if (e.message) this.die(e.message);
      else answers().then((is) => worker === this.worker && this.die("its file cannot be loaded", !is));
    };
  }

  send(message, transfer) {
    this.worker?.postMessage(message, transfer);
  }

  die(message, network = false) {
    this.worker.terminate();
    this.worker = null;
    this.fail({ kind: network ? "network" : "crash", message });
  }

  fail(fault) {
    this.told = false;
    this.fault = { step: this.step, ...fault };
    this.notify("fault");
  }

  // start opens a run at step 0 with the settings as they stand. The run before
  // becomes the ghost, where it went far enough to be remembered.
  start() {
    this.remember();
    this.ring.clear();
    this.histories = [new History(this.every)];
    this.reopen(null);
  }

  remember() {
    const points = this.frame?.runs[0].fake?.data;
    if (this.history.last?.step > 20) this.ghost = { history: this.history, points, step: this.history.last.step };
  }

  // reopen opens a run that goes on from a checkpoint, the last where none is
  // named, or from nothing where it is null. With adopt the settings are the
  // session's, not the checkpoint's.
  reopen(from = this.ring.last, adopt = false) {
    this.fault = this.scrubbed = null;
    this.from = from && { runs: from.runs, adopt };
    if (!this.worker) {
      this.boot();
      this.notify("state");
      return;
    }
    this.fresh();
    if (!this.ready) return; // it opens when the registry came
    const points = this.trainedOn = this.values.data === "points" ? this.points : null;
    this.send({ cmd: "open", experiment: this.experimentName, ...this.registered(this.preset, this.changes), variants: this.variants.length ? this.variants : null, points, mnist: this.mnist, classifier: this.classifier });
    this.opening = (this.opening ?? 0) + 1;
    this.notify("state");
  }

  // registered returns a preset and the changes from it as the worker has them, which
  // knows no figures.
  registered(preset, changes) {
    const from = figureOf(this.experiment, preset)?.from;
    return from ? { preset: from, values: changed(this.experiment, from, { ...base(this.experiment, preset), ...changes }) } : { preset, values: changes };
  }

  hear(m) {
    switch (m.type) {
      case "registry":
        this.ready = true;
        this.opening = 0;
        if (!this.experiment) {
          this.experiment = belong(withFigures(m.experiments.find((e) => e.name === this.experimentName)));
          this.begin(this);
          this.histories = [new History(this.every)];
          this.notify("registry");
        }
        this.reopen(this.from, this.from?.adopt);
        return;
      case "loading":
        this.loading = m;
        this.notify("loading");
        return;
      case "frame":
        this.asked = false;
        if (this.opening === 0 && !this.scrubbed && !this.held) this.frame = m;
        if (this.open && !this.held) this.step = m.step;
        this.notify("frame");
        return;
      case "opened":
        if (m.saved) { // what load proposed can be opened
          this.opening--;
          this.proposed?.resolve();
          this.proposed = null;
          return;
        }
        if (--this.opening > 0) return; // one of before
        this.open = true;
        this.loading = null;
        this.notify("opened");
        if (this.from) {
          this.held = [];
          this.send({ cmd: "load", ...this.from });
        }
        this.checkpoint();
        this.update();
        return;
      case "error":
        if (m.fatal) this.die(m.message, m.network);
        else if (m.kept) {
          this.opening--;
          this.proposed?.reject(new Error(m.message));
          this.proposed = null;
        } else if (m.open) {
          if (--this.opening === 0) this.fail({ kind: m.network ? "network" : m.download ? "download" : "open", message: m.message });
        } else if (m.diverged) this.fail({ kind: "diverged", message: m.message, step: m.step });
        else {
          this.refusal = m.message;
          const { held } = this;
          this.held = null;
          for (const each of held ?? []) this.hear(each);
          this.notify("refused");
        }
        return;
    }
    if (!this.open) return; // it belongs to a run that is gone
    // Between the run that was opened at step 0 and what it goes on from nothing changes.
    if (this.held && ["metrics", "state"].includes(m.type)) {
      this.held.push(m);
      return;
    }
    switch (m.type) {
      case "loaded":
        this.held = null;
        return;
      case "metrics":
        this.step = m.step;
        m.runs.forEach((values, i) => (this.histories[i] ??= new History(this.every)).add(m.step, values, m.row));
        break;
      case "rate":
        this.rate = m.stepsPerSecond;
        this.checkpointIfDue();
        break;
      case "state":
        this.step = m.step;
        for (const h of this.histories) if (h.last?.step > m.step) h.back(m.step);
        if (!m.playing && !this.fault && this.ring.last?.step !== m.step) this.checkpoint();
        break;
      case "saved": {
        const values = this.histories.map(({ last }) => (last?.step === m.step ? last.values : null));
        this.ring.add({ step: m.step, runs: m.runs, values, frame: { experiment: this.experimentName, step: m.step, runs: m.frames } });
        const bytes = m.runs.reduce((sum, run) => sum + run.byteLength, 0);
        this.nextCheckpoint = performance.now() + Math.max(checkpointEvery, (1000 * bytes) / checkpointRate);
        this.saving?.resolve();
        this.saving = null;
        this.notify("checkpoint");
        return;
      }
      case "done": {
        const answer = this.answers.get(m.id);
        this.answers.delete(m.id);
        if (m.message) answer?.reject(new Error(m.message));
        else answer?.resolve(m.tensors);
        return;
      }
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

  // want plays or pauses; it plays on from the checkpoint that is shown.
  want(playing) {
    if (playing && this.scrubbed) this.leap(this.scrubbed);
    this.wanted = playing;
    this.update();
    this.notify("state");
  }

  see(seen) {
    this.seen = seen;
    this.update();
  }

  once() {
    if (this.scrubbed) this.leap(this.scrubbed);
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

  // do lets a run carry out one of its experiment's actions and resolves with
  // the tensors it answers.
  do(run, action, tensors = {}) {
    const id = (this.lastId = (this.lastId ?? 0) + 1);
    return new Promise((resolve, reject) => {
      if (!this.open) {
        reject(new Error("no run is open"));
        return;
      }
      this.answers.set(id, { resolve, reject });
      this.send({ cmd: "do", id, run, action, tensors });
    });
  }

  // Checkpoints.

  // checkpoint takes one of the run as it stands, and resolves when it is there.
  checkpoint() {
    if (!this.open) return Promise.resolve();
    if (!this.saving) {
      this.saving = Promise.withResolvers();
      this.send({ cmd: "save" });
    }
    return this.saving.promise;
  }

  checkpointIfDue() {
    if (performance.now() >= (this.nextCheckpoint ?? 0)) this.checkpoint();
  }

  // scrub shows a checkpoint, or the run itself for null. It pauses the run.
  scrub(entry) {
    this.wanted = false;
    this.update();
    this.scrubbed = entry;
    if (entry) this.frame = entry.frame;
    this.notify("scrubbed");
  }

  // leap goes on from a checkpoint; what came after it becomes the ghost.
  leap(entry) {
    this.fault = null;
    if (this.history.last?.step > entry.step + 20) this.ghost = { history: this.history.clone(), points: this.ring.last?.frame.runs[0].fake?.data, step: this.history.last.step };
    this.scrubbed = null;
    for (const h of this.histories) h.back(entry.step);
    this.ring.back(entry.step);
    if (!this.worker) this.reopen(entry);
    else this.send({ cmd: "load", runs: entry.runs });
    this.notify("state");
  }

  // fork opens two runs that both go on from a checkpoint, the second with
  // another value of one setting.
  fork(entry, name, value) {
    const first = entry.runs[0], { history } = this;
    this.variants = [{}, { [name]: value }];
    history.back(entry.step);
    this.histories = [history, history.clone()];
    this.ring.clear();
    this.reopen({ runs: [first, first] }, true);
  }

  // compare opens runs that differ in some settings, one where there is none.
  compare(variants) {
    this.variants = variants;
    this.start();
  }

  // set changes a setting: at once, or by starting the run anew. Where B differs from A
  // each can be set, by its number.
  set(name, text, run = 0) {
    const setting = this.experiment.settings.find((s) => s.name === name);
    const value = mend(setting, text), own = run > 0 && Object.hasOwn(this.differences[run] ?? {}, name);
    if (value === null || same(setting, value, this.runs[own ? run : 0][name])) return;
    if (own) {
      this.differences = this.differences.with(run, { ...this.differences[run], [name]: value });
      this.start();
      return;
    }
    this.changes = changed(this.experiment, this.preset, { ...this.changes, [name]: value });
    if (setting.resets || !this.open || this.variants.some((v) => name in v)) this.start();
    else this.send({ cmd: "set", name, value });
  }

  // choose takes a preset. The person's own data and seed stay if the preset names none,
  // and so does a comparison, if B would still differ from A in what the preset leaves open.
  choose(preset) {
    const { values } = this.experiment.presets.find((p) => p.name === preset);
    const open = (name) => !Object.hasOwn(values, name);
    const own = Object.entries(this.changes).filter(([name]) => carried.includes(name) && open(name));
    this.preset = preset;
    this.named = true;
    this.changes = changed(this.experiment, preset, Object.fromEntries(own));
    const differs = (name, value) => open(name) && !same(this.experiment.settings.find((s) => s.name === name), value, this.values[name]);
    const stays = !this.figure && this.differences.every((v) => Object.entries(v).every(([name, value]) => differs(name, value)));
    if (!stays) this.differences = []; // a figure is a comparison itself
    this.quiet = false;
    this.start();
  }

  // configure takes a preset, changes and variants as they are, and starts anew
  // where they are others than before.
  configure(preset, changes, variants = []) {
    const before = JSON.stringify(this.runs);
    this.preset = preset;
    this.changes = changes;
    this.variants = variants;
    const others = this.values.data === "points" && this.points !== this.trainedOn;
    if (others || JSON.stringify(this.runs) !== before) this.start();
  }

  // load opens a run file with its own settings, from {preset, values, bytes}. If the file
  // cannot be opened the run that was open stays, and the promise is rejected with the
  // reason.
  async load({ preset, values, bytes }) {
    const name = this.experiment.presets.find((p) => p.name === preset)?.name ?? this.figure?.from ?? this.preset; // a file has one run
    const changes = changed(this.experiment, name, values);
    const brought = savedPoints(bytes) ?? this.points;
    if (this.open) {
      this.proposed?.reject(new Error("another file was opened"));
      const points = { ...base(this.experiment, name), ...changes }.data === "points" ? brought : null;
      await new Promise((resolve, reject) => {
        this.proposed = { resolve, reject };
        this.opening++;
        this.send({ cmd: "open", experiment: this.experimentName, ...this.registered(name, changes), variants: null, points, mnist: this.mnist, classifier: this.classifier, saved: [bytes] });
      });
    }
    this.remember();
    this.points = brought;
    this.variants = [];
    this.preset = name;
    this.changes = changes;
    this.ring.clear();
    this.histories = [new History(this.every)];
    this.wanted = false;
    this.reopen({ runs: [bytes] });
  }
}

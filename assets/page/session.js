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
export const short = 20; // steps of a run that is not kept if the person only begins anew

// key returns a name that no other run has.
const key = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
// config returns, of settings or a record, what makes the runs what they are.
const config = ({ preset, named, changes, differences, points }) => ({ preset, named, changes, differences, points });

const carried = ["data", "seed"]; // what a person has chosen, and a preset may leave open

export class Session {
  // notify(kind) is called when something changed: "registry", "opened",
  // "frame", "metrics", "rate", "state", "set", "checkpoint", "scrubbed",
  // "loading", "fault" or "refused". left(record) is called with every run that is left,
  // see record.
  constructor({ experiment, digits, classifier }, notify, left = () => {}) {
    this.experimentName = experiment;
    this.quiet = false; // it shows no recorded run, which would tell how this one ends
    this.mnist = digits; // URL of the digits, null where none are needed
    this.classifier = classifier ?? null; // URL of what scores them
    this.notify = notify;
    this.left = left;

    this.key = key(); // of the run that is open
    this.scripted = false; // it belongs to a lesson, which can show it again
    this.opened = null; // the settings of the run that is open, see config
    this.ids = 0;
    this.opens = new Map(); // by id, the runs that were asked for
    this.loads = new Map(); // by id, the checkpoints that were asked for
    this.judgements = new Map(); // by id, who waits for what a file holds
    this.learning = []; // who waits for the registry
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
    this.step = 0;
    this.rate = 0;
    this.loading = null; // {name, received, total}
    this.drop("the trainer stopped");
    this.forsake();
  }

  // drop ends what the worker was asked for, which is gone.
  drop(message) {
    for (const asked of [...this.opens.values(), ...this.judgements.values()]) asked.reject?.(new Error(message));
    for (const all of [this.opens, this.judgements, this.loads]) all.clear();
    this.saving?.resolve();
    this.saving = null;
  }

  // forsake ends the actions that wait for an answer.
  forsake() {
    for (const { reject } of this.answers.values()) reject(new Error("the run was left"));
    this.answers.clear();
  }

  // config returns what makes the runs what they are, as it stands in the form.
  config() {
    return config(this);
  }

  // history is that of the first run.
  get history() {
    return this.histories[0];
  }

  // every is how many steps lie between rows of charts and files.
  get every() {
    return this.everyOf(this.preset);
  }

  // everyOf returns that of a preset.
  everyOf(preset) {
    return this.experiment?.presets.find((p) => p.name === preset)?.every ?? 1;
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
    return this.variantsOf(this);
  }

  set variants(variants) {
    this.differences = variants;
  }

  // variantsOf returns the variants of settings, see config.
  variantsOf({ preset, differences }) {
    return figureOf(this.experiment, preset)?.runs ?? differences;
  }

  // present are the settings of the run that is open. While another is asked for they
  // are not those of the form.
  get present() {
    const of = (this.open && this.opened) || this;
    return { ...of, variants: this.variantsOf(of) };
  }

  // runs are the settings of each run that is open.
  get runs() {
    const { preset, changes, variants } = this.present, values = { ...base(this.experiment, preset), ...changes };
    return variants.length ? variants.map((v) => ({ ...values, ...v })) : [values];
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
    this.drop(message);
    for (const { reject } of this.learning.splice(0)) reject(new Error(message));
    this.goBack();
    this.fail({ kind: network ? "network" : "crash", message });
  }

  fail(fault) {
    this.told = false;
    this.fault = { step: this.step, ...fault };
    this.notify("fault");
  }

  // start begins a run at step 0 with the settings as they stand. next may have least,
  // the steps above which the run that is left is kept, and wanted and scripted.
  start(next = {}) {
    if (this.worker && this.ready) {
      this.propose(next);
      return;
    }
    this.leave(next.least); // the worker has it no more
    this.take(next);
    this.from = this.fault = this.scrubbed = null;
    if (!this.worker) this.boot();
    this.notify("state"); // it opens when the registry came
  }

  // propose asks the worker for another run. The present one stays until that is open, and
  // is then left. If that cannot be, all stays as it was, and so do the settings. next may
  // have, besides config's, saved and adopt, what it goes on from, and key, entries,
  // histories, step and wanted, which it then has. With same it is the present run, which
  // the worker lost. With resolve and reject these hear what came of it.
  propose(next) {
    const id = ++this.ids, all = { ...this.config(), ...next };
    if (!this.worker) this.boot();
    if (this.told || this.ring.last?.step !== this.step) this.checkpoint(); // to be kept as it stands
    this.opens.set(id, all);
    const { preset, changes } = all, variants = this.variantsOf(all), { data } = { ...base(this.experiment, preset), ...changes };
    this.send({
      cmd: "open", id, experiment: this.experimentName, ...this.registered(preset, changes), variants: variants.length ? variants : null,
      points: data === "points" ? all.points : null, mnist: this.mnist, classifier: this.classifier, saved: all.saved ?? null, adopt: Boolean(all.adopt),
    });
    this.notify("state");
  }

  // enter makes a run that the worker has opened the present one.
  enter(next) {
    if (this.open) this.leave(next.least);
    if (!next.same) this.take(next);
    this.opened = config(next);
    if (next.resolve) this.goBack();
    this.fault = this.scrubbed = this.loading = null;
    this.step = next.step ?? 0;
    this.rate = 0;
    this.told = false;
    this.open = true;
    if (this.frame && this.frame.runs.length !== this.runs.length) this.frame = null; // of a comparison, or of no one
  }

  // take makes a run the present one, with what is given of its record. One that is
  // scripted has no ghost, which would be another lesson's.
  take({ key: name = key(), preset = this.preset, entries = [], histories = [new History(this.everyOf(preset))], wanted = this.wanted, scripted = false }) {
    this.ring = new Ring();
    for (const entry of entries) this.ring.add(entry);
    Object.assign(this, { key: name, histories, wanted, scripted, resumes: null });
    if (scripted) this.ghost = null;
  }

  // goBack takes the settings of the run that is open, whatever was asked for.
  goBack() {
    Object.assign(this, this.opened);
  }

  // leave is the one way from the present run to another. It is kept if it is beyond a
  // step, and it becomes the ghost if it went far enough to be remembered.
  leave(least = short) {
    this.remember();
    this.forsake();
    if (!this.scripted && this.ring.last?.step > least) this.left(this.record());
    this.take({});
  }

  // record returns all there is to take the present run up again.
  record() {
    const { key, experimentName: experiment, histories, wanted, ring: { entries, last } } = this;
    return { key, experiment, ...config(this.opened ?? this), runs: this.runs.length, step: last?.step ?? 0, wanted, entries, histories };
  }

  // restore takes a run up again from its record, paused. If that cannot be the present run
  // stays, and the promise is rejected with the reason.
  restore(record) {
    const saved = record.entries.at(-1).runs;
    return new Promise((resolve, reject) => this.propose({ ...record, saved, wanted: false, least: 0, resolve, reject }));
  }

  remember() {
    const points = this.frame?.runs[0].fake?.data;
    if (this.history.last?.step > short) this.ghost = { history: this.history, points };
  }

  // reopen opens the present run anew, which the worker lost: from a checkpoint, the last
  // if none is named, or from nothing for null.
  reopen(from = this.ring.last) {
    this.fault = this.scrubbed = null;
    this.from = from;
    if (!this.worker) {
      this.boot();
      this.notify("state");
      return;
    }
    this.fresh();
    if (this.ready) this.propose({ same: true, saved: from?.runs, step: from?.step }); // else when the registry came
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
        if (!this.experiment) {
          this.experiment = belong(withFigures(m.experiments.find((e) => e.name === this.experimentName)));
          this.histories = [];
          this.begin(this);
          if (!this.histories.length) this.histories = [new History(this.every)];
          this.notify("registry");
          for (const { resolve } of this.learning.splice(0)) resolve();
        }
        if (!this.opens.size) this.reopen(this.from);
        return;
      case "loading":
        this.loading = m;
        this.notify("loading");
        return;
      case "frame":
        this.asked = false;
        if (!this.scrubbed) this.frame = m;
        if (this.open) this.step = m.step;
        this.notify("frame");
        return;
      case "judged": {
        const asked = this.judgements.get(m.id);
        this.judgements.delete(m.id);
        if (m.message) asked?.reject(new Error(m.message));
        else asked?.resolve(m);
        return;
      }
      case "opened":
        if (!this.opens.has(m.id)) return;
        this.enter(this.opens.get(m.id));
        this.opens.get(m.id).resolve?.();
        this.opens.delete(m.id);
        if (this.opens.size) return; // another follows
        this.notify("opened");
        if (this.ring.last?.step !== this.step) this.checkpoint();
        if (this.resumes) this.leap(this.resumes);
        this.resumes = null;
        this.update();
        return;
      case "error":
        if (m.fatal) this.die(m.message, m.network);
        else if (m.open) this.refused(m);
        else if (m.diverged) this.fail({ kind: "diverged", message: m.message, step: m.step });
        else {
          if (this.saving && this.saving.id === m.id) {
            this.saving.resolve();
            this.saving = null;
          }
          if (this.loads.delete(m.id)) { // it stands where it stood
            this.scrubbed = null;
            this.wanted = false;
            this.update();
          }
          this.refusal = m.message;
          this.notify("refused");
        }
        return;
    }
    if (!this.open) return; // it belongs to a run that is gone
    switch (m.type) {
      case "loaded":
        if (this.loads.has(m.id)) this.leapt(this.loads.get(m.id));
        this.loads.delete(m.id);
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
        this.ring.add({ step: m.step, runs: m.runs, values, changes: this.saving?.changes ?? this.changes, frame: { experiment: this.experimentName, step: m.step, runs: m.frames } });
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

  // refused takes an error of a run that was asked for.
  refused({ id, message, kept, download, network }) {
    const next = this.opens.get(id);
    this.opens.delete(id);
    this.open = Boolean(kept);
    next?.reject?.(new Error(message));
    if (this.opens.size) return; // another follows
    this.goBack();
    if (!next?.reject && (kept || (next?.saved && !download))) {
      this.refusal = message;
      this.notify("refused");
    }
    if (kept) this.notify("state");
    else if (download || !next?.saved) this.fail({ kind: network ? "network" : download ? "download" : "open", message });
    else if (next.same) { // what the present run would go on from is no good
      this.take({});
      this.reopen(null);
    } else this.reopen();
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
    const id = ++this.ids;
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
    if (!this.open || !this.worker) return Promise.resolve();
    if (!this.saving) {
      const saving = this.saving = { id: ++this.ids, changes: this.changes };
      saving.promise = new Promise((resolve) => { saving.resolve = resolve; });
      this.send({ cmd: "save", id: saving.id });
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

  // stands resolves with a checkpoint of where the run stands: the one that is shown, else
  // one of now; null at step 0.
  async stands() {
    if (this.scrubbed) return this.scrubbed.recorded || !this.scrubbed.step ? null : this.scrubbed;
    await this.checkpoint();
    return this.ring.last?.step ? this.ring.last : null;
  }

  // leap goes on from a checkpoint, once the worker has it.
  leap(entry) {
    if (!this.worker) {
      this.leapt(entry);
      this.reopen(entry);
    } else if (!this.open) this.resumes = entry; // when it is
    else {
      const id = ++this.ids;
      this.loads.set(id, entry);
      this.send({ cmd: "load", id, runs: entry.runs });
    }
  }

  // leapt drops what came after a checkpoint, which becomes the ghost.
  leapt(entry) {
    if (this.history.last?.step > entry.step + short) this.ghost = { history: this.history.clone(), points: this.ring.last?.frame.runs[0].fake?.data };
    this.fault = this.scrubbed = null;
    for (const h of this.histories) h.back(entry.step);
    this.ring.back(entry.step);
    if (entry.changes) this.changes = this.opened.changes = entry.changes;
    this.notify("leapt");
  }

  // fork opens two runs that both go on from a checkpoint, the second with
  // another value of one setting.
  fork(entry, name, value) {
    const first = entry.runs[0], history = this.history.until(entry.step);
    this.variants = [{}, { [name]: value }];
    this.propose({ saved: [first, first], adopt: true, histories: [history, history.clone()], step: entry.step, least: 0, wanted: true });
  }

  // part ends a comparison: the first run goes on alone from where it stands.
  async part() {
    const entry = await this.stands();
    this.variants = [];
    if (!entry) {
      this.start({ least: 0 });
      return;
    }
    this.propose({ saved: [entry.runs[0]], histories: [this.history.until(entry.step)], step: entry.step, least: 0 });
  }

  // compare opens runs that differ in some settings.
  compare(variants) {
    this.variants = variants;
    this.start({ least: 0, wanted: true });
  }

  // set changes a setting: at once, or by starting the run anew. Where B differs from A
  // each can be set, by its number.
  set(name, text, run = 0) {
    const setting = this.experiment.settings.find((s) => s.name === name);
    const value = mend(setting, text), own = run > 0 && Object.hasOwn(this.differences[run] ?? {}, name);
    if (value === null || same(setting, value, (own ? this.differences[run] : { ...this.values, ...this.variants[0] })[name])) return;
    if (own) {
      this.differences = this.differences.with(run, { ...this.differences[run], [name]: value });
      this.start();
      return;
    }
    this.changes = changed(this.experiment, this.preset, { ...this.changes, [name]: value });
    if (setting.resets || !this.open || this.opens.size || this.variants.some((v) => Object.hasOwn(v, name))) this.start();
    else {
      this.opened.changes = this.changes;
      this.send({ cmd: "set", name, value });
    }
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
    this.start({ least: 0 });
  }

  // configure takes a preset, changes and variants as they are, and starts anew
  // where they are others than before.
  configure(preset, changes, variants = []) {
    const asked = () => JSON.stringify([this.values, this.variants]), before = asked();
    this.preset = preset;
    this.changes = changes;
    this.variants = variants;
    const others = this.values.data === "points" && this.points !== this.opened?.points;
    if (others || asked() !== before) this.start({ least: 0 });
  }

  // load opens a run file with its own settings, from {preset, values, step, bytes}. If the
  // file cannot be opened the present run stays, and the promise is rejected with the
  // reason.
  load({ preset, values, step, bytes }) {
    const name = this.experiment.presets.find((p) => p.name === preset)?.name ?? this.figure?.from ?? this.preset; // a file has one run
    const changes = changed(this.experiment, name, values);
    return new Promise((resolve, reject) => {
      this.propose({ preset: name, changes, differences: [], points: savedPoints(bytes) ?? this.points, saved: [bytes], step, wanted: false, least: 0, resolve, reject });
    });
  }

  // whenKnown resolves once its experiment is known.
  whenKnown() {
    return this.experiment ? Promise.resolve() : new Promise((resolve, reject) => this.learning.push({ resolve, reject }));
  }

  // judge resolves with what a run file holds, {experiment, preset, step, values, digest}.
  // If it is no good the promise is rejected with what the command would say of it.
  judge(bytes) {
    if (!this.worker) this.reopen();
    const id = ++this.ids;
    return new Promise((resolve, reject) => {
      this.judgements.set(id, { resolve, reject });
      this.send({ cmd: "judge", id, saved: [bytes] });
    });
  }
}

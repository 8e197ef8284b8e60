// An embed's session: one that can be let go, and that goes on from what was
// kept of it, also in another page.
import { Session } from "../session.js";

export class Run extends Session {
  goal = 0; // the step that it had, while it does not have it again

  // saved is the only checkpoint that is kept, null for none.
  get saved() {
    return this.ring.last;
  }

  // wake starts the trainer, where it was let go from what is saved.
  wake(begin) {
    this.begin = begin;
    if (this.worker) return;
    if (this.experiment) this.reopen();
    else this.boot(begin);
  }

  // release ends the trainer. What was saved stays, and the step that was reached.
  release() {
    if (!this.worker) return;
    const step = Math.max(this.step, this.goal);
    this.worker.terminate();
    this.worker = null;
    this.fresh();
    this.resume(this.saved && step >= this.saved.step ? { saved: this.saved, step } : null);
  }

  // resume has the run go on from what was saved, when it opens next. A run is the
  // same every time, so the steps that followed are made again before it plays.
  resume(kept) {
    this.ring.clear();
    if (kept) this.ring.add(kept.saved);
    this.goal = kept?.step ?? 0;
    this.update();
  }

  // settled reports whether it is where it shall go on from.
  get settled() {
    return this.open && !this.goal && !this.opens.size;
  }

  update() {
    if (!this.goal) super.update();
  }

  start(next) {
    this.goal = 0;
    super.start(next);
  }

  checkpointIfDue() {} // embed.js says when

  hear(m) {
    super.hear(m);
    if (m.type === "saved") this.ring.entries.splice(0, this.ring.entries.length - 1);
    if (m.type !== "state" || !this.goal || !this.saved || m.step < this.saved.step) return;
    if (m.step < this.goal) {
      if (!m.playing) this.send({ cmd: "step", n: this.goal - m.step });
      return;
    }
    this.goal = 0;
    this.update();
    this.notify("settled");
  }

  // keep asks for what the run is made of, which comes as a checkpoint.
  keep() {
    if (this.settled) this.checkpoint();
  }
}

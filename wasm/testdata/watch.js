// What the tests put into every document before its own scripts. It counts what
// the document does, so that a test can wait for a state instead of a time:
//
//   counts    animation frames, messages to and from workers and windows, timers
//             that ran, workers that live
//   rest(n)   resolves once this document and the frames in it did nothing during
//             n animation frames, and wait for nothing
//   pass(ms)  moves this document's clock, and runs the timers that are then due
//   backends  who drew the picture so far, one after the other
{
  const counts = self.counts = { frames: 0, sent: 0, heard: 0, told: 0, fired: 0, workers: 0 };
  const brief = 1000; // milliseconds: timers below it belong to what is under way

  const animate = requestAnimationFrame.bind(self);
  self.requestAnimationFrame = (act) => animate((now) => {
    counts.frames++;
    act(now);
  });

  const clock = performance.now.bind(performance), set = setTimeout.bind(self), clear = clearTimeout.bind(self);
  const timers = new Map();
  let ahead = 0;
  performance.now = () => clock() + ahead;
  self.setTimeout = (act, after = 0, ...all) => {
    const run = () => {
      timers.delete(id);
      counts.fired++;
      act(...all);
    };
    const id = set(run, after);
    timers.set(id, { run, after, due: performance.now() + after });
    return id;
  };
  self.clearTimeout = (id) => {
    timers.delete(id);
    clear(id);
  };
  self.pass = (ms) => {
    ahead += ms;
    for (const [id, { run, due }] of [...timers]) {
      if (due > performance.now()) continue;
      clear(id);
      run();
    }
    return true;
  };

  // A trainer answers its messages in their order, so the answer to one that asks
  // for nothing says that all before it were heard.
  const living = new Set();
  self.Worker = class extends Worker {
    owed = 0; // answers
    trains = false;
    open = false; // there is a run that answers
    constructor(...all) {
      super(...all);
      counts.workers++;
      living.add(this);
      this.addEventListener("message", ({ data }) => {
        counts.heard++;
        if (data?.type === "opened") this.open = true;
        if (["done", "saved", "opened"].includes(data?.type) || (data?.type === "error" && data.open)) this.owed--;
        if (data?.type === "state") this.trains = data.playing;
        if (data?.type === "error" && (data.diverged || data.fatal)) this.trains = false;
        if (data?.type === "error" && data.fatal) this.owed = 0;
      });
    }
    postMessage(message, ...rest) {
      counts.sent++;
      const { cmd } = message ?? {};
      if (["do", "save", "open"].includes(cmd)) this.owed++;
      if (["play", "step"].includes(cmd)) this.trains = true;
      super.postMessage(message, ...rest);
    }
    terminate() {
      if (living.delete(this)) counts.workers--;
      super.terminate();
    }
  };

  let loading = 0;
  const get = self.fetch?.bind(self);
  self.fetch = (...all) => {
    loading++;
    return get(...all).finally(() => loading--);
  };
  addEventListener("message", () => counts.told++, true);

  // doing says what this document did so far, and what is under way in it.
  self.doing = () => ({
    did: [counts.frames, counts.sent, counts.heard, counts.told, counts.fired],
    under: {
      answers: [...living].reduce((sum, w) => sum + w.owed, 0),
      training: [...living].filter((w) => w.trains).length,
      loading,
      timers: [...timers.values()].filter(({ after }) => after < brief).length,
      animations: document.getAnimations().filter((a) => a.playState === "running" && a.effect?.getComputedTiming().endTime !== Infinity).length,
    },
  });
  self.barrier = () => {
    for (const w of living) if (w.open) w.postMessage({ cmd: "do", id: "barrier", run: 0, action: "none", tensors: {} });
  };
  // frame resolves after a number of animation frames of this document.
  self.frame = async (n = 1) => {
    for (let i = 0; i < n; i++) await new Promise(animate);
    return true;
  };
  const within = (w) => {
    const all = [w];
    for (let i = 0; i < w.frames.length; i++) if (reachable(w.frames[i])) all.push(...within(w.frames[i]));
    return all;
  };
  const reachable = (w) => {
    try {
      return Boolean(w.doing);
    } catch {
      return false; // another site's
    }
  };
  self.rest = async (n = 8, w = self) => {
    for (const one of within(w)) one.barrier();
    for (let last = "", still = 0; still < n;) {
      await new Promise(animate);
      const now = within(w).map((one) => one.doing());
      const did = JSON.stringify(now.map((d) => d.did));
      self.restless = JSON.stringify(now);
      still = did === last && now.every((d) => Object.values(d.under).every((v) => !v)) ? still + 1 : 0;
      last = did;
    }
    return true;
  };

  self.backends = [];
  new MutationObserver(() => {
    const name = document.getElementById("stage-box")?.dataset.backend;
    if (name && name !== backends.at(-1)) backends.push(name);
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-backend"] });
}

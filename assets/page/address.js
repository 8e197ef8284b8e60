// The page's address. Where a person went, by a tab, a preset, a comparison, a lesson or a
// file, is an entry of the browser's history, which also knows the key of its run.

export class Address {
  constructor(on = globalThis) {
    this.on = on;
    this.next = false; // the next write is a step of the history
    this.held = false; // nothing is written
  }

  // run is the key of the run of this entry, undefined if it has none.
  get run() {
    const { state } = this.on.history;
    return typeof state?.run === "string" ? state.run : undefined;
  }

  // quietly calls act, which may write, and writes nothing.
  quietly(act) {
    this.held = true;
    act();
    this.held = false;
  }

  // write puts the page's state into the address. If next says so, what the address was
  // before stays in the history, to be gone back to.
  write(hash, run) {
    const { history, location } = this.on;
    if (this.held) return;
    if (hash === location.hash && run === this.run) {
      this.next = false;
      return;
    }
    try {
      if (this.next) history.pushState({ run }, "", hash);
      else history.replaceState({ run }, "", hash);
    } catch {} // a browser refuses many in a short time, and some places have no history
    this.next = false;
  }
}

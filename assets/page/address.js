// The page's address. Each tab, preset, comparison, lesson or file that a person opens is
// an entry of the browser's history, which also stores the key of its run.

export class Address {
  constructor(on = globalThis) {
    this.on = on;
    this.next = false; // the next write adds an entry to the history
    this.held = false; // write does nothing
  }

  // run is the key of the run of this entry, undefined if it has no run.
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

  // write puts the page's state into the address. If next is true, it adds an entry to
  // the history, so that Back returns to the old address.
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

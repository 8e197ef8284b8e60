// Whether an embed works: the rules, and below them what the browser tells.
//
//   asleep   nothing is loaded but the poster
//   ready    loaded and seen, but nobody asked it to play
//   playing  loaded, seen and asked to play
//   resting  loaded but not seen: the trainer is paused and nothing is drawn;
//            after letGoAfter both are let go, and it is asleep again

export const letGoAfter = 30_000; // milliseconds

export class Presence {
  // waits is for an embed that is on no slide before slide:start.
  constructor(waits = false) {
    this.state = "asleep";
    this.wish = false; // somebody asked it to play
    this.near = false; // of being in view, or in view
    this.seen = false; // in view
    this.hidden = false; // the document, by another tab
    this.left = waits; // its slide
    this.gone = false; // the page
    this.tired = false; // let go, and not out of reach since
    this.since = 0; // when it began to rest
  }

  // update takes what of the above changed, at a time in milliseconds, and returns
  // the state that follows. called is true where somebody needs the trainer now.
  update({ called = false, ...what }, now) {
    Object.assign(this, what);
    if (!this.near) this.tired = false;
    const here = !this.hidden && !this.left && !this.gone;
    const wakes = called || (this.wish && here && (this.seen || (this.near && !this.tired)));
    if (this.gone || (this.state === "asleep" && !wakes)) return (this.state = "asleep");
    const state = !here || !this.seen ? "resting" : this.wish ? "playing" : "ready";
    if (state === "resting" && (this.state !== "resting" || called)) this.since = now;
    if (state === "resting" && now - this.since >= letGoAfter) {
      this.tired = this.near;
      return (this.state = "asleep");
    }
    return (this.state = state);
  }
}

// attend tells a presence what the browser says of an element, and calls
// act(state, before) when the state changed. It returns update(what), for the rest.
export function attend(presence, element, act) {
  let timer;
  const update = (what) => {
    const before = presence.state, state = presence.update(what, performance.now());
    clearTimeout(timer);
    if (state === "resting") timer = setTimeout(update, presence.since + letGoAfter - performance.now() + 1, {});
    if (state !== before) act(state, before);
  };
  const observe = (options, act) => new IntersectionObserver((entries) => act(entries.at(-1)), options).observe(element);
  observe({ threshold: [0, 0.25] }, (e) => update({ seen: e.intersectionRatio >= 0.25 }));
  observe({ rootMargin: "100%" }, (e) => update({ near: e.isIntersecting }));
  document.addEventListener("visibilitychange", () => update({ hidden: document.hidden }));
  addEventListener("pagehide", () => update({ gone: true }));
  addEventListener("pageshow", () => update({ gone: false }));
  update({ hidden: document.hidden });
  return update;
}

// The page's side of the stage: a frame page that draws what it is sent.

const drawTimeout = 1000; // milliseconds after which a picture counts as drawn

export class Stage {
  // on has a function for each of ready, range, pointer, lost and fault.
  constructor(frame, on) {
    this.frame = frame;
    this.on = on;
    this.ready = false;
    this.kept = new Map(); // the last message of each cmd, to be said again
    addEventListener("message", (e) => {
      if (e.source === this.frame.contentWindow && e.origin === location.origin) this.hear(e.data);
    });
    this.watch();
  }

  watch() {
    const { frame, on } = this;
    frame.addEventListener("load", () => {
      // A server's page that says 404 has no script.
      if (frame.contentDocument?.scripts.length === 0) on.fault("stage", "assets/stage.html is missing");
    });
  }

  // stop takes the stage out of memory, until start. A new frame takes its place,
  // for loading another page into the old one would be a step of the history.
  stop() {
    this.ready = false;
    const fresh = this.frame.cloneNode();
    fresh.removeAttribute("src");
    this.frame.replaceWith(fresh);
    this.frame = fresh;
    this.watch();
  }

  // start loads the stage, again where it broke.
  start() {
    this.ready = false;
    if (!webgl2()) {
      this.on.fault("webgl", "");
      return;
    }
    this.frame.src = new URL("../stage.html", import.meta.url);
  }

  say(message) {
    this.kept.set(message.cmd, message);
    if (this.ready) this.frame.contentWindow.postMessage(message, location.origin);
  }

  // draw shows a frame and resolves when it is drawn.
  draw(frame) {
    this.say({ ...frame, cmd: "frame" });
    return new Promise((done) => {
      this.drawn = done;
      setTimeout(done, drawTimeout);
    });
  }

  // forget drops the frame, which is of another run.
  forget() {
    this.kept.delete("frame");
  }

  hear(m) {
    switch (m?.type) {
      case "stage-ready":
      case "stage-restored":
        this.ready = true;
        for (const message of this.kept.values()) this.frame.contentWindow.postMessage(message, location.origin);
        this.on.ready();
        break;
      case "stage-drawn":
        this.drawn?.();
        break;
      case "stage-range":
        this.on.range(m);
        break;
      case "stage-lost":
        this.ready = false; // it loads itself again
        this.on.fault("lost", "");
        break;
      case "stage-error":
        this.ready = false;
        this.on.fault(/WebGL 2/.test(m.message) ? "webgl" : "stage", m.message);
        break;
      case "pointer":
        this.on.pointer(m);
        break;
    }
  }
}

function webgl2() {
  const gl = document.createElement("canvas").getContext("webgl2");
  gl?.getExtension("WEBGL_lose_context")?.loseContext(); // contexts are few
  return gl !== null;
}

// The page's side of its pictures. A frame page, the stage, draws what it is sent
// with WebGL. Until that is ready, and where it cannot be, a canvas in its place
// draws the same: nobody outside needs to know which.
import { Picture } from "./draw/picture.js";
import { el } from "./dom.js";
import { errorText } from "./errors.js";
import { origin, show } from "./files.js";
import { answers } from "./network.js";
import { t } from "./strings.js";

const drawTimeout = 1000; // milliseconds after which a picture counts as drawn

export class Stage {
  // on has a function for each of ready (pictures are drawn, by another drawer
  // than before), range, pointer and, if it likes, turn, which take the stage's
  // messages, and key, which takes what is pressed on the picture.
  constructor(frame, on) {
    this.frame = frame;
    this.on = on;
    this.ready = false;
    this.kept = new Map(); // the last message of each cmd, to be said again
    this.flat = new Flat(frame, on);
    this.note = el("p", { class: "stage-note", role: "status", hidden: true });
    frame.parentElement.after(this.note);
    addEventListener("beforeprint", () => this.flat.print());
    addEventListener("afterprint", () => this.flat.show(this.backend !== "webgl"));
    addEventListener("message", (e) => {
      if (e.source === this.frame.contentWindow && (origin === "*" || e.origin === origin)) this.hear(e.data);
    });
    this.watch();
  }

  watch() {
    const { frame, on } = this;
    frame.addEventListener("load", () => {
      // A server's page that says 404 has no script.
      if (this.backend === "waiting" && frame.contentDocument?.scripts.length === 0) this.fall("assets/stage.html is missing");
    });
  }

  // backend is who draws: "waiting" is the canvas until the stage is there,
  // "webgl" the stage, "canvas" the canvas for good.
  get backend() {
    return this.frame.parentElement.dataset.backend;
  }

  set backend(name) {
    this.frame.parentElement.dataset.backend = name;
    const flat = name !== "webgl", focused = document.activeElement === (flat ? this.frame : this.flat.canvas);
    this.frame.inert = flat; // of two pictures in one place one takes the focus
    this.flat.show(flat);
    if (focused) (flat ? this.flat.canvas : this.frame).focus();
  }

  // stop takes the stage out of memory, until start.
  stop() {
    this.live = this.ready = false;
    this.renew();
    this.flat.show(false);
  }

  // renew replaces the stage's frame by a new one. Loading another page into the old one
  // would add an entry to the history.
  renew() {
    const fresh = this.frame.cloneNode();
    fresh.removeAttribute("src");
    this.frame.replaceWith(fresh);
    this.frame = fresh;
    this.watch();
  }

  // start loads the stage, again where it broke.
  start() {
    this.note.hidden = true;
    this.standIn("waiting");
    if (webgl2()) show(this.frame, "stage.html");
    else this.fall("");
  }

  // standIn lets the canvas draw.
  standIn(name) {
    const again = this.ready;
    this.live = false;
    this.ready = true;
    this.backend = name;
    if (!again) this.on.ready();
  }

  // fall gives up the stage, with a note: the reason, or the given words.
  fall(why, words = "flat.note") {
    this.standIn("canvas");
    if (this.frame.src) this.renew(); // ends the old one
    const again = el("button", { type: "button", class: "plain" }, t("flat.again"));
    again.onclick = () => this.start();
    this.note.replaceChildren(why ? t("flat.broken", { message: errorText(why) }) : t(words), " ", again);
    this.note.hidden = false;
  }

  // say sends a message: see wasm/stage/main.go, and label {text}, captions {text}.
  say(message) {
    const { layers } = this.kept.get(message.cmd) ?? {}; // of which a message may have some
    this.kept.set(message.cmd, layers ? { ...message, layers: { ...layers, ...message.layers } } : message);
    this.flat.hear(message);
    if (this.live) this.frame.contentWindow.postMessage(message, origin);
  }

  // again draws the same once more.
  again() {
    for (const cmd of ["theme", "frame"]) if (this.kept.has(cmd)) this.say(this.kept.get(cmd));
  }

  // draw shows a frame and resolves when it is drawn.
  draw(frame) {
    this.say({ ...frame, cmd: "frame" });
    return new Promise((done) => {
      this.drawn = this.flat.drawn = done;
      setTimeout(done, drawTimeout);
    });
  }

  // forget drops the frame, which is of another run.
  forget() {
    this.kept.delete("frame");
  }

  // picture returns what is seen as a Picture of its own, to be drawn elsewhere.
  picture() {
    const picture = new Picture();
    for (const cmd of ["mode", ...this.kept.keys()]) if (this.kept.has(cmd)) picture.hear(this.kept.get(cmd));
    return picture;
  }

  // canvas returns the visible canvas, to record it; null in a sandbox.
  get canvas() {
    return this.backend === "webgl" ? this.frame.contentDocument?.querySelector("canvas") : this.flat.canvas;
  }

  hear(m) {
    switch (m?.type) {
      case "stage-ready":
      case "stage-restored":
        if (this.backend === "canvas") return; // given up meanwhile
        this.live = true;
        this.frame.contentDocument?.defaultView.addEventListener("keydown", this.on.key); // in a sandbox the stage sends "key"
        for (const message of this.kept.values()) this.frame.contentWindow.postMessage(message, origin);
        break;
      case "stage-drawn":
        if (this.live && this.backend !== "webgl") {
          this.backend = "webgl"; // the same picture is below by now
          this.on.ready();
        }
        this.drawn?.();
        break;
      case "stage-range":
        this.on.range(m);
        break;
      case "stage-lost": // it loads itself again
        this.standIn("waiting");
        break;
      case "stage-error":
        if (/WebGL 2/.test(m.message)) this.fall("");
        else if (!/cannot be loaded/.test(m.message)) this.fall(m.message);
        else answers().then((is) => this.fall(is ? m.message : "", is ? undefined : "flat.offline"));
        break;
      case "turn": // by dragging: it stays so when the stage loads again
        this.kept.set("turn", { cmd: "turn", azimuth: m.azimuth, elevation: m.elevation });
        this.on.turn?.(m);
        break;
      case "pointer":
        this.on.pointer(m);
        break;
      case "key":
        this.on.key({ ...m, target: null, defaultPrevented: false, preventDefault() {}, stopImmediatePropagation() {} });
        break;
    }
  }
}

// Flat is the canvas in the stage's place.
class Flat {
  constructor(frame, on) {
    this.on = on;
    this.picture = new Picture();
    this.canvas = el("canvas", { class: "flat", tabindex: 0, role: "img", "aria-label": frame.title });
    frame.after(this.canvas);
    new ResizeObserver(() => this.refresh()).observe(this.canvas);
    this.canvas.addEventListener("keydown", on.key);
    for (const [event, kind] of [["pointerdown", "down"], ["pointermove", "move"], ["pointerup", "up"], ["pointerleave", "leave"], ["pointercancel", "cancel"]]) {
      this.canvas.addEventListener(event, (e) => this.point(e, kind));
    }
  }

  show(is) {
    this.seen = is;
    this.canvas.hidden = !is;
    if (is) this.refresh();
  }

  // print draws for paper, which shows no WebGL: in light colours.
  print() {
    const { dark } = this.picture, { clientWidth: w, clientHeight: h } = this.canvas.parentElement;
    this.canvas.hidden = false;
    this.picture.dark = false;
    this.picture.paint(this.canvas, w, h, 2 * devicePixelRatio);
    this.picture.dark = dark;
  }

  hear(m) {
    if (m.cmd === "label") this.canvas.setAttribute("aria-label", m.text);
    if (m.cmd === "layers") this.canvas.toggleAttribute("data-grips", Boolean(m.layers.handles)); // what is dragged must not scroll the page
    if (!this.picture.hear(m)) return;
    if (m.cmd === "frame") this.fresh = true;
    this.refresh();
  }

  // refresh draws before the browser paints next, once however often it is called.
  refresh() {
    if (!this.seen || this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      const { clientWidth: w, clientHeight: h } = this.canvas;
      if (!this.seen || !w || !h) return;
      this.picture.paint(this.canvas, w, h, devicePixelRatio);
      if (!this.fresh) return;
      this.fresh = false;
      const ranges = this.picture.ranges();
      if (ranges) this.on.range(ranges);
      this.drawn?.();
    });
  }

  // point tells of the pointer as the stage does.
  point(e, kind) {
    if (kind === "down" && e.button !== 0) return;
    const { picture, canvas } = this, away = kind === "leave" || kind === "cancel";
    const at = away ? null : picture.at(e.offsetX, e.offsetY, kind === "down" ? null : this.held);
    if (kind === "down" && at) {
      this.held = at;
      canvas.setPointerCapture(e.pointerId); // a drag goes on outside
    }
    if (away || kind === "up") this.held = null;
    canvas.style.cursor = !at ? "" : at.mode >= 0 && at.mode !== null ? "move" : "bar" in at ? "ew-resize" : "row" in at ? "pointer" : "crosshair";
    if (picture.mode === "wgan") {
      picture.hear({ cmd: "probe", x: at?.x ?? null, y: at?.y ?? null });
      picture.grip = at?.mode ?? null;
      this.refresh();
    }
    if (at) this.on.pointer({ ...at, kind, shift: e.shiftKey });
    else if (away) this.on.pointer({ x: null, y: null, kind });
  }
}

function webgl2() {
  const gl = document.createElement("canvas").getContext("webgl2");
  gl?.getExtension("WEBGL_lose_context")?.loseContext(); // contexts are few
  return gl !== null;
}

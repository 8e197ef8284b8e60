// A pad to draw a digit on, by pointer or by keyboard, and what the encoder says
// of it.
import { el } from "./dom.js";
import { equal, latest } from "./latest.js";
import { Pixels } from "./pixels.js";
import { t } from "./strings.js";

export const side = 28; // pixels

// stroke draws a line between two points, in pixels from the upper left corner,
// with a brush that is soft at its edge, as the pens of MNIST look.
export function stroke(pixels, x0, y0, x1, y1) {
  const dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
  for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) {
    const x = j + 0.5 - x0, y = i + 0.5 - y0;
    const along = length ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
    const ink = Math.min(1, Math.max(0, 1.9 - Math.hypot(x - along * dx, y - along * dy)));
    if (ink > pixels[i * side + j]) pixels[i * side + j] = ink;
  }
}

// centred returns the pixels moved so that the ink's centre is in the middle, as
// the makers of MNIST moved theirs; what would leave the pad is cut off.
export function centred(pixels) {
  let sum = 0, x = 0, y = 0;
  pixels.forEach((v, at) => {
    sum += v;
    x += v * ((at % side) + 0.5);
    y += v * (Math.floor(at / side) + 0.5);
  });
  const out = new Float32Array(side * side);
  if (!sum) return out;
  const right = Math.round(side / 2 - x / sum), down = Math.round(side / 2 - y / sum);
  pixels.forEach((v, at) => {
    const j = (at % side) + right, i = Math.floor(at / side) + down;
    if (j >= 0 && j < side && i >= 0 && i < side) out[i * side + j] = v;
  });
  return out;
}

// likeliest returns the index of the greatest of each row.
export function likeliest({ shape: [rows, columns], data }) {
  return Array.from({ length: rows }, (_, i) => {
    const row = data.slice(i * columns, (i + 1) * columns);
    return row.indexOf(Math.max(...row));
  });
}

// A pad. ask(pixels) is called with a Float32Array of 28·28 when the drawing
// changed, never while it has not answered yet, and returns a promise of the
// tensors {chances, reconstruction} that are to be shown beside it.
export class Pad {
  constructor(ask) {
    this.pixels = new Float32Array(side * side);
    this.at = { x: 14, y: 14 }; // of the keyboard's pen
    this.next = 0; // test digit
    this.ask = latest((pixels) => ask(pixels), (tensors) => this.answer(tensors));

    this.picture = new Pixels({ tabindex: 0, role: "application", class: "surface", "aria-label": t("pad.label") });
    this.pen = el("span", { class: "pen", "aria-hidden": "true" });
    this.said = el("p", { class: "unseen", role: "status" });
    this.code = new Pixels({ class: "chances" });
    this.drawn = new Pixels({ class: "drawn" });
    const button = (name, act) => {
      const b = el("button", { type: "button", "data-pad": name }, t(`pad.${name}`));
      b.onclick = act;
      return b;
    };
    const centre = button("centre", () => this.put(centred(this.pixels)));
    centre.title = t("pad.centreHint");
    this.sample = button("sample", () => this.put(this.digits.data.slice(this.next * side * side, ++this.next * side * side), this.next %= this.digits.shape[0]));
    this.sample.disabled = true;
    this.element = el("section", { class: "pad" },
      el("h2", {}, t("pad.title")),
      el("div", { class: "desk" },
        el("div", { class: "paper" }, this.picture.element, this.pen),
        el("figure", {}, this.drawn.element, el("figcaption", {}, t("pad.drawn"))),
        el("figure", {}, this.code.element, el("figcaption", {}, t("pad.code")))),
      el("p", { class: "help" }, t("pad.help")), this.said,
      el("div", { class: "row" }, this.sample, button("clear", () => this.put(new Float32Array(side * side))), centre));
    this.listen();
    this.redraw();
  }

  listen() {
    const { canvas } = this.picture;
    const place = (e) => {
      const box = canvas.getBoundingClientRect();
      return { x: ((e.clientX - box.left) / box.width) * side, y: ((e.clientY - box.top) / box.height) * side };
    };
    let last = null;
    canvas.addEventListener("pointerdown", (e) => {
      if (e.button !== 0) return;
      canvas.setPointerCapture(e.pointerId);
      last = place(e);
      this.line(last, last);
    });
    canvas.addEventListener("pointermove", (e) => {
      if (!last) return;
      for (const between of e.getCoalescedEvents?.() ?? [e]) {
        const to = place(between);
        this.line(last, to);
        last = to;
      }
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => last = null);
    canvas.addEventListener("keydown", (e) => this.key(e));
    canvas.addEventListener("keyup", (e) => {
      if (e.key === " ") this.down = false;
    });
    canvas.addEventListener("blur", () => this.down = false);
  }

  key(e) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (!by && e.key !== " ") return;
    e.preventDefault();
    e.stopPropagation();
    const from = { ...this.at }, inside = (v) => Math.min(side - 0.5, Math.max(0.5, v));
    if (by) this.at = { x: inside(from.x + by[0]), y: inside(from.y + by[1]) };
    else this.down = true;
    if (this.down || e.shiftKey) this.line(from, this.at);
    this.pen.style.setProperty("--x", this.at.x / side);
    this.pen.style.setProperty("--y", this.at.y / side);
    this.said.textContent = t("pad.at", { column: Math.ceil(this.at.x), row: Math.ceil(this.at.y) });
  }

  line(from, to) {
    stroke(this.pixels, from.x, from.y, to.x, to.y);
    this.changed();
  }

  put(pixels) {
    this.pixels = Float32Array.from(pixels);
    this.changed();
  }

  changed() {
    this.touched = true;
    this.picture.show(this.pixels, side, side);
    this.ask(this.pixels.slice());
  }

  // show takes what a frame says: digits, from which the pad offers some, the first
  // while nothing else was drawn, and codes. Where these are others than before the
  // networks have learned, and what is drawn is asked about again.
  show({ digits, codes }) {
    if (!digits || !codes) return; // such as of a recorded run
    const learned = !equal(codes.data, this.codes);
    this.digits = digits;
    this.codes = codes.data;
    this.sample.disabled = false;
    if (!this.touched) this.sample.click();
    else if (learned) this.ask(this.pixels.slice());
  }

  answer({ chances, reconstruction }) {
    this.code.show(chances.data, ...chances.shape);
    this.code.canvas.style.setProperty("--rows", chances.shape[0]);
    this.code.canvas.style.setProperty("--columns", chances.shape[1]);
    this.code.label(t("pad.codeLabel", { classes: likeliest(chances).map((k) => k + 1).join(", ") }));
    this.drawn.show(reconstruction.data, ...reconstruction.shape);
    this.drawn.label(t("pad.drawn"));
  }

  // redraw draws all again, such as after the theme changed.
  redraw() {
    this.picture.show(this.pixels, side, side);
    this.code.draw();
    this.drawn.draw();
  }
}

// A pad to draw a digit on, by pointer or by keyboard. What is made of the drawing
// stands beside it: pads.js has that.
import { el } from "./dom.js";
import { equal, latest } from "./latest.js";
import { own } from "./own.js";
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

// A pad for a view, which says what stands beside it and has
//   title, label, help  words, of the pad's name and use;
//   name, elements      its class, and what stands beside it;
//   rows                how many of the pad's rows can be drawn on, from the top;
//   of                  the tensor of a frame that is another once networks have learned;
//   frame(tensors)      if it likes, takes what a frame says;
//   show(tensors)       shows what was answered;
//   seen(pixels)        if it likes, what is seen on the pad in place of the drawing;
//   redraw()            draws all again, such as after the theme changed.
// ask(pixels) is called with a Float32Array of 28·28 when the drawing changed, never
// while it has not answered yet, and returns a promise of the tensors for show.
export class Pad {
  constructor(view, ask) {
    this.view = view;
    this.linked = []; // pads of other runs, which show the same drawing
    this.pixels = new Float32Array(side * side);
    this.at = { x: 14, y: view.rows / 2 }; // of the keyboard's pen
    this.next = 0; // test digit
    this.ask = latest((pixels) => ask(pixels), (tensors) => {
      view.show(tensors);
      this.draw();
    });

    this.picture = new Pixels({ tabindex: 0, role: "application", class: "surface", "aria-label": view.label }, view.rows);
    this.pen = el("span", { class: "pen", "aria-hidden": "true" });
    this.said = el("p", { class: "unseen", role: "status" });
    const button = (name, act) => {
      const b = el("button", { type: "button", "data-pad": name }, t(`pad.${name}`));
      b.onclick = act;
      return b;
    };
    const centre = button("centre", () => this.put(centred(this.pixels)));
    centre.title = t("pad.centreHint");
    this.sample = button("sample", () => this.take(this.next));
    this.sample.disabled = true;
    const paper = el("div", { class: "paper" }, this.picture.element, this.pen);
    this.element = el("section", { class: `pad ${view.name}` },
      el("h2", {}, view.title),
      el("div", { class: "desk" }, paper, ...view.elements),
      el("p", { class: "help" }, view.help), this.said,
      el("div", { class: "row" }, this.sample, button("clear", () => this.put(new Float32Array(side * side))), view.rows === side ? centre : ""));
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
    const by = own({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, e.key);
    if (!by && e.key !== " ") return;
    e.preventDefault();
    e.stopPropagation();
    const from = { ...this.at }, inside = (v, most) => Math.min(most - 0.5, Math.max(0.5, v));
    if (by) this.at = { x: inside(from.x + by[0], side), y: inside(from.y + by[1], this.view.rows) };
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

  // take puts a test digit there, and the next one is the one after it.
  take(i) {
    const n = this.digits?.shape[0];
    if (!(i < n)) return;
    this.next = (i + 1) % n;
    this.put(this.digits.data.slice(i * side * side, (i + 1) * side * side));
  }

  changed() {
    this.answer();
    for (const other of this.linked) {
      other.pixels.set(this.pixels);
      other.next = this.next;
      other.answer();
    }
  }

  // answer shows the drawing, and asks the model for its answer.
  answer() {
    this.touched = true;
    this.pixels.fill(0, this.view.rows * side);
    this.draw();
    this.ask(this.pixels.slice());
  }

  // show takes what a frame of a run that answers says: digits, from which the pad
  // offers some, the first while nothing else was drawn. Where networks have learned
  // what is drawn is asked about again.
  show(tensors) {
    const { digits, [this.view.of]: tells } = tensors;
    if (!digits || !tells) return; // such as of a recorded run
    const learned = !equal(tells.data, this.told);
    this.digits = digits;
    this.told = tells.data;
    this.view.frame?.(tensors);
    this.sample.disabled = false;
    if (!this.touched) this.take(0);
    else if (learned) this.ask(this.pixels.slice());
  }

  draw() {
    this.picture.show(this.view.seen?.(this.pixels) ?? this.pixels, side, side);
  }

  // redraw draws all again, such as after the theme changed.
  redraw() {
    this.draw();
    this.view.redraw();
  }
}

// A walk between four samples: a map of what lies between them, with one of them in
// each corner, and what the generator makes of the place where one stands.
import { el } from "./dom.js";
import { equal, latest } from "./latest.js";
import { own } from "./own.js";
import { side } from "./pad.js";
import { Pixels } from "./pixels.js";
import { t } from "./strings.js";

const across = 7; // images of the map
const offered = 64; // samples that the picture shows
const patience = 500; // milliseconds between maps while it trains

// weightsAt returns how much of each corner, upper left, upper right, lower left and
// lower right, is at a place from 0, 0 to 1, 1.
export const weightsAt = ({ x, y }) => [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y];

// tiled lays n by n images out as one.
export function tiled(images, n) {
  const all = new Float32Array(n * n * side * side);
  for (let i = 0; i < n * n; i++) for (let row = 0; row < side; row++) {
    const from = (i * side + row) * side;
    all.set(images.subarray(from, from + side), ((Math.floor(i / n) * side + row) * n + (i % n)) * side);
  }
  return all;
}

const lattice = Array.from({ length: across * across }, (_, i) => ({ x: (i % across) / (across - 1), y: Math.floor(i / across) / (across - 1) }));

// ask({of, weights}) is called with the tensors of the action "between", never while
// it has not answered yet, and returns a promise of its images.
export class Walk {
  constructor(ask) {
    this.linked = []; // walks of other runs, which move along
    this.corners = [0, 7, 56, 63];
    this.at = { x: 0.5, y: 0.5 };
    this.asked = -Infinity;
    this.ask = latest((whole) => {
      const places = whole ? [this.at, ...lattice] : [this.at];
      return ask({ of: { shape: [4], data: Float32Array.from(this.corners) }, weights: { shape: [places.length, 4], data: Float32Array.from(places.flatMap(weightsAt)) } });
    }, ({ images: { data } }) => {
      this.here.show(data.subarray(0, side * side), side, side);
      if (data.length > side * side) this.map.show(tiled(data.subarray(side * side), across), across * side, across * side);
    });

    this.map = new Pixels({ class: "map", tabindex: 0, role: "application", "aria-label": t("walk.label") });
    this.here = new Pixels({ class: "here" });
    this.here.label(t("walk.here"));
    this.pen = el("span", { class: "pen", "aria-hidden": "true" });
    this.said = el("p", { class: "unseen", role: "status" });
    this.other = el("button", { type: "button", "data-walk": "other" }, t("walk.other"));
    this.other.onclick = () => this.turn(this.corners.map(() => Math.floor(Math.random() * offered)));
    this.other.disabled = true;
    this.element = el("section", { class: "walk" },
      el("h2", {}, t("walk.title")),
      el("div", { class: "desk" },
        el("div", { class: "paper" }, this.map.element, this.pen),
        el("figure", {}, this.here.element, el("figcaption", {}, t("walk.here")))),
      el("p", { class: "help" }, t("walk.help")), this.said,
      el("div", { class: "row" }, this.other));
    this.listen();
    this.move(this.at);
  }

  end() {
    clearTimeout(this.timer);
  }

  listen() {
    const { canvas } = this.map;
    const go = (e) => {
      const box = canvas.getBoundingClientRect(), share = (v) => (v * across - 0.5) / (across - 1); // the corners are in the middle of their images
      this.move({ x: share((e.clientX - box.left) / box.width), y: share((e.clientY - box.top) / box.height) });
    };
    canvas.addEventListener("pointerdown", go);
    canvas.addEventListener("pointermove", go);
    canvas.addEventListener("keydown", (e) => {
      const by = own({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, e.key);
      if (!by) return;
      e.preventDefault();
      e.stopPropagation();
      const step = 0.25 / (across - 1);
      this.move({ x: this.at.x + step * by[0], y: this.at.y + step * by[1] });
      this.said.textContent = t("walk.at", { x: Math.round(100 * this.at.x), y: Math.round(100 * this.at.y) });
    });
  }

  move(to) {
    for (const walk of [this, ...this.linked]) walk.stand(to);
  }

  // stand moves to a place, and asks for its image.
  stand({ x, y }) {
    const inside = (v) => Math.min(1, Math.max(0, v)), shown = (v) => (v * (across - 1) + 0.5) / across;
    this.at = { x: inside(x), y: inside(y) };
    this.pen.style.setProperty("--x", shown(this.at.x));
    this.pen.style.setProperty("--y", shown(this.at.y));
    if (this.told) this.ask(false);
  }

  turn(corners) {
    for (const walk of [this, ...this.linked]) {
      walk.corners = corners;
      walk.look();
    }
  }

  // take puts a sample into the corner nearest to where one stands.
  take(i) {
    if (!this.told || i >= offered) return;
    const nearest = (this.at.x > 0.5 ? 1 : 0) + (this.at.y > 0.5 ? 2 : 0);
    this.turn(this.corners.with(nearest, i));
  }

  // show takes what a frame of a run that answers says: where its generator has
  // learned the map is drawn anew, twice a second at most.
  show({ samples }) {
    if (!samples || equal(samples.data, this.told)) return;
    this.told = samples.data;
    this.other.disabled = false;
    if (this.due) return;
    this.due = true;
    this.timer = setTimeout(() => this.look(), this.asked + patience - performance.now());
  }

  // look asks for the whole map.
  look() {
    clearTimeout(this.timer);
    this.due = false;
    this.asked = performance.now();
    if (this.told) this.ask(true);
  }

  // redraw draws all again, such as after the theme changed.
  redraw() {
    this.map.draw();
    this.here.draw();
  }
}

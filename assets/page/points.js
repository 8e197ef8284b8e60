// The person's own points: drawn on the stage, or pasted.
import { byId } from "./dom.js";
import { t } from "./strings.js";

const most = 5000; // points
const apart = 0.05; // from one point of a stroke to the next

// csv reads x, y pairs, one a line; a first line of words is a heading. It
// returns the points as x, y in turn, or the line that is none.
export function csv(text) {
  const points = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const parts = lines[i].trim().split(/[\s,;]+/).filter(Boolean);
    if (parts.length === 0) continue;
    const [x, y] = parts.map(Number);
    if (parts.length !== 2 || !Number.isFinite(x) || !Number.isFinite(y)) {
      if (i === 0 && parts.every((p) => Number.isNaN(Number(p)))) continue;
      return { bad: i + 1 };
    }
    points.push(x, y);
  }
  return { points };
}

// moons are the points to begin with: two crescents.
export function moons() {
  const points = [];
  for (let i = 0; i < 60; i++) {
    const a = (Math.PI * i) / 59;
    points.push(Math.cos(a) - 0.5, Math.sin(a) - 0.2, 0.5 - Math.cos(a), 0.2 - Math.sin(a));
  }
  return points.map((v) => Number(v.toFixed(3)));
}

export class Points {
  // change(points) is called when there are new ones to train on; preview(points)
  // while they are drawn.
  constructor({ change, preview }) {
    this.points = moons();
    this.strokes = []; // the length before each stroke, for undo
    this.change = change;
    this.preview = preview;
    byId("points-use").onclick = () => {
      const { points, bad } = csv(byId("points-text").value);
      if (bad) this.tell(t("pointsBad", { n: bad }));
      else this.replace(points);
    };
    byId("points-undo").onclick = () => {
      if (this.strokes.length) this.replace(this.points.slice(0, this.strokes.pop()));
    };
    byId("points-clear").onclick = () => this.replace([]);
  }

  replace(points) {
    this.points = points.slice(0, 2 * most);
    this.strokes = this.strokes.filter((n) => n < this.points.length);
    this.done();
  }

  // pointer takes what the stage says of a pointer, in data coordinates.
  pointer({ x, y, kind }) {
    if (kind === "down") {
      this.drawing = true;
      this.strokes.push(this.points.length);
      this.put(x, y);
      this.show();
    } else if (kind === "move" && this.drawing) {
      const [x0, y0] = this.points.slice(-2), way = Math.hypot(x - x0, y - y0), n = Math.floor(way / apart);
      for (let i = 1; i <= n; i++) this.put(x0 + ((x - x0) * i * apart) / way, y0 + ((y - y0) * i * apart) / way);
      if (n) this.show();
    } else if ((kind === "up" || kind === "leave" || kind === "cancel") && this.drawing) {
      this.drawing = false;
      this.done();
    }
  }

  put(x, y) {
    if (this.points.length >= 2 * most) return;
    this.points.push(Number(x.toFixed(4)), Number(y.toFixed(4)));
  }

  done() {
    this.show();
    const lines = [];
    for (let i = 0; i < this.points.length; i += 2) lines.push(`${this.points[i]}, ${this.points[i + 1]}`);
    byId("points-text").value = lines.join("\n");
    if (this.points.length) this.change(this.points);
  }

  // show counts the points, and shows them before anything trains on them.
  show() {
    this.preview(this.points);
    const n = this.points.length / 2;
    this.tell(n ? t("pointsCount", { n }) : t("pointsNone"));
    byId("points-undo").disabled = !this.strokes.length;
    byId("points-clear").disabled = !n;
  }

  tell(text) {
    byId("points-count").textContent = text;
  }
}

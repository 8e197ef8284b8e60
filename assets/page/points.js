// The person's own points: drawn on the stage, pasted, or dropped as a file.
import { byId, el } from "./dom.js";
import { readPoints } from "./points-file.js";
import { t } from "./strings.js";

const most = 5000; // points
const largest = 2; // megabytes of a file
const apart = 0.05; // from one point of a stroke to the next
// moons are the points to begin with: two crescents.
export function moons() {
  const points = [];
  for (let i = 0; i < 60; i++) {
    const a = (Math.PI * i) / 59;
    points.push(Math.cos(a) - 0.5, Math.sin(a) - 0.2, 0.5 - Math.cos(a), 0.2 - Math.sin(a));
  }
  return points.map((v) => Number(v.toFixed(3)));
}

const named = (file) => /\.(csv|txt)$/i.test(file.name);

export class Points {
  // change(points) is called when there are new ones to train on; preview(points)
  // while they are drawn.
  constructor({ change, preview }) {
    this.points = moons();
    this.strokes = []; // the length before each stroke, for undo
    this.change = change;
    this.preview = preview;
    byId("points-use").onclick = () => this.read();
    byId("points-text").onkeydown = (e) => {
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) this.read();
    };
    this.choose();
    this.catch();
    byId("points-undo").onclick = () => {
      if (this.strokes.length) this.replace(this.points.slice(0, this.strokes.pop()));
    };
    byId("points-clear").onclick = () => this.replace([]);
  }

  // choose offers a file to those who do not drop one.
  choose() {
    const input = el("input", { type: "file", id: "points-file", class: "unseen", accept: ".csv,.txt,text/csv,text/plain" });
    input.onchange = () => {
      if (input.files[0]) this.open(input.files[0]);
      input.value = "";
    };
    byId("points-text").after(el("p", { class: "points-drop" },
      el("label", { class: "file", "data-t": "points.choose" }, t("points.choose")), " ", el("span", { "data-t": "points.drop" }, t("points.drop"))));
    const label = byId("points").querySelector("label.file");
    label.htmlFor = input.id;
    label.before(input);
  }

  // catch takes what is dropped or pasted while the points are what is trained on.
  catch() {
    const box = byId("points"), stage = byId("stage-box");
    const root = document.documentElement;
    const brings = (e) => !box.hidden && e.dataTransfer?.types.includes("Files");
    const onto = (e) => (box.contains(e.target) ? box : stage.contains(e.target) ? stage : null);
    let patience;
    addEventListener("dragover", (e) => {
      if (!brings(e)) return;
      root.toggleAttribute("data-dropping", true); // the stage's frame would keep the events
      clearTimeout(patience);
      patience = setTimeout(() => root.toggleAttribute("data-dropping", false), 400);
      if (onto(e)) e.preventDefault();
    });
    addEventListener("drop", (e) => {
      root.toggleAttribute("data-dropping", false);
      const place = brings(e) && onto(e), file = e.dataTransfer?.files[0];
      if (!place || !file) return;
      e.preventDefault();
      if (named(file) || place === box) this.open(file);
    });
    addEventListener("paste", (e) => {
      const text = e.clipboardData?.getData("text/plain");
      if (box.hidden || !text || e.target.closest?.("input, textarea, select, dialog")) return;
      byId("points-text").value = text;
      this.read();
    });
  }

  // open reads a file's rows.
  async open(file) {
    if (!named(file)) this.tell(t("points.file", { name: file.name }));
    else if (file.size > largest * 1e6) this.tell(t("points.large", { name: file.name, mb: largest }));
    else {
      const bytes = await file.arrayBuffer();
      byId("points-text").value = new TextDecoder().decode(bytes);
      this.read(bytes);
    }
  }

  // read takes the points of the text, or of the file whose text it is, or selects the
  // bad line and says what is wrong with it.
  read(from = byId("points-text").value) {
    const { points, error, line, kind, ...names } = readPoints(from);
    if (points) {
      const all = points.length / 2;
      this.replace(points);
      if (all > most) this.tell(t("points.most", { n: most, all }));
      return;
    }
    this.tell(t(`points.${kind}`, { error, n: line, ...names }));
    if (line === 0) return;
    const text = byId("points-text"), rows = text.value.split("\n"), start = rows.slice(0, line - 1).join("\n").length + (line > 1);
    text.focus();
    text.setSelectionRange(start, start + rows[line - 1].length);
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

// The person's own points: drawn on the stage, pasted, dropped as a file, or in a link.
import { byId, el } from "./dom.js";
import { save } from "./export.js";
import { whole } from "./numbers.js";
import { mostBytes, readPoints } from "./points-file.js";
import { carried, mayFit, moons, mostPoints as most, rounded, sample, withPoints } from "./points-link.js";
import { language, t } from "./strings.js";

const apart = 1 / 40; // of the view, from one point of a stroke to the next
const rim = 1.05; // the least view by the outermost point; with less core/experiment widens the view
const mostText = 2e6; // characters of a file to show

const named = (file) => /\.(csv|txt)$/i.test(file.name);
const count = (n) => whole(n, language());
const lines = (points) => {
  const all = [];
  for (let i = 0; i < points.length; i += 2) all.push(`${Number(points[i].toPrecision(7))}, ${Number(points[i + 1].toPrecision(7))}`);
  return all.join("\n");
};

// saveFile saves points as a file that can be dropped here again.
export function saveFile(points) {
  save({ name: "ganbel-points.csv", blob: new Blob([lines(points), "\n"], { type: "text/csv" }) });
}

export class Points {
  // on has session(), the session on view, draw(frame) for the stage, note(text), which
  // shows a note, and changed(), called for new points.
  constructor(on) {
    this.on = on;
    this.points = moons();
    this.strokes = []; // the length before each stroke, for undo
    this.brought = false; // the person or a link brought points
    this.complaint = ""; // about a link, still to be shown over the picture
    this.hint = new Hint();
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
    if (!named(file)) this.say(t("points.file", { name: file.name }));
    else if (file.size > mostBytes) this.say(t("points.large", { name: file.name, mb: Math.floor(mostBytes / 1e6) }));
    else {
      let bytes;
      try {
        bytes = await file.arrayBuffer();
      } catch { // deleted since, or not readable
        this.say(t("points.gone", { name: file.name }));
        return;
      }
      if (bytes.byteLength <= mostText) byId("points-text").value = new TextDecoder().decode(bytes);
      this.read(bytes);
    }
  }

  // read takes the points of the text, or of the file that it shows. It selects a bad
  // line, describes the error, and offers to leave out all bad lines; with skip it does
  // so.
  read(from = byId("points-text").value, skip = false) {
    const { points, skipped, error, line, kind, ...names } = readPoints(from, { skip });
    if (points) {
      const all = points.length / 2, left = skipped?.rows ? skippedWords("points.skipped", skipped) : "";
      this.replace(all > most ? sample(points, most) : points);
      if (all > most) this.say([t("points.most", { n: count(most), all: count(all) }), left].filter(Boolean).join(" · "));
      else if (left) this.say(`${byId("points-count").textContent} · ${left}`);
      else this.hint.close();
      return;
    }
    const words = t(`points.${kind}`, { error, n: line, ...names }), good = line > 0 && !skip ? readPoints(from, { skip: true }) : {};
    if (good.points) this.say(words, [skippedWords("points.skip", good.skipped), () => this.read(from, true)]);
    else this.say(words);
    const text = byId("points-text"), rows = text.value.split(/\r\n|\n|\r/);
    if (line === 0 || rows.length < line || (typeof from !== "string" && from.byteLength > mostText)) return;
    const start = rows.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0);
    text.focus({ preventScroll: true });
    text.setSelectionRange(start, start + rows[line - 1].length);
  }

  replace(points) {
    this.brought = true;
    this.points = mayFit(points) ? rounded(points) : points;
    this.strokes = this.strokes.filter((n) => n < this.points.length);
    this.done();
  }

  // pointer takes what the stage says of a pointer, in data coordinates.
  pointer({ x, y, kind }) {
    if (kind === "down") {
      this.hint.close();
      this.drawing = true;
      this.strokes.push(this.points.length);
      this.put(x, y);
      this.show();
    } else if (kind === "move" && this.drawing && x !== null) {
      const [x0, y0] = this.points.slice(-2), way = Math.hypot(x - x0, y - y0), step = apart * this.view, n = Math.floor(way / step);
      for (let i = 1; i <= n; i++) this.put(x0 + ((x - x0) * i * step) / way, y0 + ((y - y0) * i * step) / way);
      if (n) this.show();
    } else if ((kind === "up" || kind === "leave" || kind === "cancel") && this.drawing) {
      this.drawing = false;
      const full = this.points.length >= 2 * most;
      this.replace(this.points);
      if (full) this.say(t("points.full", { n: count(most) }));
    }
  }

  // view is the half-width of the plane as drawn.
  get view() {
    return this.on.session().frame?.runs[0].view?.data[0] ?? 2;
  }

  // put adds a point, not so near the rim that the plane would have to widen.
  put(x, y) {
    if (this.points.length >= 2 * most) return;
    const { view } = this, edge = view > Number(this.on.session().values.view) ? view / rim : view;
    const digits = Math.max(0, 4 - Math.ceil(Math.log10(view / 3.2))); // as a link can hold
    this.points = this.points.concat([x, y].map((v) => Number(Math.min(edge, Math.max(-edge, v)).toFixed(digits))));
  }

  // done makes the session train on the present points.
  done() {
    this.show();
    byId("points-text").value = lines(this.points);
    if (!this.points.length) return;
    this.on.session().points = this.points;
    this.on.session().start();
    this.on.changed();
  }

  // show counts the points, and shows them before anything trains on them.
  show() {
    const { frame, values } = this.on.session(), list = this.points;
    if (frame && values.data === "points") {
      const seen = list.length > 2 * most ? sample(list, most) : list; // those of a run file of the command
      const real = { shape: [seen.length / 2, 2], data: Float32Array.from(seen) };
      this.on.draw({ ...frame, runs: frame.runs.map((tensors) => ({ ...tensors, real })) });
    }
    const n = list.length / 2;
    byId("points-count").textContent = n ? t("pointsCount", { n }) : t("pointsNone");
    byId("points-undo").disabled = !this.strokes.length;
    byId("points-clear").disabled = !n;
  }

  // offer shows the panel of points if the session on view trains on them, with a hint
  // until somebody adds points; otherwise it hides both.
  offer(is) {
    const box = byId("points"), fresh = is && box.hidden;
    box.hidden = !is;
    if (!is) {
      this.hint.close();
      return;
    }
    const { points } = this.on.session();
    if (points && points !== this.points && !this.drawing) this.take(points);
    this.show();
    if (this.complaint) {
      this.hint.show(byId("stage-box"), this.complaint);
      this.complaint = "";
      return;
    }
    if (!fresh || this.brought) return;
    this.hint.show(byId("stage-box"), t("points.hint"), [t("points.more"), () => {
      this.hint.close();
      byId("points-text").focus();
    }]);
  }

  // say shows a message over the picture or in the panel, wherever the person looks, with
  // an optional button [words, does].
  say(text, button) {
    byId("points-count").textContent = text;
    const { top } = byId("stage-box").getBoundingClientRect();
    this.hint.show(top > -40 && top < innerHeight - 80 ? byId("stage-box") : byId("points"), text, button);
  }

  // follow takes the points of a link for a session that trains on points, or shows an
  // error if they cannot be read.
  follow(session, text) {
    if (session.values.data !== "points" || !text) return;
    const { points, lacks } = carried(text);
    if (!points) {
      this.complaint = lacks ? t("points.lacks", { n: count(lacks) }) : t("points.damaged");
      this.on.note(this.complaint);
      return;
    }
    this.brought = true;
    const others = points.length !== session.points?.length || points.some((v, i) => v !== session.points[i]);
    if (others) session.points = points;
    this.take(session.points);
  }

  // take shows the points that the session already has.
  take(points) {
    this.points = points;
    this.strokes = [];
    byId("points-text").value = lines(points);
  }

  // link adds the points of a session, if it trains on points, to the hash of its link.
  link(session, hash) {
    return session.values.data === "points" ? withPoints(hash, session.points, address()) : hash;
  }
}

// address is the address without a hash, of the page or of its embed, whichever is
// longer.
function address() {
  return `${location.origin}${location.pathname.replace(/[^/]*$/, "")}assets/embed.html`;
}

// skippedWords says how many lines were left out, and which.
function skippedWords(key, { rows, lines: named }) {
  return t(`${key}.${rows === 1 ? "one" : "many"}`, { n: rows, lines: named.join(", ") + (rows > named.length ? ", …" : "") });
}

// Hint is a line over the picture, or in the panel, with at most one button.
class Hint {
  show(box, text, button) {
    this.close();
    const close = el("button", { type: "button", class: "plain icon", "aria-label": t("dismiss"), title: t("dismiss") }, "×");
    close.onclick = () => this.close();
    const act = button && el("button", { type: "button", id: "points-do" }, button[0]);
    if (act) act.onclick = button[1];
    this.element = el("div", { class: "points-hint", role: "status" }, el("p", {}, text), ...(act ? [act] : []), close);
    box.append(this.element);
    for (const e of [box, this.element]) e.scrollIntoView({ block: "nearest" }); // the picture, too, to draw on it
  }

  close() {
    this.element?.remove();
    this.element = null;
  }
}

// The code of a digit as a matrix to touch: a row for each categorical, a cell for
// each class, or a cell for each bit. A click forces a class, or turns a bit over, and
// the decoder answers.
import { el } from "./dom.js";
import { equal, latest } from "./latest.js";
import { write } from "./numbers.js";
import { own } from "./own.js";
import { Pixels } from "./pixels.js";
import { t } from "./strings.js";

// A Code is the numbers behind the matrix: chances, and what the person forced.
export class Code {
  constructor() {
    this.bits = false; // every cell is a variable of its own
    this.forced = []; // of {row, column, on}, the newest last
  }

  // set takes the chances {shape, data} of a digit. Where the shape is another than
  // before nothing is forced any more.
  set(chances, bits = false) {
    if (this.bits !== bits || (this.chances && String(this.chances.shape) !== String(chances.shape))) this.forced = [];
    this.chances = chances;
    this.bits = bits;
  }

  // force forces a class, or turns a bit over.
  force(row, column) {
    if (this.bits || !this.on(row, column) || !this.held(row, column)) this.forced.push({ row, column, on: !this.bits || !this.on(row, column) });
  }

  undo() {
    this.forced.pop();
  }

  free() {
    this.forced = [];
  }

  // held returns what a cell, or with classes its row, was forced to last.
  held(row, column) {
    return this.forced.findLast((f) => f.row === row && (!this.bits || f.column === column));
  }

  // on reports whether a cell is the class of its row, forced or likeliest, or a bit
  // that is 1, forced or likely.
  on(row, column) {
    const { shape: [, columns], data } = this.chances, held = this.held(row, column);
    if (this.bits) return held ? held.on : data[row * columns + column] > 0.5;
    if (held) return held.column === column;
    const all = data.subarray(row * columns, (row + 1) * columns);
    return all.indexOf(Math.max(...all)) === column;
  }

  // tensor returns the code to be decoded: {shape, data}, 0 or 1 where forced, and
  // everywhere where hard.
  tensor(hard) {
    const { shape, data } = this.chances, [, columns] = shape;
    const value = (p, i) => {
      const row = Math.floor(i / columns), column = i % columns;
      return hard || this.held(row, column) ? Number(this.on(row, column)) : p;
    };
    return { shape, data: Float32Array.from(data, value) };
  }
}

// inUse returns how many classes a row uses: e to the entropy of its usage. dead
// reports whether a class has less than a hundredth of an equal share, stuck whether
// a bit is nearly always the same.
export const inUse = (row) => Math.exp(-row.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0));
export const dead = (p, classes) => p < 0.01 / classes;
export const stuck = (p) => Math.min(p, 1 - p) < 0.01;

const signs = { Chosen: "on", Forced: "on forced", Usage: "usage", Dead: "dead" };

// The matrix. ask(code) is called with the tensor {shape, data} of a changed code,
// never while it has not answered yet, and returns a promise of the tensor of its
// image.
export class CodeGrid {
  constructor(ask) {
    this.code = new Code();
    this.digit = 0;
    this.focus = [0, 0];
    this.ask = latest((code) => ask(code), (image) => {
      this.drawn.show(image.data, ...image.shape);
      this.drawn.label(t("code.drawn"));
    });

    this.grid = el("div", { role: "grid", class: "cells", "aria-multiselectable": "true" });
    this.grid.addEventListener("keydown", (e) => this.key(e));
    this.grid.addEventListener("click", (e) => this.press(e.target.closest("[role=gridcell]")));
    this.grid.addEventListener("focusin", (e) => this.rove(e.target));
    this.original = new Pixels({ class: "drawn" });
    this.drawn = new Pixels({ class: "drawn" });
    this.which = el("figcaption", {});
    const button = (name, act, ...words) => {
      const b = el("button", { type: "button", "data-code": name }, ...words);
      b.onclick = act;
      return b;
    };
    this.undo = button("undo", () => this.change(() => this.code.undo()), t("code.undo"));
    this.free = button("free", () => this.change(() => this.code.free()), t("code.free"));
    this.hard = el("input", { type: "checkbox", "data-code": "hard" });
    this.hardName = el("span", {});
    this.help = el("p", { class: "help" });
    this.hard.onchange = () => this.change(() => {});
    const turn = (name, by, sign) => {
      const b = button(name, () => this.turn(by), sign);
      b.setAttribute("aria-label", t(`code.${name}`));
      return b;
    };
    const key = (name) => el("span", { class: "entry" }, el("span", { class: `cell ${signs[name]}`, "aria-hidden": "true" }), t(`code.legend${name}`));
    this.element = el("section", { class: "code" },
      el("h2", {}, t("code.title")),
      el("div", { class: "desk" }, this.grid,
        el("div", { class: "pictures" },
          el("figure", {}, this.original.element, this.which),
          el("figure", {}, this.drawn.element, el("figcaption", {}, t("code.drawn"))))),
      el("p", { class: "legend" }, key("Chosen"), key("Forced"), key("Usage"), key("Dead")),
      this.help,
      el("div", { class: "row" }, turn("before", -1, "‹"), turn("after", 1, "›"), this.undo, this.free,
        el("label", { class: "layer", title: t("code.hardHint") }, this.hard, this.hardName)));
    this.name();
  }

  // word returns a word for classes or, where there is another, for bits.
  word(name, values) {
    return t(`code.${name}${this.code.bits ? "Bits" : ""}`, values);
  }

  // name writes what is called otherwise with bits.
  name() {
    this.grid.setAttribute("aria-label", this.word("grid"));
    this.help.textContent = this.word("help");
    this.hardName.textContent = this.word("hard");
  }

  // show takes what a frame says: codes (digits, N, K), usage (N, K), digits, and
  // whether the code is of bits.
  show({ codes, usage, digits, bits }) {
    if (!codes || (equal(codes.data, this.codes?.data) && equal(usage.data, this.usage.data))) return; // nothing was learned
    Object.assign(this, { codes, usage, digits, bits: Boolean(bits?.data[0]) });
    this.digit %= codes.shape[0];
    this.fill();
  }

  turn(by) {
    const n = this.codes?.shape[0];
    if (!n) return;
    this.digit = (this.digit + by + n) % n;
    this.code.free();
    this.fill();
  }

  fill() {
    const [n, rows, columns] = this.codes.shape, size = rows * columns, pixels = this.digits.shape[1] * this.digits.shape[2];
    this.code.set({ shape: [rows, columns], data: this.codes.data.slice(this.digit * size, (this.digit + 1) * size) }, this.bits);
    this.name();
    this.original.show(this.digits.data.slice(this.digit * pixels, (this.digit + 1) * pixels), ...this.digits.shape.slice(1));
    this.which.textContent = t("code.digit", { n: this.digit + 1, all: n });
    this.original.label(this.which.textContent);
    this.change(() => {});
  }

  // change changes the code, shows it, and asks for its image.
  change(act) {
    if (!this.codes) return;
    act();
    this.draw();
    this.ask(this.code.tensor(this.hard.checked));
  }

  build(rows, columns) {
    this.shape = [rows, columns];
    this.grid.style.setProperty("--columns", columns);
    this.rows = Array.from({ length: rows }, (_, i) => {
      const cells = Array.from({ length: columns }, (_, j) => el("span", { role: "gridcell", class: "cell", tabindex: -1, "data-row": i, "data-column": j }));
      const used = el("span", { class: "used", "aria-hidden": "true" }), head = el("span", { role: "rowheader", class: "name" });
      return { cells, used, head, element: el("div", { role: "row" }, head, ...cells, used) };
    });
    this.grid.replaceChildren(...this.rows.map((row) => row.element));
    this.focus = [Math.min(this.focus[0], rows - 1), Math.min(this.focus[1], columns - 1)];
    this.cell(...this.focus).tabIndex = 0;
  }

  draw() {
    const { code } = this, { shape: [rows, columns], data } = code.chances;
    if (String(this.shape) !== String([rows, columns])) this.build(rows, columns);
    const sum = code.tensor(this.hard.checked).data;
    const tell = !(performance.now() - this.told < 1000); // names change once a second, or nobody could hear them
    if (tell) this.told = performance.now();
    this.rows.forEach(({ cells, used, head, element }, i) => {
      const usage = this.usage.data.slice(i * columns, (i + 1) * columns), most = code.bits ? 1 : Math.max(...usage);
      const unused = code.bits ? stuck : (p) => dead(p, columns);
      cells.forEach((cell, j) => {
        const on = code.on(i, j), held = Boolean(code.held(i, j)) && (on || code.bits), was = cell.classList.contains("on");
        cell.style.setProperty("--chance", sum[i * columns + j].toFixed(3));
        cell.style.setProperty("--usage", (usage[j] / most).toFixed(3));
        cell.classList.toggle("on", on);
        cell.classList.toggle("forced", held);
        cell.classList.toggle("dark", sum[i * columns + j] > 0.5);
        cell.classList.toggle("dead", unused(usage[j]));
        if (tell || on !== was || cell.matches(":focus")) this.tell(cell, i * columns + j, { chance: data[i * columns + j], on, held, unused: unused(usage[j]) });
      });
      head.textContent = String(code.bits ? i * columns + 1 : i + 1);
      used.textContent = code.bits ? String(usage.reduce((n, p) => n + !stuck(p), 0)) : write(inUse(usage), 2);
      used.title = this.word("inUse", { n: used.textContent, all: columns });
      if (tell) element.setAttribute("aria-label", `${this.word("row", { n: head.textContent })}: ${used.title}`);
    });
    this.undo.disabled = this.free.disabled = code.forced.length === 0;
  }

  // tell names a cell for those who do not see it.
  tell(cell, i, { chance, on, held, unused }) {
    const words = [this.word("cell", { k: this.code.bits ? i + 1 : (i % this.shape[1]) + 1, chance: write(chance, 2) })];
    if (held) words.push(t("code.forced"));
    if (on && (this.code.bits || !held)) words.push(this.word("chosen"));
    if (unused) words.push(this.word("dead"));
    cell.setAttribute("aria-label", words.join(", "));
    cell.setAttribute("aria-selected", on);
  }

  cell(row, column) {
    return this.rows[row].cells[column];
  }

  press(cell) {
    if (!cell) return;
    this.change(() => this.code.force(Number(cell.dataset.row), Number(cell.dataset.column)));
    cell.focus();
  }

  // rove lets Tab reach the cell that had the focus last, and only that.
  rove(cell) {
    if (!cell.dataset.row) return;
    this.cell(...this.focus).tabIndex = -1;
    this.focus = [Number(cell.dataset.row), Number(cell.dataset.column)];
    cell.tabIndex = 0;
  }

  key(e) {
    const [row, column] = this.focus, [rows, columns] = this.shape, all = e.ctrlKey;
    const to = own({
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      Home: [all ? 0 : row, 0], End: [all ? rows - 1 : row, columns - 1], PageUp: [0, column], PageDown: [rows - 1, column],
    }, e.key);
    if (to) this.cell(Math.min(rows - 1, Math.max(0, to[0])), Math.min(columns - 1, Math.max(0, to[1]))).focus();
    else if (e.key === "Enter" || e.key === " ") this.press(this.cell(row, column));
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  // select forces a class from elsewhere, such as the stage.
  select(row, column) {
    if (this.shape && row < this.shape[0] && column < this.shape[1]) this.press(this.cell(row, column));
  }

  // redraw draws all again, such as after the theme changed.
  redraw() {
    this.original.draw();
    this.drawn.draw();
  }
}

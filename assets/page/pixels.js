// A picture of numbers from 0 to 1 as ink: one square a number, on a canvas that
// takes its colour from the style sheet.
import { el } from "./dom.js";

export class Pixels {
  // attributes are the canvas's, such as a class. From the row made on, if there is
  // one, the ink has the style sheet's colour for fills: it is a network's.
  constructor(attributes = {}, made = Infinity) {
    this.made = made;
    this.canvas = el("canvas", { role: "img", width: 1, height: 1, ...attributes, class: `picture ${attributes.class ?? ""}` });
    this.element = this.canvas;
    new ResizeObserver(() => this.draw()).observe(this.canvas); // such as once it is in the page
  }

  // label names it for those who do not see it.
  label(words) {
    this.canvas.setAttribute("aria-label", words);
  }

  // show draws rows · columns numbers, row by row.
  show(data, rows, columns) {
    Object.assign(this, { data, rows, columns });
    this.draw();
  }

  // draw draws them again, such as after the theme changed.
  draw() {
    const { canvas, data, rows, columns } = this;
    if (!data || !canvas.clientWidth) return;
    if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
    const style = getComputedStyle(canvas), rgb = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number);
    const inks = [rgb(style.color), rgb(style.fill)], first = this.made * columns;
    const context = canvas.getContext("2d"), image = context.createImageData(columns, rows);
    data.forEach((x, i) => image.data.set([...inks[Number(i >= first)], 255 * x], 4 * i));
    context.putImageData(image, 0, 0);
  }
}

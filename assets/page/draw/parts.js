// Several runs in one picture: each is drawn separately, in its own part, under its
// title. The layout is that of render/stage/parts.go, number for number.
import { textSize } from "./layout.js";

// placeParts divides a picture of w by h CSS pixels among n runs, in the number of
// columns that makes the parts largest. A single run fills the picture and has no title.
export function placeParts(w, h, scale, large, n) {
  if (n < 2) return [{ x: 0, y: 0, w, h }];
  const text = textSize(w, h, large), head = Math.round(1.7 * text), whole = (v) => Math.round(v * scale) / scale;
  let columns = n, most = -Infinity;
  for (let c = n; c >= 1; c--) {
    const size = Math.min(w / c, h / Math.ceil(n / c) - head);
    if (size > most * 1.001) [columns, most] = [c, size];
  }
  const wide = w / columns, high = h / Math.ceil(n / columns);
  return Array.from({ length: n }, (_, i) => {
    const x = whole((i % columns) * wide), y = whole(Math.floor(i / columns) * high);
    return { x, y: y + head, w: wide, h: Math.max(1, high - head), title: { x: x + wide / 2, y: y + head / 2, w: 0.94 * wide, size: text } };
  });
}

// Part is a target that draws onto another one, with its origin at (x, y) in pixels.
export class Part {
  constructor(target, x, y) {
    Object.assign(this, { target, x, y });
  }

  points(list) {
    return list.map((v, i) => v + (i % 2 ? this.y : this.x));
  }

  rect(r) {
    return r && { ...r, x: r.x + this.x, y: r.y + this.y };
  }

  group(name, within, draw) {
    this.target.group(name, this.rect(within), draw);
  }

  box(r, fill) {
    this.target.box(this.rect(r), fill);
  }

  path(lines, style) {
    this.target.path(lines.map((line) => this.points(line)), style);
  }

  marks(name, shape, points, r, styles) {
    this.target.marks(name, shape, this.points(points), r, styles);
  }

  text(x, y, words, style) {
    this.target.text(x + this.x, y + this.y, words, style);
  }

  width(words, size) {
    return this.target.width(words, size);
  }

  images(pixels, width, cells, smooth) {
    this.target.images(pixels, width, cells.map(([sx, sy, sw, sh, x, y, w, h]) => [sx, sy, sw, sh, x + this.x, y + this.y, w, h]), smooth);
  }
}

// A target that paints on a 2D canvas context. Targets have the methods below,
// all in pixels of the picture; points and lines are x, y in turn. svg.js has
// the same.

export const family = "system-ui, -apple-system, 'Segoe UI', 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif";

let sheet = null; // where images are unpacked

const sprites = new Map();

// sprite returns a canvas with 4 by 4 of a mark, each a quarter of a pixel further.
function sprite(shape, r, styles) {
  const key = JSON.stringify([shape, r, styles]);
  if (sprites.has(key)) return sprites.get(key);
  if (sprites.size > 40) sprites.clear();
  const reach = Math.ceil(r + Math.max(...styles.map((s) => s.width ?? 0))) + 1, side = 2 * reach + 1;
  const canvas = Object.assign(document.createElement("canvas"), { width: 4 * side, height: 4 * side });
  const target = new CanvasTarget(canvas.getContext("2d", { willReadFrequently: true }));
  for (let i = 0; i < 16; i++) target.mark(shape, (i % 4) * (side + 0.25) + reach, (i >> 2) * (side + 0.25) + reach, r, styles);
  sprites.set(key, { canvas, reach, side });
  return sprites.get(key);
}

export class CanvasTarget {
  constructor(context) {
    this.c = context;
  }

  // group draws something that belongs together under a name, within a rectangle
  // where one is given.
  group(name, within, draw) {
    const { c } = this;
    c.save();
    if (within) {
      c.beginPath();
      c.rect(within.x, within.y, within.w, within.h);
      c.clip();
    }
    draw();
    c.restore();
  }

  box({ x, y, w, h }, fill) {
    this.c.fillStyle = fill;
    this.c.fillRect(x, y, w, h);
  }

  // path draws lines, one after the other, with {stroke, width} or {fill}.
  path(lines, style) {
    const { c } = this;
    c.beginPath();
    for (const line of lines) {
      for (let i = 0; i + 1 < line.length; i += 2) (i ? c.lineTo : c.moveTo).call(c, line[i], line[i + 1]);
      if (style.fill) c.closePath();
    }
    this.paint(style);
  }

  // marks draws a "disc" or a "diamond" of radius r at each point, in every one of
  // the styles before the next point. Many discs are copies of one, placed to a quarter of
  // a pixel.
  marks(name, shape, points, r, styles) {
    const { c } = this;
    if (points.length < 60 || shape !== "disc") {
      for (let i = 0; i + 1 < points.length; i += 2) this.mark(shape, points[i], points[i + 1], r, styles);
      return;
    }
    const { canvas, reach, side } = sprite(shape, r, styles);
    c.imageSmoothingEnabled = false;
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = Math.round(4 * points[i]), y = Math.round(4 * points[i + 1]);
      c.drawImage(canvas, (x & 3) * side, (y & 3) * side, side, side, (x >> 2) - reach, (y >> 2) - reach, side, side);
    }
  }

  mark(shape, x, y, r, styles) {
    const { c } = this;
    c.beginPath();
    if (shape === "disc") c.arc(x, y, r, 0, 2 * Math.PI);
    else for (const [dx, dy] of [[0, -r], [r, 0], [0, r], [-r, 0]]) c.lineTo(x + dx, y + dy);
    c.closePath();
    styles.forEach(this.paint, this);
  }

  paint({ stroke, width, fill, dash }) {
    const { c } = this;
    if (stroke) {
      c.strokeStyle = stroke;
      c.lineWidth = width;
      c.lineCap = c.lineJoin = "round";
      c.setLineDash(dash ?? []);
      c.stroke();
    }
    if (fill) {
      c.fillStyle = fill;
      c.fill();
    }
  }

  // text writes with its middle at y; anchor says which part is at x. halo is the
  // colour of what parts it from lines below.
  text(x, y, words, { size, fill, anchor = "left", halo, bold }) {
    const { c } = this;
    c.font = `${bold ? "600 " : ""}${size}px ${family}`;
    c.textAlign = anchor === "middle" ? "center" : anchor;
    // A text that is longer than expected is moved into the picture.
    const width = c.measureText(words).width, left = x - { left: 0, middle: 0.5, right: 1 }[anchor] * width;
    x -= Math.max(0, left + width - c.canvas.width) + Math.min(0, left);
    if (halo) {
      c.strokeStyle = halo;
      c.lineWidth = size / 3;
      c.lineJoin = "round";
      c.setLineDash([]);
      c.strokeText(words, x, y + 0.35 * size);
    }
    c.fillStyle = fill;
    c.fillText(words, x, y + 0.35 * size);
  }

  // width returns how wide text is.
  width(words, size) {
    this.c.font = `${size}px ${family}`;
    return this.c.measureText(words).width;
  }

  // images draws parts of a sheet of pixels, bytes of red, green, blue and alpha:
  // each cell is the part's corner and size, and where it goes.
  images(pixels, width, cells, smooth) {
    const height = pixels.length / 4 / width;
    sheet ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    Object.assign(sheet.canvas, { width, height });
    sheet.putImageData(new ImageData(pixels, width, height), 0, 0);
    this.c.imageSmoothingEnabled = smooth;
    for (const cell of cells) this.c.drawImage(sheet.canvas, ...cell);
  }
}

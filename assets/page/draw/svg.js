// A target that writes SVG, as canvas.js paints: curves as paths, every mark an
// element, letters as text.
import { family } from "./canvas.js";

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const short = (v) => String(Math.round(v * 100) / 100);

const colour = (name, value) => {
  const alpha = value.length > 7 ? parseInt(value.slice(7), 16) / 255 : 1;
  return `${name}="${value.slice(0, 7)}"${alpha < 1 ? ` ${name}-opacity="${short(alpha)}"` : ""}`;
};

const paint = ({ stroke, width, fill, dash }) =>
  (fill ? colour("fill", fill) : 'fill="none"') + (stroke ? ` ${colour("stroke", stroke)} stroke-width="${short(width)}"` : "")
  + (dash ? ` stroke-dasharray="${dash.map(short)}"` : "");

const steps = (line, close) => {
  let d = "";
  for (let i = 0; i + 1 < line.length; i += 2) d += `${i ? "L" : "M"}${short(line[i])} ${short(line[i + 1])}`;
  return d + (close || (line.length > 4 && line[0] === line.at(-2) && line[1] === line.at(-1)) ? "Z" : "");
};

const mark = (shape, x, y, r) => (shape === "disc"
  ? `M${short(x - r)} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${short(2 * r)} 0a${short(r)} ${short(r)} 0 1 0 ${short(-2 * r)} 0Z`
  : steps([x, y - r, x + r, y, x, y + r, x - r, y], true));

// png returns pixels as the URL of a PNG.
function png(pixels, width) {
  const height = pixels.length / 4 / width;
  const c = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  c.putImageData(new ImageData(pixels, width, height), 0, 0);
  return c.canvas.toDataURL();
}

export class SvgTarget {
  // encode(pixels, width) makes an image's URL.
  constructor(encode = png) {
    this.encode = encode;
    this.parts = [];
    this.names = 0;
  }

  group(name, within, draw) {
    let clip = "";
    if (within) {
      clip = ` clip-path="url(#clip${++this.names})"`;
      this.parts.push(`<clipPath id="clip${this.names}"><rect ${place(within)}/></clipPath>`);
    }
    this.parts.push(`<g class="${escape(name)}"${clip}>`);
    draw();
    this.parts.push("</g>");
  }

  box(r, fill) {
    this.parts.push(`<rect ${place(r)} ${colour("fill", fill)}/>`);
  }

  path(lines, style) {
    if (lines.length) this.parts.push(`<path d="${lines.map((l) => steps(l, Boolean(style.fill))).join("")}" ${paint(style)}/>`);
  }

  // marks without a name are one path, since nobody looks for one of them.
  marks(name, shape, points, r, styles) {
    if (!points.length) return;
    if (!name) {
      let d = "";
      for (let i = 0; i + 1 < points.length; i += 2) d += mark(shape, points[i], points[i + 1], r);
      for (const style of styles) this.parts.push(`<path d="${d}" ${paint(style)}/>`);
      return;
    }
    const id = `mark${++this.names}`;
    this.parts.push(`<defs><g id="${id}">${styles.map((s) => `<path d="${mark(shape, 0, 0, r)}" ${paint(s)}/>`).join("")}</g></defs><g class="${escape(name)}">`);
    for (let i = 0; i + 1 < points.length; i += 2) this.parts.push(`<use xlink:href="#${id}" x="${short(points[i])}" y="${short(points[i + 1])}"/>`);
    this.parts.push("</g>");
  }

  text(x, y, words, { size, fill, anchor = "left", halo, bold }) {
    const at = { left: "start", middle: "middle", right: "end" }[anchor];
    const edge = halo ? ` ${colour("stroke", halo)} stroke-width="${short(size / 3)}" paint-order="stroke"` : "";
    this.parts.push(`<text x="${short(x)}" y="${short(y + 0.35 * size)}" font-size="${short(size)}" text-anchor="${at}"${bold ? ' font-weight="600"' : ""} ${colour("fill", fill)}${edge}>${escape(words)}</text>`);
  }

  // width guesses: half as wide as high, and as wide in Japanese.
  width(words, size) {
    return size * [...words].reduce((sum, c) => sum + (c > "\u2e80" ? 1 : 0.52), 0);
  }

  images(pixels, width, cells, smooth) {
    for (const [sx, sy, sw, sh, x, y, w, h] of cells) {
      const part = new Uint8ClampedArray(4 * sw * sh);
      for (let i = 0; i < sh; i++) part.set(pixels.subarray(4 * ((sy + i) * width + sx), 4 * ((sy + i) * width + sx + sw)), 4 * i * sw);
      this.parts.push(`<image ${place({ x, y, w, h })} preserveAspectRatio="none"${smooth ? "" : ' image-rendering="pixelated"'} xlink:href="${this.encode(part, sw)}"/>`);
    }
  }

  // document returns the whole, of w by h pixels of CSS, with a title that says
  // what is seen.
  document(w, h, title) {
    return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="${escape(family)}" stroke-linecap="round" stroke-linejoin="round">\n<title>${escape(title)}</title>\n${this.parts.join("\n")}\n</svg>\n`;
  }
}

const place = ({ x, y, w, h }) => `x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}"`;

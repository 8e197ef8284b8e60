// Images of a frame, as one of pixels that a target draws parts of.
import { rgb } from "./colours.js";

const columns = 16; // of images in it

export class Sheet {
  // sets are tensors {shape, data} of square images, of numbers from 0, which is
  // paper, to 1, which is ink; from the row of an image on that is made, it is the
  // colour made.
  constructor(sets, paper, ink, made = ink, row = Infinity) {
    const side = this.side = sets[0].shape.at(-1), size = side * side, n = sets.reduce((sum, { data }) => sum + data.length / size, 0);
    this.width = columns * side;
    this.pixels = new Uint8ClampedArray(4 * this.width * side * Math.ceil(n / columns));
    const [from, ...to] = [paper, ink, made].map(rgb);
    let first = 0;
    for (const { data } of sets) {
      for (let k = 0; k < data.length; k++) {
        const i = first + Math.floor(k / size), down = Math.floor((k % size) / side), colour = to[Number(down >= row)];
        const at = 4 * ((Math.floor(i / columns) * side + down) * this.width + (i % columns) * side + (k % side)), v = Math.max(0, Math.min(data[k], 1));
        for (let j = 0; j < 3; j++) this.pixels[at + j] = from[j] + v * (colour[j] - from[j]);
        this.pixels[at + 3] = 255;
      }
      first += data.length / size;
    }
  }

  // part returns image i, or its upper share of 1, drawn in r.
  part(i, { x, y, w, h }, share = 1) {
    const { side } = this;
    return [(i % columns) * side, Math.floor(i / columns) * side, side, side * share, x, y, w, h * share];
  }

  draw(target, parts) {
    target.images(this.pixels, this.width, parts, false);
  }
}

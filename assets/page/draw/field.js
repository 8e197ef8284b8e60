// Fields of numbers on a lattice: row i of n is at y = -view + 2·view·i/(n-1), and
// columns are alike in x. They are refined, and their contour lines found.

const most = 11; // contour lines

// bounds returns the least and the greatest finite number, 0 and 0 where there is none.
export function bounds(field) {
  let low = Infinity, high = -Infinity;
  for (const v of field) {
    if (!Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low > high ? [0, 0] : [low, high];
}

// refine returns a field of n by n numbers at factor times as many places, so
// (n-1)·factor+1 a side, by Catmull-Rom's cubic: it keeps the numbers it is given
// and all straight slopes. Numbers that are not finite become the nearest bound
// of those that are, NaN the least.
export function refine(field, n, factor) {
  const [low, high] = bounds(field);
  const clean = new Float64Array(field);
  for (let i = 0; i < clean.length; i++) clean[i] = clean[i] >= low ? Math.min(clean[i], high) : low;
  if (factor === 1 || n < 2) return clean;
  const m = (n - 1) * factor + 1, wide = new Float64Array(n * m), out = new Float64Array(m * m);
  for (let i = 0; i < n; i++) stretch(wide, i * m, clean, i * n, n, factor, 1);
  for (let j = 0; j < m; j++) stretch(out, j, wide, j, n, factor, m);
  return out;
}

// stretch refines n numbers that stand step apart, in dst and src alike; they go on
// straight beyond the ends.
function stretch(dst, to, src, from, n, factor, step) {
  for (let i = 0; i < n - 1; i++) {
    const at = from + i * step, b = src[at], c = src[at + step];
    const a = i > 0 ? src[at - step] : 2 * b - c, d = i < n - 2 ? src[at + 2 * step] : 2 * c - b;
    for (let k = 0; k < factor; k++) {
      const t = k / factor;
      dst[to + (i * factor + k) * step] = b + (t / 2) * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }
  }
  dst[to + (n - 1) * factor * step] = src[from + (n - 1) * step];
}

// contours returns at most 11 levels between the bounds of a field, at an even,
// round distance from a base, its median where none is given. bold is the index
// of the base, -1 where that is no level. A flat field has no levels.
export function contours(field, base) {
  const [low, high] = bounds(field);
  if (!(high - low > 1e-6 * Math.max(1e-30, high, -low))) return { levels: [], step: 0, bold: -1 };
  const step = round((high - low) / most), given = base !== undefined;
  base ??= median(field);
  const middle = base > low && base < high;
  if (!middle && !given) base += step / 2; // a plain to be gone round, not along its rim
  const levels = [];
  let bold = -1;
  for (let k = Math.ceil((low - base) / step); levels.length < most; k++) {
    const v = base + k * step;
    if (v >= high) break;
    if (v <= low) continue;
    if (k === 0 && middle) bold = levels.length;
    levels.push(v);
  }
  return { levels, step, bold };
}

function median(field) {
  const finite = new Float64Array(field).filter(Number.isFinite).sort();
  return finite[finite.length >> 1];
}

// round returns the least of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that is
// not less than x, which must be positive.
export function round(x) {
  const power = 10 ** Math.floor(Math.log10(x));
  return power * ([1, 1.5, 2, 3, 4, 5, 6, 8].find((m) => m * power >= x * (1 - 1e-9)) ?? 10);
}

// ticks returns round numbers to mark on an axis from -view to view, five or seven.
export function ticks(view) {
  const power = 10 ** Math.floor(Math.log10(view));
  const step = view < 2 * power ? power / 2 : view < 4 * power ? power : view < 8 * power ? 2 * power : 4 * power;
  const n = Math.floor(view / step + 1e-9);
  return Array.from({ length: 2 * n + 1 }, (_, k) => (k - n) * step || 0);
}

// isolines returns for each of levels, which rise, the lines along which a field of
// n by n is at it, by marching squares: each is column, row, column, row and so on,
// ends where it meets the rim, or closes where its last point is its first.
export function isolines(field, n, levels) {
  const cells = levels.map(() => []); // that each level goes through
  for (let e = 0, i = 0; i < n - 1; i++, e++) {
    for (let j = 0; j < n - 1; j++, e++) {
      const a = field[e], b = field[e + 1], c = field[e + n], d = field[e + n + 1];
      const low = Math.min(a, b, c, d), high = Math.max(a, b, c, d);
      for (let k = 0; k < levels.length && levels[k] <= high; k++) if (levels[k] > low) cells[k].push(e);
    }
  }
  // An edge of the lattice has a number: twice that of its first point, plus 1
  // where it goes up. links has the one or two edges that a line goes on to, each
  // plus 1.
  const links = new Int32Array(4 * n * n);
  return levels.map((level, k) => linesAt(field, n, level, cells[k], links));
}

function linesAt(field, n, level, cells, links) {
  const edges = [], lines = [];
  const link = (a, b) => {
    links[2 * a + (links[2 * a] ? 1 : 0)] = b + 1;
    links[2 * b + (links[2 * b] ? 1 : 0)] = a + 1;
    edges.push(a, b);
  };
  for (const e of cells) {
    const a = field[e], b = field[e + 1], c = field[e + n], d = field[e + n + 1];
    const which = (a >= level) | ((b >= level) << 1) | ((d >= level) << 2) | ((c >= level) << 3);
    const bottom = 2 * e, left = bottom + 1, top = bottom + 2 * n, right = bottom + 3;
    switch (which === 5 || which === 10 ? ((a + b + c + d) / 4 >= level ? which : 15 - which) : which) {
      case 1: case 14: link(left, bottom); break;
      case 2: case 13: link(bottom, right); break;
      case 3: case 12: link(left, right); break;
      case 4: case 11: link(right, top); break;
      case 6: case 9: link(bottom, top); break;
      case 7: case 8: link(left, top); break;
      case 5: link(bottom, right); link(left, top); break;
      case 10: link(left, bottom); link(right, top); break;
    }
  }
  const walk = (first) => {
    const line = [];
    for (let edge = first; edge >= 0;) {
      const e = edge >> 1, up = edge & 1, a = field[e], b = field[up ? e + n : e + 1], t = (level - a) / (b - a);
      line.push((e % n) + (up ? 0 : t), Math.floor(e / n) + (up ? t : 0));
      const p = links[2 * edge] - 1, q = links[2 * edge + 1] - 1;
      links[2 * edge] = links[2 * edge + 1] = 0;
      edge = p >= 0 && links[2 * p] ? p : q >= 0 && links[2 * q] ? q : -1;
      if (edge < 0 && q >= 0) line.push(line[0], line[1]);
    }
    lines.push(line);
  };
  for (const edge of edges) if (links[2 * edge] && !links[2 * edge + 1]) walk(edge);
  for (const edge of edges) if (links[2 * edge]) walk(edge);
  return lines;
}

// simplify returns a line with fewer points that is nowhere farther than reach
// from it, by Douglas and Peucker's way.
export function simplify(line, reach) {
  const n = line.length / 2, keep = new Uint8Array(n);
  keep[0] = keep[n - 1] = 1;
  const stack = [[0, n - 1]];
  while (stack.length) {
    const [from, to] = stack.pop();
    const x = line[2 * from], y = line[2 * from + 1], dx = line[2 * to] - x, dy = line[2 * to + 1] - y, length = Math.hypot(dx, dy);
    let farthest = -1, far = reach;
    for (let i = from + 1; i < to; i++) {
      const px = line[2 * i] - x, py = line[2 * i + 1] - y;
      const away = length > 0 ? Math.abs(px * dy - py * dx) / length : Math.hypot(px, py);
      if (away > far) [farthest, far] = [i, away];
    }
    if (farthest < 0) continue;
    keep[farthest] = 1;
    stack.push([from, farthest], [farthest, to]);
  }
  return line.filter((_, i) => keep[i >> 1]);
}

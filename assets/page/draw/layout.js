// Where things are on a picture of w by h, in its own pixels, scale of which are
// one of CSS. It is the layout of render/stage/layout.go, number for number, so
// that one picture can take the other's place.
import { ticks } from "./field.js";

export const leastLarge = 18; // the size of the smallest large letters, in pixels of CSS

// textSize is the size of labels, in pixels of CSS like w and h; large ones can be read
// from the back of a room.
export const textSize = (w, h, large) => Math.round(large ? Math.max(leastLarge, Math.min(Math.min(w, h) / 26, 44)) : Math.max(11, Math.min(Math.min(w, h) / 38, 22)));

export const octaves = 2; // the colours of the gradient's norm reach from 2^-octaves to 2^octaves

// makePlane returns a plot of data from -view to view, its corner and sides in
// pixels of CSS: maps to the picture and back, and what is written around it where
// text, the size of letters, is not 0.
function makePlane(x, y, side, scale, view, text, below = true, beside = true) {
  const whole = (v) => Math.round(v * scale), plot = { x: whole(x), y: whole(y), w: whole(side), h: whole(side) };
  const marks = text ? ticks(view) : [];
  const step = side < 2.8 * text * (marks.length - 1) ? 2 : 1;
  return {
    plot, view, text: text * scale, ticks: marks, below, beside,
    numbers: marks.filter((_, i) => (i - Math.floor(marks.length / 2)) % step === 0),
    x: (v) => plot.x + ((v / view + 1) / 2) * plot.w,
    y: (v) => plot.y + ((1 - v / view) / 2) * plot.h,
    back: (px, py) => [(((px - plot.x) / plot.w) * 2 - 1) * view, (1 - ((py - plot.y) / plot.h) * 2) * view],
  };
}

// placeBar puts the bar of colours at x, y in pixels of CSS, h high.
const placeBar = (x, y, h, text, scale) => ({ x: Math.round(x * scale), y: Math.round(y * scale), w: Math.round(0.8 * text * scale), h: Math.round(h * scale) });

// placePlane lays out one plot in w by h pixels of CSS.
function placePlane(w, h, scale, large, view, bar) {
  const text = textSize(w, h, large), small = Math.min(w, h) < 14 * text; // no room for numbers
  const [left, right, above, below] = small ? [6, 6, 6, 6] : [2.8 * text, 1.2 * text, 1.2 * text, 2.2 * text];
  const room = bar && Math.min(w, h) >= 20 * text ? 4.2 * text : 0; // otherwise the plot takes its room
  const side = Math.max(1, Math.min(w - left - right - room, h - above - below));
  // Where there is room the plot is in the middle and stays there when the bar comes.
  const x = Math.max(Math.min((w - side) / 2, w - right - room - side), left), y = above + (h - above - below - side) / 2;
  const plane = makePlane(x, y, side, scale, view, small ? 0 : text);
  if (room) plane.bar = placeBar(x + side + 1.2 * text, y + side * 0.15, side * 0.7, text, scale);
  return plane;
}

// placePlanes lays out a plot for each of views, of equal size, row by row in as
// many columns as make them largest, with titles where there are any. Plots of the
// same view share their numbers, and all share one bar.
export function placePlanes(w, h, scale, large, views, titled, bar) {
  const n = views.length, text = textSize(w, h, large), shared = views.every((v) => v === views[0]);
  if (n === 1) return [placePlane(w, h, scale, large, views[0], bar)];
  const lay = (numbers) => {
    const [left, right, above, below] = numbers ? [2.8 * text, 1.2 * text, 0.8 * text, 2.2 * text] : [6, 6, 6, 6];
    const [gapX, gapY] = !numbers ? [8, 8] : shared ? [2.2 * text, 1.1 * text] : [3.4 * text, 2.5 * text];
    const room = bar && numbers ? 4.2 * text : 0, head = titled && Math.min(w, h) >= 14 * text ? 1.7 * text : 0;
    const size = (c) => Math.min((w - left - right - room - (c - 1) * gapX) / c, (h - above - below - (Math.ceil(n / c) - 1) * gapY - Math.ceil(n / c) * head) / Math.ceil(n / c));
    let columns = 1;
    for (let c = 2; c <= n; c++) if (size(c) > size(columns) * 1.001) columns = c;
    const most = size(columns);
    // What stands side by side is compared best.
    for (let c = columns + 1; c <= n; c++) if (n % c === 0 && size(c) > 0.8 * most) columns = c;
    const side = Math.max(1, size(columns));
    const rows = Math.ceil(n / columns), totalX = columns * (side + gapX) - gapX, totalY = rows * (side + head + gapY) - gapY;
    const x0 = Math.max(left, Math.min((w - totalX) / 2, w - right - room - totalX)), y0 = above + (h - above - below - totalY) / 2;
    const planes = views.map((view, i) => {
      const x = x0 + (i % columns) * (side + gapX), y = y0 + Math.floor(i / columns) * (side + head + gapY);
      const plane = makePlane(x, y + head, side, scale, view, numbers ? text : 0, !shared || i + columns >= n, !shared || i % columns === 0);
      const middle = x + side / 2, room = columns > 1 ? side + 0.6 * gapX : 2 * Math.min(middle, w - right - middle);
      if (head) plane.title = { x: middle * scale, y: (y + head / 2 - 0.1 * text) * scale, w: room * scale, size: text * scale };
      return plane;
    });
    if (room) {
      const long = Math.min(totalY * 0.7, 26 * text);
      planes[0].bar = placeBar(x0 + totalX + 1.2 * text, y0 + (totalY + head - long) / 2, long, text, scale);
    }
    return [planes, side];
  };
  const [planes, side] = lay(true);
  return side < 6.5 * text ? lay(false)[0] : planes;
}

// barY returns where a gradient norm is on a bar of the colours.
export const barY = (bar, slope) => bar.y + bar.h * (0.5 - Math.log2(slope) / (2 * octaves));

// A grid is rows and columns of square images; bundle is how many rows belong
// together: 2 where each image has its reconstruction below.

const between = (g) => (g.bundle > 1 ? Math.round(2.5 * g.gap) : g.gap);

// imageAt returns the place of image i, in row k of its bundle.
export function imageAt(g, i, k) {
  const row = Math.floor(i / g.columns), column = i % g.columns, h = g.bundle * g.side + between(g);
  return { x: g.x + column * (g.side + g.gap), y: g.y + row * h + k * g.side, w: g.side, h: g.side };
}

// fit makes the grid of n images, or bundles of them, that fills r best, and says
// how good it is: large images, and no ragged last row.
function fit(n, bundle, r, gap) {
  const x = Math.ceil(r.x), y = Math.ceil(r.y), w = Math.floor(r.x + r.w) - x, h = Math.floor(r.y + r.h) - y;
  let best = null, score = 0;
  for (let columns = 1; columns <= n; columns++) {
    const g = { x, y, bundle, gap, columns };
    const rows = Math.floor((n + columns - 1) / columns);
    g.side = Math.floor(Math.min((w - (columns - 1) * gap) / columns, (h - (rows - 1) * between(g)) / (rows * bundle)));
    const now = n % columns === 0 ? g.side * 1.6 : g.side;
    if (columns === 1 || now > score) [best, score] = [g, now];
  }
  return [best, score];
}

// placePanels lays out Gumbel mode. c says what there is: digits,
// reconstructions, prior, code, simplex (bool), pairs and priors (images). It
// returns the panels pairs, prior, code and simplex where they are, the grids
// images and priors, and labels as the stage's.
export function placePanels(w, h, scale, large, c) {
  const text = textSize(w, h, large) * scale, pad = 1.1 * text, head = 1.9 * text; // a panel's name
  w *= scale;
  h *= scale;
  const p = { text, labels: [] };
  const whole = { x: pad, y: pad * 0.7, w: w - 2 * pad, h: h - 1.7 * pad };
  const pictures = c.digits || c.reconstructions, images = pictures || c.prior, sides = c.code || c.simplex, wide = w > Math.max(0.9 * h, 26 * text);
  let main = { ...whole }, rest = { ...whole };
  if (!images) main = { x: 0, y: 0, w: 0, h: 0 };
  else if (sides && wide) {
    main.w = Math.floor(0.6 * (whole.w - 2 * pad));
    rest.x = main.x + main.w + 2 * pad;
    rest.w = whole.w - main.w - 2 * pad;
  } else if (sides) {
    main.h = Math.floor(0.6 * (whole.h - pad));
    rest.y = main.y + main.h + pad;
    rest.h = whole.h - main.h - pad;
  }
  const bundle = c.digits === c.reconstructions ? 2 : 1;
  const gap = Math.max(1, Math.round(main.w / 250));
  const body = (r) => ({ x: r.x, y: r.y + head, w: r.w, h: Math.max(1, r.h - head) });
  const shift = bundle === 2 ? 1.1 * text : 0; // room for the marks before the rows
  const more = bundle === 2 && main.w < 14 * text ? 1.4 * text : 0; // if two names do not fit on one line
  const inner = (r) => {
    const b = body(r);
    return { x: b.x + shift, y: b.y + more, w: b.w - shift, h: Math.max(1, b.h - more) };
  };
  if (pictures && c.prior) {
    let best = -1;
    for (let share = 0.2; share < 0.81; share += 0.02) {
      const top = { ...main, h: Math.floor((main.h - 0.6 * pad) * share) };
      const low = { ...main, y: main.y + top.h + 0.6 * pad, h: main.h - 0.6 * pad - top.h };
      const [a, ofA] = fit(c.pairs, bundle, inner(top), gap), [b, ofB] = fit(c.priors, 1, body(low), gap);
      const score = Math.min(ofA, 1.6 * ofB) + 0.1 * (ofA + ofB);
      if (score > best) {
        best = score;
        Object.assign(p, { pairs: top, prior: low, images: a, priors: b });
      }
    }
    // The prior's name follows the pairs closely.
    const rows = Math.floor((c.pairs + p.images.columns - 1) / p.images.columns);
    const last = imageAt(p.images, (rows - 1) * p.images.columns, bundle - 1);
    const up = Math.max(0, p.pairs.y + p.pairs.h - (last.y + last.h) - 0.3 * pad);
    p.prior.y -= up;
    p.prior.h += up;
    [p.priors] = fit(c.priors, 1, body(p.prior), gap);
  } else if (pictures) {
    p.pairs = main;
    [p.images] = fit(c.pairs, bundle, inner(main), gap);
  } else if (c.prior) {
    p.prior = main;
    [p.priors] = fit(c.priors, 1, body(main), gap);
  }
  let code = null, simplex = null;
  if (c.code && c.simplex && (wide || (!images && rest.h > rest.w))) {
    const high = Math.floor((rest.h - pad) * 0.52);
    code = { ...rest, h: high };
    simplex = { ...rest, y: rest.y + high + pad, h: rest.h - high - pad };
  } else if (c.code && c.simplex) {
    const half = Math.floor((rest.w - 2 * pad) / 2);
    code = { ...rest, w: half };
    simplex = { ...rest, x: rest.x + half + 2 * pad, w: half };
  } else if (c.code) code = rest;
  else if (c.simplex) simplex = rest;

  const name = (what, mark, anchor, x, r) => p.labels.push({ name: what, mark, anchor, x, y: r.y + head / 2 });
  if (c.digits) name("digits", "ring", "left", p.pairs.x, p.pairs);
  if (c.reconstructions && (!c.digits || more)) name("reconstructions", "diamond", "left", p.pairs.x, { y: p.pairs.y + more });
  else if (c.reconstructions) name("reconstructions", "diamond", "right", p.pairs.x + Math.max(p.images.columns * (p.images.side + gap) - gap + shift, 14 * text), p.pairs);
  if (c.prior) name("prior", "diamond", "left", p.prior.x, p.prior);
  if (code) name("code", "", "left", code.x, code);
  if (simplex) name("simplex", "", "left", simplex.x, simplex);
  const outer = (r) => {
    const x = Math.floor(r.x), y = Math.floor(r.y);
    return { x, y, w: Math.ceil(r.x + r.w) - x, h: Math.ceil(r.y + r.h) - y };
  };
  if (code) p.code = outer(body(code));
  if (simplex) p.simplex = outer(body(simplex));
  if (simplex && simplex.w < 8 * text) { // the temperature is below the name
    p.simplex.y += Math.floor(1.4 * text);
    p.simplex.h = Math.max(1, p.simplex.h - Math.floor(1.4 * text));
  }
  return p;
}

// placeCompletions lays out rows digits, in a row each what is named: "given", "truth",
// "mean" and draws "samples". It returns the columns [{name, k, places}], k the
// sample's number and places a square for each digit, and labels as the stage's. Where
// that is larger the rows stand in several blocks beside each other.
export function placeCompletions(w, h, scale, large, names, rows, draws) {
  const text = textSize(w, h, large) * scale, pad = 0.8 * text;
  let head = 1.7 * text;
  const gap = Math.max(1, Math.round((w * scale) / 400)), apart = Math.round(0.5 * text);
  w *= scale;
  h *= scale;
  const wide = names.reduce((n, name) => n + (name === "samples" ? draws : 1), 0), groups = names.length;
  const p = { text, columns: [], labels: [] };
  if (!wide) return p;
  const inside = (wide - groups) * gap + (groups - 1) * apart; // of a block
  const fit = () => {
    let side = -Infinity, blocks = 1;
    for (let b = 1; b <= rows; b++) {
      const down = Math.ceil(rows / b);
      const now = Math.min((w - 2 * pad - b * inside - (b - 1) * 2 * text) / (b * wide), (h - pad - head - (down - 1) * gap) / down);
      if (now > side * 1.001) [side, blocks] = [now, b];
    }
    return [side, blocks];
  };
  let [side, blocks] = fit(), lift = 0; // raises every other name if they would overlap on one line
  if (side < 2.8 * text) {
    lift = 0.65 * text;
    head += 2 * lift;
    [side, blocks] = fit();
  }
  side = Math.max(2, 2 * Math.floor(side / 2)); // whose half is whole
  const down = Math.ceil(rows / blocks), block = wide * side + inside;
  const left = Math.floor((w - blocks * block - (blocks - 1) * 2 * text) / 2), top = Math.floor(head + Math.max(0, h - pad - head - down * side - (down - 1) * gap) / 2);
  let x = 0;
  for (const name of names) {
    const n = name === "samples" ? draws : 1, span = n * side + (n - 1) * gap;
    for (let k = 0; k < n; k++) {
      p.columns.push({ name, k, places: Array.from({ length: rows }, (_, i) => ({
        x: left + Math.floor(i / down) * Math.floor(block + 2 * text) + x + k * (side + gap), y: top + (i % down) * (side + gap), w: side, h: side,
      })) });
    }
    for (let b = 0; b < blocks; b++) p.labels.push({ name, x: left + b * Math.floor(block + 2 * text) + x + span / 2, y: top - head / 2 - lift });
    lift = -lift;
    x += span + apart;
  }
  return p;
}

// placeGuesses lays out n digits in r, each with its chances and its class below it. It
// returns their squares, a whole number wide, with what is below them.
function placeGuesses(n, r, text, gap) {
  let side = -Infinity, columns = 1;
  for (let c = 1; c <= n; c++) {
    const down = Math.ceil(n / c);
    const now = Math.min((r.w - (c - 1) * 3 * gap) / c, ((r.h - (down - 1) * gap) / down - 1.9 * text) / 1.4);
    if (now > side * 1.001) [side, columns] = [now, c];
  }
  side = Math.max(2, Math.floor(side));
  const down = Math.ceil(n / columns), words = Math.round(1.9 * text);
  const bars = Math.round(Math.max(0.4 * side, Math.min((r.h - (down - 1) * gap) / down - side - words, side))), high = side + bars + words;
  const left = Math.floor(r.x + (r.w - columns * side - (columns - 1) * 3 * gap) / 2), slack = Math.max(0, Math.min(Math.floor((r.h - down * high) / down), Math.round(text)));
  return {
    side, bars, high,
    places: Array.from({ length: n }, (_, i) => ({ x: left + (i % columns) * (side + 3 * gap), y: Math.floor(r.y) + Math.floor(i / columns) * (high + slack), w: side, h: side })),
  };
}

// placeClasses lays out semi mode. c says what there is: analogies, guesses (bool), rows
// of analogies, classes, and digits to guess. It returns the squares of analogies,
// row by row, those of digits, and labels as the stage's, whose words are as they are
// where they have words.
export function placeClasses(w, h, scale, large, c) {
  const text = textSize(w, h, large) * scale, pad = 0.8 * text, head = 1.7 * text, numbers = 1.3 * text;
  const gap = Math.max(1, Math.round((w * scale) / 400)), apart = Math.round(0.5 * text);
  w *= scale;
  h *= scale;
  const p = { text, analogies: [], guesses: null, labels: [] };
  const whole = { x: pad, y: 0, w: w - 2 * pad, h: h - pad };
  const size = (r) => Math.max(2, Math.floor(Math.min((r.w - apart - (c.classes - 1) * gap) / (c.classes + 1), (r.h - head - numbers - (c.rows - 1) * gap) / c.rows)));
  const below = (r) => ({ ...r, y: r.y + head, h: r.h - head });
  let first = whole, second = whole;
  if (c.analogies && c.guesses) {
    let best = -Infinity;
    for (const across of [false, true]) {
      for (let share = 0.3; share < 0.9; share += 0.01) {
        const long = Math.floor((across ? whole.w - 2 * pad : whole.h) * share);
        const a = across ? { ...whole, w: long } : { ...whole, h: long };
        const b = across ? { ...whole, x: whole.x + long + 2 * pad, w: whole.w - long - 2 * pad } : { ...whole, y: long, h: whole.h - long };
        const [large, small] = [size(a), placeGuesses(c.digits, below(b), text, gap).side], now = Math.min(large, 1.6 * small) + 0.1 * (large + small);
        if (now > best * 1.001) [best, first, second] = [now, a, b];
      }
    }
  }
  if (c.analogies) {
    const side = size(first), wide = (c.classes + 1) * side + apart + (c.classes - 1) * gap;
    const left = Math.floor(first.x + (first.w - wide) / 2), top = Math.floor(first.y + head + numbers);
    for (let i = 0; i < c.rows; i++) {
      p.analogies.push(Array.from({ length: c.classes + 1 }, (_, k) => ({ x: left + k * side + (k ? apart + (k - 1) * gap : 0), y: top + i * (side + gap), w: side, h: side })));
    }
    p.labels.push({ name: "analogies", anchor: "left", x: left, y: first.y + head / 2 });
    for (let k = 0; k < c.classes; k++) p.labels.push({ words: String(k), anchor: "middle", x: p.analogies[0][k + 1].x + side / 2, y: top - 0.6 * text });
  }
  if (c.guesses) {
    p.guesses = placeGuesses(c.digits, below(second), text, gap);
    p.labels.push({ name: "guesses", anchor: "left", x: p.guesses.places[0].x, y: second.y + head / 2 });
  }
  return p;
}

// outline draws inside a rectangle's edge.
export function outline(target, { x, y, w, h }, width, stroke) {
  for (const r of [{ x, y, w, h: width }, { x, y: y + h - width, w, h: width },
    { x, y: y + width, w: width, h: h - 2 * width }, { x: x + w - width, y: y + width, w: width, h: h - 2 * width }]) target.box(r, stroke);
}

// placeCode returns the cells' size and the gap between them, of a code in r.
export function placeCode(r, rows, columns) {
  const w = Math.min(r.w / columns, (2.4 * r.h) / rows), h = Math.min(r.h / rows, 1.2 * w);
  return { w, h, gap: Math.round(Math.min(w, h) / 10) };
}

// placeSamples lays out runs that generate images. c says what there is: fake, real
// (bool), runs, samples of each, and reals. It returns the squares fakes of each run,
// and reals in two columns to their right or two rows below, whichever makes all larger,
// and labels as the stage's, whose words are as they are where they have words.
export function placeSamples(w, h, scale, large, c, titles) {
  const text = textSize(w, h, large) * scale, pad = 0.8 * text, head = 1.7 * text, apart = Math.round(1.2 * text);
  const gap = Math.max(1, Math.round((w * scale) / 400)), thick = 2;
  w *= scale;
  h *= scale;
  const p = { text, fakes: [], reals: [], labels: [] };
  if (!c.fake && !c.real) return p;
  const [blocks, each, strip] = c.fake ? [c.runs, c.samples, c.real] : [1, c.reals, false];
  const columns = Math.ceil(Math.sqrt(each)), rows = Math.ceil(each / columns);
  let side = -Infinity, across = 1, below = false;
  for (let a = 1; a <= blocks; a++) for (const low of [false, true]) {
    const down = Math.ceil(blocks / a);
    const [x, y, partsX, partsY] = [a * columns + (strip && !low ? thick : 0), down * rows + (strip && low ? thick : 0), a + (strip && !low), down + (strip && low)];
    const now = Math.min((w - 2 * pad - (x - partsX) * gap - (partsX - 1) * apart) / x, (h - pad - partsY * head - (y - partsY) * gap) / y);
    if (now > side * 1.001) [side, across, below] = [now, a, low];
  }
  side = Math.max(2, Math.floor(side));
  const down = Math.ceil(blocks / across), wide = columns * (side + gap) - gap, high = rows * (side + gap) - gap, long = thick * (side + gap) - gap;
  const totalX = across * (wide + apart) - apart + (strip && !below ? apart + long : 0), totalY = down * (high + head) + (strip && below ? head + long : 0);
  const left = Math.floor((w - totalX) / 2), top = Math.floor(Math.max(0, h - pad - totalY) / 2 + head);
  const grid = (n, columns, x, y) => Array.from({ length: n }, (_, i) => ({ x: x + (i % columns) * (side + gap), y: y + Math.floor(i / columns) * (side + gap), w: side, h: side }));
  const next = (i) => Math.floor(i * (high + head));
  if (c.fake) {
    for (let run = 0; run < blocks; run++) {
      const x = left + (run % across) * (wide + apart), y = top + next(Math.floor(run / across));
      p.fakes.push(grid(each, columns, x, y));
      const words = blocks > 1 ? titles[run] : undefined;
      if (words !== undefined) p.labels.push({ words, x: x + wide / 2, y: y - head / 2, size: Math.max(0.72 * text, large ? leastLarge * scale : 0, Math.min(text, wide / (0.58 * [...words].length))) });
      else p.labels.push({ name: "fake", x, y: y - head / 2, size: text });
    }
  }
  if (c.real) {
    const [x, y, n] = strip && below ? [left, top + next(down), Math.ceil(c.reals / thick)] : strip ? [left + across * (wide + apart), top, thick] : [left, top, columns];
    p.reals = grid(c.reals, n, x, y);
    p.labels.push({ name: "real", x, y: y - head / 2, size: text });
  }
  return p;
}

// Tests of the pictures without WebGL and of what is exported; "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";
import { blend, fade, heatColour } from "./draw/colours.js";
import { contours, isolines, refine, simplify, ticks } from "./draw/field.js";
import { imageAt, placeClasses, placeCompletions, placePanels, placePlanes, placeSamples } from "./draw/layout.js";
import { placeParts } from "./draw/parts.js";
import { Picture } from "./draw/picture.js";
import { fileName, metricsCSV, samplesCSV } from "./export.js";

const lattice = (n, f) => Float64Array.from({ length: n * n }, (_, i) => f(i % n, Math.floor(i / n)));
const pairs = (line) => Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i], line[2 * i + 1]]);
const closed = (line) => line.length > 4 && line[0] === line.at(-2) && line[1] === line.at(-1);

// noise is a field without pattern, the same each time.
function noise(n, seed) {
  let state = seed;
  return lattice(n, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

test("marching squares: a bowl's level is one ring, a slope's one straight line", () => {
  const n = 41, rings = isolines(lattice(n, (x, y) => Math.hypot(x - 20, y - 20)), n, [12.3])[0];
  assert.equal(rings.length, 1);
  assert.ok(closed(rings[0]));
  for (const [x, y] of pairs(rings[0])) assert.ok(Math.abs(Math.hypot(x - 20, y - 20) - 12.3) < 0.01);
  const around = pairs(rings[0]).reduce((sum, [x, y], i, all) => sum + (i ? Math.hypot(x - all[i - 1][0], y - all[i - 1][1]) : 0), 0);
  assert.ok(Math.abs(around - 2 * Math.PI * 12.3) < 0.3);

  const lines = isolines(lattice(n, (x, y) => 2 * x - y), n, [11.5])[0];
  assert.equal(lines.length, 1);
  assert.ok(!closed(lines[0]));
  assert.equal(simplify(lines[0], 1e-6).length, 4);
});

test("marching squares: every edge that is crossed is on one line, once", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const n = 24, field = noise(n, seed), level = 0.3 + 0.1 * seed;
    let crossed = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
      const above = field[i * n + j] >= level;
      if (j + 1 < n && above !== field[i * n + j + 1] >= level) crossed++;
      if (i + 1 < n && above !== field[(i + 1) * n + j] >= level) crossed++;
    }
    const seen = new Set();
    let points = 0;
    for (const line of isolines(field, n, [0.1, level, 0.95])[1]) {
      const all = pairs(closed(line) ? line.slice(0, -2) : line);
      points += all.length;
      for (const [x, y] of all) {
        seen.add(`${x},${y}`);
        const x0 = Math.floor(x), y0 = Math.floor(y), a = field[y0 * n + x0], t = x - x0 || y - y0;
        const b = field[x > x0 ? y0 * n + x0 + 1 : y > y0 ? (y0 + 1) * n + x0 : y0 * n + x0];
        assert.ok(Math.abs(a + t * (b - a) - level) < 1e-9);
      }
      const ends = [all[0], all.at(-1)];
      if (!closed(line)) for (const [x, y] of ends) assert.ok(x === 0 || y === 0 || x === n - 1 || y === n - 1, "an open line ends on the rim");
      all.forEach(([x, y], i) => i && assert.ok(Math.hypot(x - all[i - 1][0], y - all[i - 1][1]) <= Math.SQRT2 + 1e-9));
    }
    assert.equal(points, crossed);
    assert.equal(seen.size, crossed);
  }
});

test("simplified, a line is nowhere farther than it may be, and keeps its ends", () => {
  const line = [];
  for (let i = 0; i <= 400; i++) line.push(i / 40, Math.sin(i / 40) + 0.01 * Math.sin(i));
  const short = simplify(line, 0.05);
  assert.ok(short.length < line.length / 8);
  assert.deepEqual([...short.slice(0, 2), ...short.slice(-2)], [...line.slice(0, 2), ...line.slice(-2)]);
  for (const [x, y] of pairs(line)) {
    const away = pairs(short).slice(1).map(([x1, y1], i) => {
      const [x0, y0] = pairs(short)[i], dx = x1 - x0, dy = y1 - y0, t = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
      return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
    });
    assert.ok(Math.min(...away) <= 0.05 + 1e-9);
  }
});

test("a refined field keeps its numbers and straight slopes, and what is not finite is bounded", () => {
  const n = 6, factor = 3, m = (n - 1) * factor + 1, rough = noise(n, 7), fine = refine(rough, n, factor);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) assert.equal(fine[i * factor * m + j * factor], rough[i * n + j]);
  const slope = refine(lattice(n, (x, y) => 3 * x - y), n, factor);
  slope.forEach((v, k) => assert.ok(Math.abs(v - (3 * (k % m) - Math.floor(k / m)) / factor) < 1e-9));
  assert.deepEqual([...refine([NaN, 1, Infinity, -2], 2, 1)], [-2, 1, 1, -2]);
});

test("contour levels are few, even and round, and go through the base", () => {
  const field = lattice(20, (x, y) => 0.37 * x + y * y), { levels, step, bold } = contours(field);
  assert.ok(levels.length > 5 && levels.length <= 11 && bold >= 0);
  levels.forEach((v, i) => i && assert.ok(Math.abs(v - levels[i - 1] - step) < 1e-9));
  assert.ok(Math.abs(levels[bold] - field.toSorted()[200]) < 1e-12);
  assert.equal(contours(field.map((v) => v - 100), 0).levels.find((v) => v === 0), 0);
  assert.deepEqual(contours(new Float32Array(16)).levels, []);
  assert.deepEqual(ticks(2), [-2, -1, 0, 1, 2]);
});

test("colours", () => {
  assert.equal(blend("#000000", "#ff8000", 0.5), "#804000");
  assert.equal(fade(fade("#123456", 0.5), 0.5), "#12345640");
  assert.deepEqual([-1, 0, 1, 2].map(heatColour), ["#00224e", "#00224e", "#fee838", "#fee838"]);
});

test("planes are of one size, apart, and within the picture", () => {
  for (const large of [false, true]) for (const [w, h] of [[360, 360], [800, 500], [500, 900], [1600, 900]]) {
    for (const n of [1, 2, 3, 6]) {
      for (const bar of [false, true]) {
        const planes = placePlanes(w, h, 2, large, Array(n).fill(3), true, bar);
        for (const [i, { plot, ...p }] of planes.entries()) {
          assert.ok(plot.w > 20 && plot.w === planes[0].plot.w && plot.h === planes[0].plot.h, `${w}x${h} ${n} ${plot.w}`);
          assert.ok(plot.x >= 0 && plot.y >= 0 && plot.x + plot.w <= 2 * w && plot.y + plot.h <= 2 * h);
          for (const { plot: other } of planes.slice(0, i)) {
            assert.ok(plot.x >= other.x + other.w || other.x >= plot.x + plot.w || plot.y >= other.y + other.h || other.y >= plot.y + plot.h);
          }
          const [x, y] = p.back(p.x(1.25), p.y(-2));
          assert.ok(Math.abs(x - 1.25) < 1e-9 && Math.abs(y + 2) < 1e-9);
        }
        const { bar: at } = planes[0];
        if (bar && at) assert.ok(at.x > Math.max(...planes.map((p) => p.plot.x + p.plot.w)) && at.x + at.w < 2 * w);
      }
    }
  }
});

test("panels hold all images, within the picture", () => {
  for (const large of [false, true]) for (const [w, h] of [[360, 360], [900, 500], [400, 900]]) {
    const p = placePanels(w, h, 1, large, { digits: true, reconstructions: true, prior: true, code: true, simplex: true, pairs: 16, priors: 64 });
    for (const r of [imageAt(p.images, 15, 1), imageAt(p.priors, 63, 0), p.code, p.simplex]) {
      assert.ok(r.x > 0 && r.y > 0 && r.w > 4 && r.x + r.w <= w && r.y + r.h <= h, `${w}x${h} ${JSON.stringify(r)}`);
    }
  }
});

test("completions lie apart within the picture, whatever its shape, and are large", () => {
  const all = ["given", "truth", "mean", "samples"];
  for (const large of [false, true]) for (const [w, h] of [[360, 360], [900, 500], [1600, 300], [400, 900]]) {
    for (const names of [all, ["samples"], ["truth", "mean"], []]) {
      const p = placeCompletions(w, h, 2, large, names, 8, 6), squares = p.columns.flatMap((c) => c.places);
      assert.equal(squares.length, 8 * names.reduce((n, name) => n + (name === "samples" ? 6 : 1), 0));
      squares.forEach((r, i) => {
        assert.ok(r.x >= 0 && r.y >= 0 && r.w === r.h && r.w % 2 === 0 && r.x + r.w <= 2 * w && r.y + r.h <= 2 * h, `${w}x${h} ${names} ${JSON.stringify(r)}`);
        for (const o of squares.slice(0, i)) assert.ok(r.x >= o.x + o.w || o.x >= r.x + r.w || r.y >= o.y + o.h || o.y >= r.y + r.h);
      });
      const ink = squares.reduce((sum, r) => sum + r.w * r.h, 0) / (4 * w * h);
      if (names === all) assert.ok(ink > (large ? 0.25 : 0.3), `${w}x${h}: ${ink}`);
    }
  }
});

test("analogies and guesses lie apart within the picture, whatever its shape", () => {
  for (const large of [false, true]) for (const [w, h] of [[360, 360], [900, 500], [1280, 720], [700, 260], [400, 900]]) {
    for (const on of [{ analogies: true, guesses: true }, { analogies: true }, { guesses: true }, {}]) {
      const p = placeClasses(w, h, 2, large, { ...on, rows: 8, classes: 10, digits: 16 });
      const all = [...p.analogies.flat(), ...(p.guesses?.places ?? []).map((r) => ({ ...r, h: p.guesses.high }))];
      assert.equal(all.length, (on.analogies ? 88 : 0) + (on.guesses ? 16 : 0));
      all.forEach((r, i) => {
        assert.ok(r.x >= 0 && r.y >= 0 && r.w >= 20 && r.x + r.w <= 2 * w && r.y + r.h <= 2 * h, `${w}x${h} ${JSON.stringify([on, r])}`);
        for (const o of all.slice(0, i)) assert.ok(r.x >= o.x + o.w || o.x >= r.x + r.w || r.y >= o.y + o.h || o.y >= r.y + r.h, `${w}x${h} ${JSON.stringify([on, r, o])}`);
      });
    }
  }
});

// elements parses XML strictly, and returns [name, attributes] of each element.
function elements(text) {
  const open = [], all = [];
  let at = 0, roots = 0;
  const token = /<\?xml[^>]*\?>|<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<>]+)/gy;
  while (at < text.length) {
    token.lastIndex = at;
    const m = token.exec(text);
    assert.ok(m, `no XML: ${text.slice(at, at + 80)}`);
    at = token.lastIndex;
    const [whole, end, name, attributes, empty, words] = m;
    assert.ok(!/&(?!(amp|lt|gt|quot|#\d+);)/.test(whole), `a bare ampersand: ${whole}`);
    if (words !== undefined) assert.ok(open.length || !words.trim());
    else if (end) assert.equal(open.pop(), name);
    else if (name) {
      if (!open.length) roots++;
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
      assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length, `an attribute twice: ${whole}`);
      all.push([name, Object.fromEntries(pairs), open.join("/")]);
      if (!empty) open.push(name);
    }
  }
  assert.deepEqual([open, roots], [[], 1]);
  return all;
}

const tensor = (shape, f) => ({ shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => f(i)) });
const side = 24, place = (i) => -2 + (4 * i) / (side - 1);
const toy = (shift = 0) => ({
  view: tensor([1], () => 2), real: tensor([40, 2], (i) => Math.sin(i + shift)), fake: tensor([50, 2], (i) => Math.cos(3 * i + shift)),
  critic: tensor([side, side], (i) => Math.sin(place(i % side) + shift) * place(Math.floor(i / side))), slope: tensor([side, side], (i) => Math.exp(Math.sin(i / 30))),
  modes: tensor([8, 2], (i) => Math.cos(i)), warp: tensor([5, 5, 2], (i) => (i === 7 ? NaN : Math.sin(i))), descent: tensor([50, 2], (i) => Math.sin(i)),
  "batch-real": tensor([9, 2], (i) => Math.sin(i)), "batch-fake": tensor([9, 2], (i) => Math.cos(i)), "batch-mix": tensor([9, 2], (i) => 0.5 * Math.cos(i)),
  "batch-noise": tensor([9, 2], (i) => Math.sin(5 * i)), "batch-slope": tensor([9], (i) => i / 4),
});
const everything = Object.fromEntries(["real", "fake", "contours", "labels", "slope", "warp", "descent", "segments", "batch", "noise", "handles", "difference"].map((name) => [name, true]));
const encode = () => "data:image/png;base64,";

test("SVG is XML with a mark for each point, whatever is said in it, and no number that is none", () => {
  for (const dark of [false, true]) {
    for (const layers of [{}, everything]) {
      const picture = new Picture();
      picture.hear({ cmd: "theme", dark });
      picture.hear({ cmd: "layers", layers });
      picture.hear({ cmd: "titles", titles: ['clip <0.01> & "more"', "λ = 10"] });
      picture.hear({ cmd: "frame", step: 3, runs: [toy(), toy(1)] });
      picture.hear({ cmd: "ghost", points: Float32Array.from([0, 0, 1, 1]) });
      picture.hear({ cmd: "slice", from: [-1, 0], to: [1, 1] });
      picture.hear({ cmd: "probe", x: 0.5, y: 0.5 });
      const svg = picture.svg(800, 500, "a < b & c", { encode }), all = elements(svg);
      assert.ok(!/NaN|Infinity|undefined|null/.test(svg));
      assert.ok(svg.includes("clip &lt;0.01&gt; &amp; &quot;more&quot;"));
      const group = (name) => svg.split(`<g class="${name}">`).slice(1).map((part) => part.split("</g>")[0].match(/<use /g).length);
      assert.deepEqual(group("fake"), [50, 50]);
      assert.deepEqual(group("real"), [40, 40]);
      assert.equal(all.filter(([name]) => name === "image").length, layers.slope ? 3 : 0); // two gradients, and what is below 0
      const planes = svg.match(/<g class="plane"/g).length;
      assert.equal(planes, layers.difference ? 3 : 2);
      for (const [name, a] of all) {
        if (name === "path") assert.match(a.d, /^M[\dMLaZ. -]*$/);
        for (const key of ["fill", "stroke"]) if (key in a) assert.match(a[key], /^(none|#[0-9a-f]{6})$/);
      }
      const ids = all.flatMap(([, a]) => (a.id ? [a.id] : []));
      assert.equal(new Set(ids).size, ids.length);
      for (const [, used] of svg.matchAll(/(?:href="|url\()#(\w+)/g)) assert.ok(ids.includes(used));
    }
  }
});

test("a digit is drawn once of each kind, and a cell of the code is found again", () => {
  const picture = new Picture();
  picture.hear({ cmd: "mode", mode: "gumbel" });
  elements(picture.svg(600, 600, "empty", { encode }));
  const image = (n) => tensor([n, 28, 28], (i) => (i % 7) / 6);
  picture.hear({ cmd: "frame", step: 1, runs: [{
    digits: image(16), reconstructions: image(16), prior: image(64), code: tensor([10, 10], (i) => (i % 11 ? 0 : 1)),
    simplex: tensor([30, 3], () => 1 / 3), chances: tensor([3], () => 1 / 3), temperature: tensor([1], () => 0.5),
  }] });
  picture.hear({ cmd: "select", row: 3, column: 4 });
  const all = elements(picture.svg(600, 600, "digits", { encode }));
  assert.equal(all.filter(([name]) => name === "image").length, 16 + 16 + 64);
  const found = new Set();
  for (let x = 0; x < 600; x += 3) for (let y = 0; y < 600; y += 3) {
    const at = picture.at(x, y);
    if (at) found.add(`${at.row} ${at.column}`);
  }
  assert.equal(found.size, 100);
});

test("every completion is drawn, above and below the line, and its digit is found again", () => {
  const picture = new Picture();
  picture.hear({ cmd: "mode", mode: "sop" });
  elements(picture.svg(600, 600, "empty", { encode }));
  const sheets = [];
  const frame = { digits: tensor([8, 28, 28], () => 1), mean: tensor([8, 28, 28], () => 1), completions: tensor([8, 6, 28, 28], () => 1) };
  picture.hear({ cmd: "frame", step: 1, runs: [frame] });
  const all = elements(picture.svg(600, 600, "halves", { encode: (pixels, width) => {
    sheets.push([pixels.length / 4 / width, [...pixels.slice(0, 3)].join(), [...pixels.slice(-4, -1)].join()]);
    return "data:image/png;base64,";
  } }));
  assert.equal(all.filter(([name]) => name === "image").length, 8 * 9);
  const kinds = sheets.map(String), ink = "32,38,46", made = "0,114,178";
  assert.equal(kinds.filter((k) => k === `14,${ink},${ink}`).length, 8, "upper halves");
  assert.equal(kinds.filter((k) => k === `28,${ink},${ink}`).length, 8, "true digits");
  assert.equal(kinds.filter((k) => k === `28,${ink},${made}`).length, 8 * 7, "means and completions");
  const found = new Set();
  for (let x = 0; x < 600; x += 3) for (let y = 0; y < 600; y += 3) {
    const at = picture.at(x, y);
    if (at) found.add(`${at.row} ${at.column}`);
  }
  assert.equal(found.size, 8 * 9);
  picture.hear({ cmd: "layers", layers: { samples: false, given: false } });
  assert.equal(elements(picture.svg(600, 600, "few", { encode })).filter(([name]) => name === "image").length, 16);
});

test("all samples of one run or two are drawn beside real digits, and are found again", () => {
  for (const runs of [1, 2]) {
    const picture = new Picture();
    picture.hear({ cmd: "mode", mode: "samples" });
    picture.hear({ cmd: "titles", titles: ["A: penalty", "B: clipping"] });
    elements(picture.svg(600, 600, "empty", { encode }));
    const frame = { samples: tensor([100, 28, 28, 1], () => 1), real: tensor([20, 28, 28, 1], () => 1) }, inks = [];
    picture.hear({ cmd: "frame", step: 1, runs: Array(runs).fill(frame) });
    const svg = picture.svg(600, 600, "samples", { encode: (pixels) => {
      inks.push([...pixels.slice(0, 3)].join());
      return "data:image/png;base64,";
    } });
    assert.equal(elements(svg).filter(([name]) => name === "image").length, 64 * runs + 16);
    assert.equal(inks.filter((k) => k === "32,38,46").length, 16, "real digits");
    assert.equal(inks.filter((k) => k === "0,114,178").length, 64 * runs, "generated digits");
    assert.equal(svg.includes(">B: clipping</text>"), runs === 2);
    const found = new Set();
    for (let x = 0; x < 600; x += 3) for (let y = 0; y < 600; y += 3) {
      const at = picture.at(x, y);
      if (at) found.add(`${at.row} ${at.column}`);
    }
    assert.equal(found.size, 64 * runs);
    picture.hear({ cmd: "layers", layers: { fake: false } });
    assert.equal(elements(picture.svg(600, 600, "real", { encode })).filter(([name]) => name === "image").length, 16);
  }
});

test("samples and real digits lie apart within the picture, whatever its shape", () => {
  for (const [w, h, scale] of [[800, 600, 1], [400, 400, 2], [390, 700, 3], [1600, 300, 1], [300, 1600, 1.5], [1920, 1080, 1]]) for (const large of [false, true]) for (const runs of [1, 2, 3]) {
    const p = placeSamples(w, h, scale, large, { fake: true, real: true, runs, samples: 64, reals: 16 }, []), all = [...p.fakes.flat(), ...p.reals];
    assert.equal(all.length, 64 * runs + 16);
    all.forEach((r, i) => {
      assert.ok(r.x >= 0 && r.y >= 0 && r.x + r.w <= w * scale && r.y + r.h <= h * scale && r.w >= 8, `${w} ${h} ${JSON.stringify(r)}`);
      for (const q of all.slice(0, i)) assert.ok(r.x + r.w <= q.x || q.x + q.w <= r.x || r.y + r.h <= q.y || q.y + q.h <= r.y);
    });
  }
});

test("a class is drawn with its chances, a wrong one otherwise, and its digit is found again", () => {
  const picture = new Picture();
  picture.hear({ cmd: "mode", mode: "semi" });
  elements(picture.svg(600, 600, "empty", { encode }));
  const frame = (wrong) => ({
    digits: tensor([16, 28, 28], () => 1), analogies: tensor([8, 11, 28, 28], () => 1), classes: tensor([16, 10], (i) => (i % 10 === 3 ? 0.55 : 0.05)),
    labels: tensor([16], (i) => (i === wrong ? 4 : 3)),
  });
  const svg = (wrong) => {
    picture.hear({ cmd: "frame", step: 1, runs: [frame(wrong)] });
    return picture.svg(600, 600, "classes", { encode });
  };
  const right = svg(-1), all = elements(right);
  assert.equal(all.filter(([name]) => name === "image").length, 16 + 8 * 11);
  assert.equal(right.split(">3</text>").length - 1, 17);
  assert.ok(!right.includes("#b8236f") && svg(9).includes("#b8236f"));
  const found = new Set();
  for (let x = 0; x < 600; x += 3) for (let y = 0; y < 600; y += 3) {
    const at = picture.at(x, y);
    if (at) found.add(at.row);
  }
  assert.equal(found.size, 16);
});

test("a categorical is drawn, and its bars are found", () => {
  const picture = new Picture();
  picture.hear({ cmd: "mode", mode: "categorical" });
  elements(picture.svg(800, 500, "empty", { encode }));
  const three = (...v) => tensor([3], (i) => v[i]);
  picture.hear({ cmd: "frame", step: 0, runs: [{
    logits: three(1, 0, -2), noise: three(0.3, 2, -1), perturbed: three(1, 2, 3), sample: three(0.2, 0.7, 0.1), hard: three(0, 1, 0),
    cloud: tensor([60, 3], () => 1 / 3), chances: three(0.5, 0.3, 0.2), counts: three(5, 3, 2), temperature: tensor([1], () => 0.7),
  }] });
  elements(picture.svg(800, 500, "three", { encode }));
  const at = [0, 1, 2].map((bar) => {
    const values = [];
    for (let x = 0; x < 800; x += 5) for (let y = 0; y < 500; y += 5) if (picture.at(x, y)?.bar === bar) values.push(picture.at(x, y).value);
    return [Math.min(...values), Math.max(...values)];
  });
  assert.deepEqual(at, [[-6, 6], [-6, 6], [-6, 6]]);
  assert.deepEqual(picture.at(5000, 5000, { bar: 1 }), { bar: 1, value: 6 }); // held, it is kept to
});

// The same places as in render/stage's TestPartsPlaced.
test("runs that are drawn by themselves have parts of the picture, as the stage places them", () => {
  for (const [w, h, scale, n, want] of [
    [820, 400, 1, 2, [[0, 19, 410, 381], [410, 19, 410, 381]]],
    [390, 700, 2, 2, [[0, 19, 390, 331], [0, 369, 390, 331]]],
    [901, 620, 2, 6, [[0, 27, 300.3333, 283], [300.5, 27, 300.3333, 283], [600.5, 27, 300.3333, 283], [0, 337, 300.3333, 283], [300.5, 337, 300.3333, 283], [600.5, 337, 300.3333, 283]]],
    [500, 400, 1, 1, [[0, 0, 500, 400]]],
  ]) {
    const all = placeParts(w, h, scale, false, n);
    assert.equal(all.length, n);
    all.forEach((at, i) => [at.x, at.y, at.w, at.h].forEach((v, k) => assert.ok(Math.abs(v - want[i][k]) < 1e-3, `${w}x${h}, ${n}: part ${i} is ${JSON.stringify(at)}, want ${want[i]}`)));
  }
});

test("of every run there is a picture with its title, and what is pointed at is in its own", () => {
  const image = (n, v) => tensor([n, 28, 28], () => v), three = (...v) => tensor([3], (i) => v[i]);
  const choice = (v) => ({
    logits: three(v, 0, -2), noise: three(0.3, 2, -1), perturbed: three(1, 2, 3), sample: three(0.2, 0.7, 0.1), hard: three(0, 1, 0),
    cloud: tensor([60, 3], () => 1 / 3), chances: three(0.5, 0.3, 0.2), counts: three(5, 3, 2), temperature: tensor([1], () => 0.7),
  });
  const code = (v) => ({
    digits: image(16, v), reconstructions: image(16, v), prior: image(64, v), code: tensor([10, 10], (i) => (i % 11 ? 0 : 1)),
    simplex: tensor([30, 3], () => 1 / 3), chances: tensor([3], () => 1 / 3), temperature: tensor([1], () => 0.5),
  });
  for (const [mode, run] of [["categorical", choice], ["gumbel", code]]) for (const n of [2, 3]) {
    const picture = new Picture();
    picture.hear({ cmd: "mode", mode });
    picture.hear({ cmd: "titles", titles: ["A: one", "B: two", "C: three"].slice(0, n) });
    const svg = (runs) => elements(picture.hear({ cmd: "frame", step: 1, runs }) && picture.svg(900, 500, "runs", { encode }));
    const each = Array.from({ length: n }, (_, i) => run(i / 4)), all = svg(each), text = picture.svg(900, 500, "runs", { encode });
    for (const title of ["A: one", "B: two", "C: three"].slice(0, n)) assert.ok(text.includes(`>${title}<`), `${mode}: ${title} is missing`);
    if (mode === "gumbel") assert.equal(all.filter(([name]) => name === "image").length, n * (16 + 16 + 64));
    const found = new Map();
    for (let x = 0; x < 900; x += 3) for (let y = 0; y < 500; y += 3) {
      const at = picture.at(x, y);
      if (at) found.set(at.run, [Math.min(x, found.get(at.run)?.[0] ?? x), Math.max(x, found.get(at.run)?.[1] ?? x)]);
    }
    assert.deepEqual([...found.keys()].toSorted(), Array.from({ length: n }, (_, i) => i), mode);
    for (let i = 1; i < n; i++) assert.ok(found.get(i)[0] > found.get(i - 1)[1], `${mode}: run ${i} begins at ${found.get(i)[0]}, the one before ends at ${found.get(i - 1)[1]}`);
    if (mode === "categorical") assert.equal(picture.at(5000, 5000, { bar: 1, run: 1 }).run, 1, "held, a bar stays in its run");
  }
});

test("what is at a place of a plane is in its run's data", () => {
  const picture = new Picture();
  picture.hear({ cmd: "frame", step: 0, runs: [toy(), toy(1), toy(2)] });
  picture.svg(900, 400, "", { encode });
  const runs = new Map();
  for (let x = 0; x < 900; x += 2) for (let y = 0; y < 400; y += 2) {
    const at = picture.at(x, y);
    if (!at) continue;
    assert.ok(Math.abs(at.x) <= 2 && Math.abs(at.y) <= 2);
    runs.set(at.run, (runs.get(at.run) ?? 0) + 1);
  }
  assert.deepEqual([...runs.keys()].sort(), [0, 1, 2]);
  assert.equal(picture.at(0, 0), null);

  picture.hear({ cmd: "frame", step: 0, runs: [toy(), toy(1)] });
  picture.hear({ cmd: "layers", layers: { handles: true, difference: true } });
  picture.svg(900, 400, "", { encode });
  const seen = new Map();
  let grip = null;
  for (let x = 0; x < 900; x += 2) for (let y = 0; y < 400; y += 2) {
    const at = picture.at(x, y);
    if (!at) continue;
    seen.set(`${at.run} ${at.difference}`, true);
    if (at.difference) assert.equal(at.mode, null);
    else if (at.mode !== null) grip = at;
  }
  assert.deepEqual([...seen.keys()].sort(), ["0 false", "0 true", "1 false"]);
  const held = picture.at(-50, 5000, grip); // dragged away, it stays the same grip on the rim
  assert.deepEqual([held.run, held.mode, Math.abs(held.x), held.y], [grip.run, grip.mode, 2, -2]);
});

test("files have good names, and CSV all columns", () => {
  assert.equal(fileName({ experiment: "wgan-gp", preset: "live", step: 1200, what: "", ending: "svg" }), "ganbel-wgan-gp-live-step-1200.svg");
  assert.equal(fileName({ experiment: "wgan-gp", preset: "Live / 2", step: 0, what: "4x", ending: "png" }), "ganbel-wgan-gp-live-2-4x-step-0.png");
  const history = { steps: [0, 10], rows: [[1, null], [2, 0.5]], last: { step: 15, values: [3, NaN] } };
  assert.equal(metricsCSV([{ name: "w1" }, { name: "modes" }], [history, { steps: [0], rows: [[7, 8]], last: { step: 0 } }]),
    "run,step,w1,modes\n1,0,1,\n1,10,2,0.5\n2,0,7,8\n", "the newest numbers are no row");
  const rows = samplesCSV({ runs: [toy(), toy()] }).trim().split("\n");
  assert.equal(rows[0], "run,kind,x,y");
  assert.equal(rows.length, 1 + 2 * (40 + 50));
  assert.equal(samplesCSV({ runs: [{}] }), null);
  assert.equal(samplesCSV(null), null);
});

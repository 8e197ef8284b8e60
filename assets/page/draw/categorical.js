// One categorical of three classes to play with: its logits as bars with the
// Gumbel noise on top, the sample that they make, what was chosen so far, and
// samples on a simplex.
import { fade } from "./colours.js";
import { drawSimplex } from "./gumbel.js";

const reach = 6; // of the logits' bars, both ways

// drawCategorical draws a frame's tensors and returns where the logits' bars are:
// at(x, y) is {bar, value} or null.
export function drawCategorical(target, tensors, w, h, s) {
  const { theme: t, scale, captions, on } = s, size = Math.round(Math.max(11, Math.min(Math.min(w, h) / 38, 22))) * scale;
  w *= scale;
  h *= scale;
  const pad = 1.2 * size, head = 1.9 * size, wide = w > 0.9 * h, both = on("bars") && on("simplex");
  const left = { x: pad, y: pad, w: (both && wide ? w / 2 : w) - 2 * pad, h: (both && !wide ? h * 0.58 : h) - 2 * pad };
  const right = !both ? { ...left } : wide ? { ...left, x: w / 2 + pad } : { ...left, y: left.y + left.h + pad, h: h - left.h - 3 * pad };
  const name = (r, words) => target.text(r.x, r.y + head / 2, words, { size, fill: t.ink });
  const three = (key) => tensors?.[key]?.data ?? [0, 0, 0];
  let at = null;
  if (on("bars")) {
    const rows = [0.5, 0.25, 0.25], room = left.h - 3 * head;
    let y = left.y;
    const [tall, sample, counts] = rows.map((share) => {
      const r = { x: left.x, y: y + head, w: left.w, h: share * room - 0.6 * size };
      y += head + share * room;
      return r;
    });
    at = drawLogits(target, tall, three("logits"), three("noise"), size, s);
    name({ x: left.x, y: tall.y - head }, captions.logits);
    drawShares(target, sample, three("sample"), three("hard"), t.fake, size, s);
    name({ x: left.x, y: sample.y - head }, captions.sample);
    const sum = three("counts").reduce((a, b) => a + b, 0) || 1;
    drawShares(target, counts, Array.from(three("counts"), (n) => n / sum), null, t.quiet, size, s, three("chances"));
    name({ x: left.x, y: counts.y - head }, captions.counts);
  }
  if (on("simplex")) {
    target.group("simplex", null, () => {
      name(right, captions.simplex);
      const { cloud, chances, sample, temperature } = tensors ?? {};
      drawSimplex(target, { simplex: cloud, chances, sample }, { ...right, y: right.y + head, h: right.h - head }, size, s);
      const tau = temperature?.data[0];
      if (tau > 0) target.text(right.x + right.w, right.y + head / 2, `τ = ${Number(tau.toPrecision(3))}`, { size, fill: t.text, anchor: "right" });
    });
  }
  return at;
}

const column = (r, i) => ({ x: r.x + (r.w * (i + 0.2)) / 3, w: (r.w * 0.6) / 3, middle: r.x + (r.w * (i + 0.5)) / 3 });

function drawLogits(target, r, logits, noise, size, { theme: t, scale }) {
  const y = (v) => r.y + (r.h * (1 - Math.max(-reach, Math.min(v, reach)) / reach)) / 2;
  const span = (a, b, x, w) => ({ x, y: Math.min(y(a), y(b)), w, h: Math.max(1, Math.abs(y(a) - y(b))) });
  target.group("logits", null, () => {
    target.box({ x: r.x, y: y(0) - scale / 2, w: r.w, h: scale }, t.quiet);
    for (let i = 0; i < 3; i++) {
      const { x, w, middle } = column(r, i), sum = logits[i] + noise[i];
      target.box(span(0, logits[i], x, w * 0.62), t.code);
      target.box(span(logits[i], sum, x + w * 0.68, w * 0.32), t.real);
      target.path([[x, y(sum), x + w, y(sum)]], { stroke: t.ink, width: 2 * scale });
      target.marks("handles", "disc", [x + w * 0.31, y(logits[i])], 6 * scale, [{ fill: t.back }, { stroke: t.ink, width: 1.6 * scale }]);
      target.text(middle, r.y + r.h, String(i + 1), { size, fill: t.text, anchor: "middle" });
    }
  });
  return (px, py) => {
    const bar = Math.floor(((px - r.x) / r.w) * 3);
    return bar >= 0 && bar < 3 && py >= r.y && py <= r.y + r.h ? { bar, value: (1 - (2 * (py - r.y)) / r.h) * reach } : null;
  };
}

// drawShares draws three numbers of [0, 1] as bars, those picked outlined, and
// what is expected as a line across.
function drawShares(target, r, shares, picked, fill, size, { theme: t, scale }, expected) {
  target.group("shares", null, () => {
    for (let i = 0; i < 3; i++) {
      const { x, w } = column(r, i), tall = r.h * Math.max(0, Math.min(shares[i], 1));
      target.box({ x, y: r.y, w, h: r.h }, t.well);
      target.box({ x, y: r.y + r.h - tall, w, h: tall }, fill);
      if (picked?.[i] > 0.5) target.path([[x, r.y, x + w, r.y, x + w, r.y + r.h, x, r.y + r.h, x, r.y]], { stroke: t.ink, width: 2 * scale });
      if (expected) target.path([[x, r.y + r.h * (1 - expected[i]), x + w, r.y + r.h * (1 - expected[i])]], { stroke: t.ink, width: 2 * scale });
      target.text(x - 0.3 * size, r.y + r.h - 0.5 * size, `${Math.round(100 * shares[i])} %`, { size: 0.85 * size, fill: t.text, anchor: "right" });
    }
    target.box({ x: r.x, y: r.y + r.h, w: r.w, h: scale }, fade(t.quiet, 1));
  });
}

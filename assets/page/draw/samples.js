// What is known of runs that generate digits: their samples, and real digits.
import { placeSamples } from "./layout.js";
import { Sheet } from "./sheet.js";

const shown = { samples: 64, reals: 16 }; // at most

const first = ({ shape, data }, n) => ({ shape: [Math.min(n, shape[0]), shape[1], shape[2]], data: data.subarray(0, Math.min(n, shape[0]) * shape[1] * shape[2]) });

// drawSamples draws the tensors of all runs, or empty places where there are none, and
// returns where a sample is: at(x, y) is {row, column} or null, the row its number and
// the column its run.
export function drawSamples(target, _, w, h, s) {
  const { theme: t, scale, on, captions, titles, runs } = s;
  const real = runs && first(runs[0].real, shown.reals), made = runs?.map(({ samples }) => first(samples, shown.samples));
  const c = { fake: on("fake"), real: on("real"), runs: runs?.length ?? 1, samples: made?.[0].shape[0] ?? shown.samples, reals: real?.shape[0] ?? shown.reals };
  const p = placeSamples(w, h, scale, s.large, c, titles), { text } = p;
  target.group("digits", null, () => {
    if (!runs) return [...p.fakes.flat(), ...p.reals].forEach((r) => target.box(r, t.well));
    const given = new Sheet([real], t.well, t.ink), sheet = new Sheet(made, t.well, t.code);
    given.draw(target, p.reals.map((r, i) => given.part(i, r)));
    sheet.draw(target, p.fakes.flatMap((places, run) => places.map((r, i) => sheet.part(run * c.samples + i, r))));
  });
  target.group("names", null, () => {
    for (const { name, words, x, y, size } of p.labels) {
      if (words !== undefined) target.text(x, y, words, { size, fill: t.ink, anchor: "middle", bold: true });
      else {
        if (name === "real") target.marks("", "disc", [x + 0.36 * text, y], 0.26 * text, [{ stroke: t.real, width: 0.2 * text }]);
        else target.marks("", "diamond", [x + 0.36 * text, y], 0.41 * text, [{ fill: t.fake }]);
        target.text(x + 1.17 * text, y, captions[name], { size, fill: t.ink });
      }
    }
  });
  return (x, y) => {
    for (const [column, places] of p.fakes.entries()) {
      const row = places.findIndex((r) => x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h);
      if (runs && row >= 0) return { row, column };
    }
    return null;
  };
}

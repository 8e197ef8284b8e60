// The probe: what the critic says at one place of the plane, by pointer or by
// arrow keys on the picture.
import { byId } from "./dom.js";
import { write } from "./numbers.js";
import { own } from "./own.js";
import { letter } from "./runs.js";
import { t } from "./strings.js";

// look returns D and ‖∇D‖ at (x, y) between the lattice points of a frame's
// fields, and ∇D's direction from D's differences; null outside.
export function look(tensors, x, y) {
  const [side] = tensors.critic.shape, view = tensors.view.data[0];
  const u = ((x / view + 1) / 2) * (side - 1), v = ((y / view + 1) / 2) * (side - 1);
  if (!(u >= 0 && u <= side - 1 && v >= 0 && v <= side - 1)) return null;
  const j = Math.min(Math.floor(u), side - 2), i = Math.min(Math.floor(v), side - 2);
  const a = u - j, b = v - i;
  const corners = (field) => [field[i * side + j], field[i * side + j + 1], field[(i + 1) * side + j], field[(i + 1) * side + j + 1]];
  const mix = ([p, q, r, s]) => (1 - b) * ((1 - a) * p + a * q) + b * ((1 - a) * r + a * s);
  const d = corners(tensors.critic.data), norm = mix(corners(tensors.slope.data));
  const dx = (1 - b) * (d[1] - d[0]) + b * (d[3] - d[2]), dy = (1 - a) * (d[2] - d[0]) + a * (d[3] - d[1]);
  const length = Math.hypot(dx, dy) || 1;
  return { value: mix(d), gradient: [(norm * dx) / length, (norm * dy) / length], norm };
}

// nearest returns the index of the nearest of the modes, and how far it is.
export function nearest(modes, x, y) {
  let best = { mode: -1, distance: Infinity };
  for (let k = 0; 2 * k < modes.length; k++) {
    const distance = Math.hypot(modes[2 * k] - x, modes[2 * k + 1] - y);
    if (distance < best.distance) best = { mode: k, distance };
  }
  return best;
}

export const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Probe {
  // point(x, y) moves the cross-hair, null, null takes it away.
  constructor(point) {
    this.point = point;
    this.at = null;
    this.press = this.press.bind(this);
  }

  // move follows the pointer, which leaves with x null.
  move({ x, y, run = 0 }) {
    this.at = x === null ? null : [x, y];
    this.run = run ?? 0; // whose plane it is on
    this.show(this.frame);
  }

  // press moves the probe by arrow keys, by eight steps with Shift, and takes it
  // away with Escape.
  press(e) {
    const way = own(steps, e.key);
    if (!this.frame || e.ctrlKey || e.metaKey || e.altKey || !(way || (e.key === "Escape" && this.at))) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (!way) this.at = null;
    else {
      const view = this.frame.runs[0].view.data[0], by = ((e.shiftKey ? 8 : 1) * view) / 64;
      const keep = (v) => Math.min(view, Math.max(-view, v));
      const [x, y] = this.at ?? [0, 0];
      this.at = this.at ? [keep(x + way[0] * by), keep(y + way[1] * by)] : [0, 0];
    }
    this.point(this.at?.[0] ?? null, this.at?.[1] ?? null);
    this.show(this.frame);
  }

  // show writes what the frame says at the probe, in place of the summary; a
  // picture without a critic says nothing.
  show(frame) {
    this.frame = frame?.runs[0].critic ? frame : null;
    const line = byId("probe");
    const run = this.frame?.runs[this.run] ? this.run : 0, tensors = this.frame?.runs[run];
    const seen = this.at && tensors && look(tensors, ...this.at);
    line.hidden = !seen;
    byId("summary").classList.toggle("unseen", Boolean(seen));
    if (!seen) return;
    const pair = ([a, b]) => `(${write(a)}, ${write(b)})`;
    const { modes } = tensors;
    const near = modes && nearest(modes.data, ...this.at);
    const several = this.frame.runs.length > 1;
    line.textContent = (several ? `${letter(run)}: ` : "") + t("probe", { at: pair(this.at), value: write(seen.value), gradient: pair(seen.gradient), norm: write(seen.norm) })
      + (near ? ` ${t("probeMode", { mode: near.mode + 1, distance: write(near.distance) })}` : "");
    if (!several) return;
    // The others say less there.
    const others = this.frame.runs.map((other, i) => (i === run ? null : [letter(i), look(other, ...this.at)])).filter((other) => other?.[1]);
    line.textContent += others.map(([name, { value, norm }]) => ` · ${name}: D ${write(value)}, ‖∇D‖ ${write(norm)}`).join("");
  }
}

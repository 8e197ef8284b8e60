// The checkpoints of a run, in the order of their steps: as many as fit, spread
// over the whole run.

const most = 48; // checkpoints
const mostBytes = 96e6; // of all entries

// size returns the bytes of a checkpoint's saved runs and of its frame.
export function size({ runs, frame }) {
  let bytes = 0;
  for (const run of runs) bytes += run.byteLength;
  for (const tensors of frame?.runs ?? []) for (const t of Object.values(tensors)) bytes += t.data.byteLength;
  return bytes;
}

export class Ring {
  constructor(n = most, bytes = mostBytes) {
    Object.assign(this, { n, bytes });
    this.entries = []; // {step, runs, frame, values, changes}: values are each run's metrics, changes the settings
  }

  // add takes a checkpoint; what comes after its step is of a run that was left.
  add(entry) {
    this.entries = this.entries.filter((e) => e.step < entry.step);
    this.entries.push(entry);
    let bytes = this.entries.reduce((sum, e) => sum + size(e), 0);
    while (this.entries.length > 2 && (this.entries.length > this.n || bytes > this.bytes)) {
      const [gone] = this.entries.splice(closest(this.entries), 1);
      bytes -= size(gone);
    }
  }

  // back forgets what came after a step.
  back(step) {
    this.entries = this.entries.filter((e) => e.step <= step);
  }

  clear() {
    this.entries = [];
  }

  get last() {
    return this.entries.at(-1) ?? null;
  }

  // near returns the entry whose step is nearest, null where there is none.
  near(step) {
    return nearest(this.entries, step);
  }

  // before returns the last entry of a step below, null where there is none.
  before(step) {
    return this.entries.findLast((e) => e.step < step) ?? null;
  }
}

// nearest returns the one of some entries whose step is nearest to a step.
export function nearest(entries, step) {
  let best = null;
  for (const e of entries) if (!best || Math.abs(e.step - step) < Math.abs(best.step - step)) best = e;
  return best;
}

// closest returns the index of the entry whose neighbours are closest together,
// which is missed least; the first and the last stay.
function closest(entries) {
  let best = 1;
  for (let i = 1; i < entries.length - 1; i++) {
    if (entries[i + 1].step - entries[i - 1].step < entries[best + 1].step - entries[best - 1].step) best = i;
  }
  return best;
}

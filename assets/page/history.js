// The metrics of a run so far: rows at fixed steps, for charts and files, and the newest
// numbers, which may be between two rows.

const most = 2000; // rows kept

export class History {
  // every is the number of steps between two rows, 0 if rows can be at any step.
  constructor(every = 1) {
    this.every = every;
    this.clear();
  }

  clear() {
    this.steps = [];
    this.rows = []; // an array of numbers or nulls for each step
    this.last = null; // the newest {step, values}, a row or not
  }

  // add takes the newest numbers. It keeps an existing row of the same step, which is
  // measured again after an action. If there are too many rows it removes those at odd
  // multiples of every, so that all runs keep the same steps.
  add(step, values, row = true) {
    if (this.last && step < this.last.step) this.back(step);
    this.last = { step, values };
    if (!row || step <= (this.steps.at(-1) ?? -1) || (this.every && step % this.every)) return;
    this.steps.push(step);
    this.rows.push(values);
    if (!this.every || this.steps.length <= most) return;
    this.every *= 2;
    const kept = (_, i) => this.steps[i] % this.every === 0;
    this.rows = this.rows.filter(kept);
    this.steps = this.steps.filter(kept);
  }

  // back forgets what came after a step.
  back(step) {
    const n = this.steps.findLastIndex((s) => s <= step) + 1;
    this.steps.length = this.rows.length = n;
    if (this.last?.step > step) this.last = n ? { step: this.steps[n - 1], values: this.rows[n - 1] } : null;
  }

  // until returns the history up to a step. known may be that step's own numbers.
  until(step, values = null) {
    const then = this.clone();
    then.back(step);
    if (values) then.last = { step, values };
    return then;
  }

  clone() {
    const copy = new History();
    Object.assign(copy, this, { steps: [...this.steps], rows: [...this.rows] });
    return copy;
  }

  // follows reports whether the i-th row follows the one before it, without a gap.
  follows(i) {
    return i > 0 && (!this.every || this.steps[i] - this.steps[i - 1] <= this.every);
  }

  // near returns the index of the row nearest to a step.
  near(step) {
    let best = -1;
    this.steps.forEach((s, i) => {
      if (best < 0 || Math.abs(s - step) < Math.abs(this.steps[best] - step)) best = i;
    });
    return best;
  }

  // trend returns -1, 0 or 1: whether column i fell, stayed or rose over the last
  // two dozen rows, by more than they scatter; null if there are too few rows.
  trend(i) {
    const recent = this.rows.slice(-24).map((r) => r[i] ?? null).filter((v) => v !== null);
    if (recent.length < 8) return null;
    const mean = (v) => v.reduce((a, b) => a + b, 0) / v.length;
    const half = recent.length >> 1, a = recent.slice(0, half), b = recent.slice(half);
    const scatter = Math.sqrt((mean(a.map((v) => (v - mean(a)) ** 2)) + mean(b.map((v) => (v - mean(b)) ** 2))) / half);
    const change = mean(b) - mean(a);
    return Math.abs(change) > 2 * scatter ? Math.sign(change) : 0;
  }
}

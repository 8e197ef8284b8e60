// The metrics of a run so far, thinned where they are many.

const most = 2000; // samples kept

export class History {
  constructor() {
    this.clear();
  }

  clear() {
    this.steps = [];
    this.rows = []; // one array of numbers or nulls a sample
    this.every = 1; // of the samples that come, one in so many is kept
    this.come = 0;
    this.last = null; // the newest {step, values}, kept or not
  }

  add(step, values) {
    if (this.last && step <= this.last.step) this.back(step - 1);
    this.last = { step, values };
    if (this.come++ % this.every) return;
    this.steps.push(step);
    this.rows.push(values);
    if (this.steps.length > most) {
      this.steps = this.steps.filter((_, i) => i % 2 === 0);
      this.rows = this.rows.filter((_, i) => i % 2 === 0);
      this.every *= 2;
    }
  }

  // back forgets what came after a step.
  back(step) {
    const n = this.steps.findLastIndex((s) => s <= step) + 1;
    this.steps.length = this.rows.length = n;
    this.last = n ? { step: this.steps[n - 1], values: this.rows[n - 1] } : null;
  }

  // until returns what was known at a step.
  until(step) {
    const then = this.clone();
    then.back(step);
    return then;
  }

  clone() {
    const copy = new History();
    Object.assign(copy, this, { steps: [...this.steps], rows: [...this.rows] });
    return copy;
  }

  // near returns the index of the sample nearest to a step.
  near(step) {
    let best = -1;
    this.steps.forEach((s, i) => {
      if (best < 0 || Math.abs(s - step) < Math.abs(this.steps[best] - step)) best = i;
    });
    return best;
  }

  // trend returns -1, 0 or 1: whether column i fell, stayed or rose over the last
  // two dozen samples, by more than they scatter; null if there are too few to tell.
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

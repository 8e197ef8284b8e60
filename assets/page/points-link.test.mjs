// Run by "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";
import { carried, moons, rounded, sample, withPoints } from "./points-link.js";

const value = (hash) => new URLSearchParams(hash.slice(1)).get("points");

test("a link carries points as they were, with few decimals exactly, and others to 16 bits", () => {
  const cases = [moons(), [1, 2, -1, 0.5], [0, 0], [1e6, -1e6], [32767, -32767, 1, 0], [32.767, -0.001], [0.0001, 3.2767], [1e-7, 3e-8], [-0, 5],
    [Math.PI, -Math.E, 1e-3, 100 / 3], [1e6, 1 / 3], [-2 / 3, 1e-9], [32767.5, 2.5], [-32768, 1], [0.1 + 0.2, 0.3]];
  for (const points of cases) {
    const reach = Math.max(...points.map(Math.abs)), hash = withPoints("#v=1&data=points", points);
    assert.match(hash, /^#v=1&data=points&points=[\w.-]+$/);
    const { points: got } = carried(value(hash));
    assert.equal(got.length, points.length);
    points.forEach((v, i) => assert.ok(Math.abs(got[i] - v) <= reach / 32767, `${v} becomes ${got[i]}`));
    assert.deepEqual(got.map((v) => v + 0), rounded(points).map((v) => v + 0), "what the page trains on is what its link gives");
    assert.deepEqual(rounded(got), got, "and stays so");
    const again = withPoints("#v=1&data=points", rounded(points));
    assert.deepEqual(carried(value(again)).points, got);
    assert.equal(withPoints("#v=1&data=points", got), again);
  }
  for (const points of [moons(), [1, 2, -1, 0.5], [0.1234, -3.2], [30000, 1]]) assert.deepEqual(rounded(points), points);
});

test("a link has 2,000 characters at most, and says how many points it lacks", () => {
  const many = (n) => Array.from({ length: 2 * n }, (_, i) => Math.sin(i));
  let fits = 0;
  for (let n = 1; n < 1000; n++) {
    const address = `https://example.org/${"a".repeat(30)}/`, hash = withPoints("#v=1&data=points&seed=7", many(n), address);
    assert.ok(address.length + hash.length <= 2000);
    if (carried(value(hash)).points) fits = n;
    else assert.deepEqual(carried(value(hash)), { lacks: n });
  }
  assert.ok(fits > 340 && fits < 375, `${fits} points fit`);
  assert.equal(withPoints("#v=1", many(5000)), "#v=1&points=5000");
  assert.equal(withPoints("#v=1", []), "#v=1");
});

test("text that is cut, damaged or hostile gives no points and throws nothing", () => {
  const whole = value(withPoints("#", moons()));
  for (let n = 0; n < whole.length; n++) {
    const got = carried(whole.slice(0, n));
    assert.equal(got.points, undefined, whole.slice(0, n));
  }
  for (const text of ["", "0", "-1", "x", "1.d4", "1.d4.", "1.d4.AAAA", "1.d4.AAAAAA.", "1.e4.AAAAAA", "1.d999.AAAAAA", "1.d-99.fwB_AA", "1.b-40.f_9__w", "9999.d4.AAAA", "1e9.d4.AAAAAA",
    "1.d4.AAAA AA", "1.d4.AA=AAA", "1.d4.<scri", "toString", "__proto__", "constructor", "1.d.AAAAAA", "01.d4.AAAAAA", `99999999`, `5000.d4.${"A".repeat(1e6)}`, "1.d4.\u0000AAAAA", "%00"]) {
    assert.deepEqual(carried(text), {}, text);
  }
  assert.deepEqual(carried("1.d-2.JxAnEA"), { points: [1e6, 1e6] });
  assert.deepEqual(carried("1.d-2.JxEnEA"), {}); // too large for training
});

test("a sample is drawn from all rows, uniformly, and always the same", () => {
  const all = Array.from({ length: 200_000 }, (_, i) => i >> 1), got = sample(all, 5000);
  assert.equal(got.length, 10_000);
  assert.deepEqual(sample(all, 5000), got);
  const rows = got.filter((_, i) => i % 2 === 0);
  assert.ok(rows.every((v, i) => i === 0 || v > rows[i - 1]), "each once, in their order");
  const tenths = Array(10).fill(0);
  for (const v of rows) tenths[Math.floor(v / 10_000)]++;
  for (const n of tenths) assert.ok(Math.abs(n - 500) < 5 * Math.sqrt(500 * 0.9), `${tenths}`);
  assert.deepEqual(sample([1, 2, 3, 4], 2), [1, 2, 3, 4]);
});

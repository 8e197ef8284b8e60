// Run by "node --test assets/page". core/data/points_test.go asks the same of Go's reader.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { readPoints } from "./points-file.js";

const cases = JSON.parse(readFileSync(new URL("../../core/data/testdata/points.json", import.meta.url), "utf8"));

test("points are read as the command reads them, and refused in its words", () => {
  assert.ok(cases.length >= 50);
  for (const { name, text = "", hex, points, error, good } of cases) {
    const from = hex === undefined ? text : Buffer.from(hex, "hex");
    const got = readPoints(from);
    assert.deepEqual([got.points?.map(Math.fround), got.error], [points, error], name);
    if (error) assert.equal(got.line, Number(/^line (\d+): /.exec(error)?.[1] ?? 0), name);
    if (hex === undefined) assert.deepEqual(readPoints(new TextEncoder().encode(text).buffer), got, name);
    const all = readPoints(from, { skip: true }), want = good ?? { points, error };
    assert.deepEqual([all.points?.map(Math.fround), all.error], [want.points, want.error], `${name}, bad lines left out`);
    assert.deepEqual(all.skipped ?? { rows: 0, lines: [], first: "" }, { rows: good?.lines.length ?? 0, lines: good?.lines ?? [], first: good ? error : "" }, name);
  }
});

test("of many lines that are left out the first ten are named", () => {
  const { points, skipped } = readPoints(`1,2\n${"x,1\n".repeat(100)}`, { skip: true });
  assert.deepEqual([points, skipped.rows, skipped.lines], [[1, 2], 100, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]);
});

test("what is too much is refused and not cut off", () => {
  assert.equal(readPoints("1,2\n".repeat(200_001)).error, "line 200001: there are more than 200000 points: leave some out");
  assert.equal(readPoints(" ".repeat((16 << 20) + 1)).error, "there are more than 16777216 bytes of points: leave some out");
});

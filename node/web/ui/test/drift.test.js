// Drift, against the golden lines that the Go tests write.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { BOUNDS, add, count, plus, quantile } from "../js/core/drift.js";

const text = readFileSync(new URL("../../../party/testdata/drift.jsonl", import.meta.url), "utf8");
const [{ bounds }, ...vectors] = text.trim().split("\n").map((line) => JSON.parse(line));

test("counted and read as the house does", () => {
  assert.deepEqual(BOUNDS, bounds);
  assert.ok(vectors.length >= 10);
  for (const { reports = [], drift, at } of vectors) {
    const mine = reports.reduce(add, undefined);
    assert.deepEqual(mine, drift, String(reports));
    assert.equal(count(mine), reports.length);
    for (const [i, q] of [0.5, 0.95, 1].entries()) assert.ok(Math.abs(quantile(mine, q) - at[i]) < 1e-9, `${reports} at ${q}`);
  }
});

test("two counts together leave both as they were", () => {
  const a = add(undefined, 1);
  const b = add(undefined, 5000);
  assert.equal(count(plus(a, b)), 2);
  assert.deepEqual([count(a), count(b), count(plus(undefined, undefined)), count()], [1, 1, 0, 0]);
});

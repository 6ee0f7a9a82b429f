// The controller's arithmetic, against the vectors that the Go tests read too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { lead, learnLag, learnSeek, median, steer } from "../js/core/control.js";
import { position, reaches } from "../js/core/timeline.js";

const lines = readFileSync(new URL("../../../player/testdata/control.jsonl", import.meta.url), "utf8").trim().split("\n");

/** @type {Record<string, (v: any) => number|{start: boolean, speed: number}>} */
const functions = {
  lead: ({ in: [seekTime, tries] }) => lead(seekTime, tries),
  learnSeek: ({ in: [old, took] }) => learnSeek(old, took),
  learnLag: ({ in: [lag, n, error] }) => learnLag(lag, n, error),
  steer: ({ in: [error, speed, rate], habits }) => steer(error, speed, rate, habits),
  median: ({ in: list }) => median(list),
  position: ({ line, in: [at] }) => position(line, at),
  reaches: ({ line, in: [pos] }) => reaches(line, pos),
};

test("golden vectors", () => {
  assert.ok(lines.length >= 60);
  const asked = new Set();
  lines.forEach((text, i) => {
    const v = JSON.parse(text);
    const got = functions[v.do](v);
    const [out, start] = typeof got === "number" ? [got, false] : [got.speed, got.start];
    const bound = v.do === "reaches" ? 0.002 : 1e-6; // moments are kept to the microsecond
    assert.ok(Math.abs(out - v.out) <= bound && start === (v.start ?? false), `line ${i + 1}, ${v.do}: ${out} ${start}, want ${v.out}`);
    asked.add(v.do);
  });
  assert.deepEqual([...asked].sort(), Object.keys(functions).sort());
});

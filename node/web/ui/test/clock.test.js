// The clock, against the vectors that the Go tests read too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Clock } from "../js/core/clock.js";

const lines = readFileSync(new URL("../../../clock/testdata/clock.jsonl", import.meta.url), "utf8").trim().split("\n");

test("golden vectors", () => {
  assert.ok(lines.length >= 20);
  lines.forEach((line, i) => {
    const { samples, offset } = JSON.parse(line);
    const clock = new Clock(() => samples[0].sent);
    for (const s of samples) clock.add(s.sent, s.host, s.received);
    assert.ok(Math.abs(clock.offset - offset) < 0.002, `line ${i + 1}: ${clock.offset}, want ${offset}`);
  });
});

test("time slews to a better estimate and never falls", () => {
  let local = 0;
  const clock = new Clock(() => local);
  clock.add(0, 60300, 600); // 600 ms all the way there
  local = 600;
  clock.add(600, 60600, 600);
  let last = clock.now();
  for (; local < 8000; local += 10) {
    const now = clock.now();
    assert.ok(now >= last && now - last < 11);
    last = now;
  }
  assert.ok(Math.abs(clock.now() - clock.offset - local) < 0.001);
});

// The hype train, against the lines that the Go test reads too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { empty } from "../js/core/log.js";
import { fullness, ride } from "../js/core/train.js";

const steps = readFileSync(new URL("../../../party/testdata/train.jsonl", import.meta.url), "utf8").trim().split("\n").map((line) => JSON.parse(line));

test("a train follows from who gave what and when", () => {
  let state = empty();
  for (const { at, by, gives, level, bits, until } of steps) {
    state = { ...state, ...ride(state, by, at * 1000, gives) };
    assert.deepEqual(state.train, level && { level, bits, until: until * 1000 }, `at ${at}`);
  }
  assert.deepEqual(ride({ ...state, policy: { drive: "host", noTrain: true } }, "g", 0, 5), {});
});

test("a level fills from the end of the one before", () => {
  assert.deepEqual([{ level: 1, bits: 250 }, { level: 2, bits: 500 }, { level: 5, bits: 4550 }, { level: 5, bits: 90000 }].map((t) => fullness({ ...t, until: 0 })), [0.5, 0, 0.5, 1]);
});

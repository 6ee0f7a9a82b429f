// What cheers, against the lines that the Go test reads too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { cheered, parts, tier } from "../js/core/bits.js";

const cheers = JSON.parse(readFileSync(new URL("../../../party/testdata/cheers.json", import.meta.url), "utf8"));

test("a line cheers what the host counts", () => {
  for (const [text, bits] of Object.entries(cheers)) assert.equal(cheered(text), bits, text);
});

test("a line falls into words and cheers", () => {
  assert.deepEqual(parts("so good Cheer100  cheer5 bravo"), ["so good ", 100, "  ", 5, " bravo"]);
  assert.deepEqual(parts("Cheer0 no"), ["Cheer0 no"]);
});

test("more Bits, a higher tier", () => {
  assert.deepEqual([1, 99, 100, 999, 1000, 5000, 9999, 10000, 50000].map(tier), [1, 1, 100, 100, 1000, 5000, 5000, 10000, 10000]);
});

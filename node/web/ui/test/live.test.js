import assert from "node:assert/strict";
import test from "node:test";
import { span } from "../js/core/live.js";

test("what is live can be watched from what is kept to the edge", () => {
  const now = 1_763_843_200_000;
  assert.equal(span(undefined, now), undefined);
  assert.equal(span({ id: "film" }, now), undefined);
  assert.equal(span({ id: "match", live: {} }, now), undefined, "nobody has watched it yet");
  const live = (seconds, from) => span({ id: "match", live: { zero: now - seconds * 1000, from } }, now);
  assert.deepEqual(live(61.5, 8), { from: 8, edge: 61.5 });
  assert.deepEqual(live(9000, 8), { from: 1800, edge: 9000 }, "two hours are kept");
  assert.deepEqual(live(4, 8), { from: 4, edge: 4 }, "nothing came yet");
  assert.deepEqual(live(-1, 0), { from: 0, edge: 0 }, "the clock is a little off");
});

// Where most was said.
import assert from "node:assert/strict";
import test from "node:test";
import { moments } from "../js/core/pace.js";

test("a film has up to three moments in which most was said, in its order", () => {
  assert.deepEqual(moments({ length: 60 }), []);
  assert.deepEqual(moments({ length: 60, pace: [0, 0, 0] }), []);
  assert.deepEqual(moments({ length: 60, pace: [0, 9, 9, 0, 0, 4] }), [10], "its neighbour is the same moment, and less than half as much is none");
  assert.deepEqual(moments({ length: 120, pace: [0, 5, 0, 0, 9, 0, 0, 8, 0, 0, 6, 0] }), [40, 70, 100]);
  assert.deepEqual(moments({ length: 80, pace: [3, 0, 0, 0, 3, 0, 0, 3] }), [0, 40, 70]);
});

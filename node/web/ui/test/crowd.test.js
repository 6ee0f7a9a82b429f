// Reactions of a crowd.
import assert from "node:assert/strict";
import test from "node:test";
import { Crowd } from "../js/core/crowd.js";

test("what comes together with its like grows, later it is another", () => {
  const crowd = new Crowd();
  const first = crowd.add("🎉", 1000);
  assert.ok(first.fresh);
  assert.deepEqual(crowd.add("🎉", 1600), { one: first.one, fresh: false });
  assert.equal(first.one.count, 2);
  assert.ok(crowd.add("🔥", 1600).fresh);
  assert.ok(crowd.add("🎉", 1701).fresh);
});

test("there is an end to what floats", () => {
  const crowd = new Crowd();
  const all = Array.from({ length: 40 }, (_, i) => crowd.add("🎉", i * 1000));
  assert.equal(all.filter(Boolean).length, 24);
  crowd.gone(all[0].one);
  assert.ok(crowd.add("🎉", 90000).fresh);
});

import assert from "node:assert/strict";
import test from "node:test";
import { position, reaches, sameLine } from "../js/core/timeline.js";

const line = { title: "a", pos: 10, at: 1000, rate: 1, began: 0, length: 74 };

test("position", () => {
  for (const [name, t, at, want] of [
    ["at its moment", line, 1000, 10],
    ["a start that lies ahead waits", line, 400, 10],
    ["later", line, 3500, 12.5],
    ["stops at the length", line, 1e6, 74],
    ["goes on when the length is not known", { ...line, length: 0 }, 101000, 110],
    ["paused", { ...line, rate: 0 }, 99000, 10],
    ["slower", { ...line, rate: 0.5 }, 3000, 11],
    ["never before the beginning", { ...line, pos: -3 }, 1000, 0],
  ]) assert.equal(position(t, at), want, name);
});

test("reaches is position turned round", () => {
  assert.equal(reaches(line, 12.5), 3500);
  assert.equal(position(line, reaches(line, 33.3)), 33.3);
});

test("the same line, told anew", () => {
  assert.ok(sameLine(line, { ...line, pos: 11, at: 2000 }, 2500));
  assert.ok(!sameLine(line, { ...line, pos: 11, at: 2000 }, 1500), "one of them still waits");
  assert.ok(!sameLine(line, { ...line, pos: 12 }, 2500));
  assert.ok(!sameLine(line, { ...line, began: 5 }, 2500), "the same title, put on again");
});

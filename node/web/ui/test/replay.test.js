// The chat of a past evening, as it comes again.
import assert from "node:assert/strict";
import test from "node:test";
import { linesOf } from "../js/parts/replay.js";

test("answers bring along what they answer, and deeds stay deeds", () => {
  const reel = { evening: "e", name: "Friday", opened: 1, title: "film", lines: [
    { seq: 9, at: 3, by: "b", name: "Bob", text: "no, later", pos: 2, re: 7 }, { seq: 4, at: 1, by: "a", name: "Ann", text: "a hat", pos: 5 }, { seq: 5, at: 2, name: "Bob", text: "waves", pos: 6, me: true, re: 4 },
    { seq: 7, at: 2, by: "a", name: "Ann", text: "the end!", pos: 90 }, { seq: 8, at: 2, by: "a", name: "Ann", text: "gone", pos: 91, re: 6 },
  ] };
  const lines = linesOf(reel);
  assert.deepEqual(lines.map((l) => l.answered?.text), [undefined, undefined, "a hat", undefined, undefined]);
  assert.deepEqual(lines[2].answered, { by: "a", name: "Ann", text: "a hat" });
  assert.ok(lines[2].me && lines[2].re === 4 && lines[2].by === "Bob" && !lines[1].me);
  assert.equal(lines[0].re, 7, "that there was something to answer is told");
});

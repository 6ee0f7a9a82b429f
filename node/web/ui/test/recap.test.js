// What a late joiner is told.
import assert from "node:assert/strict";
import test from "node:test";
import { recap } from "../js/core/recap.js";

let seq = 0;
const said = (pos, text = "x", more = {}) => ({ seq: ++seq, at: seq, by: "ann", name: "Ann", text, pos, ...more });
const reel = {
  evening: "e", name: "Friday", opened: 1, title: "film",
  lines: [said(10, "a"), said(12, "the longest of them"), said(14), said(100), said(200), said(201), said(202, "a dog!"), said(205), said(400, "the end", {}), said(400, "tea?", { still: true }), said(90, "mine", { by: "me" })],
  bursts: [{ pos: 13, with: "🎬", n: 2 }, { pos: 203, with: "👍", n: 1 }, { pos: 204, with: "🎬", n: 4 }, { pos: 399, with: "😢", n: 9 }],
};

test("it counts what was said and felt until here, and nothing that lies ahead", () => {
  const r = recap(reel, { at: 300, since: 0, me: "me" });
  assert.deepEqual([r.lines, r.reactions], [8, 7]);
  assert.ok(!JSON.stringify(r).includes("the end"));
  assert.ok(!JSON.stringify(r).includes("tea?"), "nor what was said there while the film stood still");
});

test("its moments are where most was, in the film's order", () => {
  const { moments } = recap(reel, { at: 300, since: 0, me: "me" });
  assert.deepEqual(moments, [
    { pos: 10, lines: 3, reactions: 2, words: "the longest of them", with: "🎬" },
    { pos: 200, lines: 4, reactions: 5, words: "a dog!", with: "🎬" },
  ]);
});

test("who was here before is told of what came since", () => {
  const r = recap(reel, { at: 300, since: 4, me: "me" });
  assert.deepEqual([r.lines, r.reactions, r.last.map((l) => l.text)], [4, 0, ["x", "x", "a dog!", "x"]]);
  assert.deepEqual(recap({ ...reel, lines: [], bursts: undefined }, { at: 300, since: 0, me: "me" }), { lines: 0, reactions: 0, moments: [], last: [] });
});

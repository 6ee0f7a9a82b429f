// What a screen has missed.
import assert from "node:assert/strict";
import test from "node:test";
import { Loss } from "../js/core/loss.js";

test("who ran dry is told once they are with the others again", () => {
  const loss = new Loss();
  assert.equal(loss.look("playing", 50, 50), null, "nothing was lost");
  loss.dry(61.5);
  assert.equal(loss.look("waiting", 61.5, 64), null);
  assert.equal(loss.look("seeking", 61.5, 70), null);
  assert.deepEqual(loss.look("playing", 70.25, 70.5), { from: 61.5, missed: 8.75 });
  assert.equal(loss.look("playing", 71, 71), null, "once");
});

test("what a screen still showed before it jumped was not missed", () => {
  const loss = new Loss();
  loss.dry(10);
  assert.equal(loss.look("playing", 10.5, 17), null);
  assert.equal(loss.look("playing", 11.25, 17.75), null);
  assert.deepEqual(loss.look("playing", 18.25, 18.25), { from: 11.25, missed: 7 });
});

test("a hiccup is not worth a word", () => {
  const loss = new Loss();
  loss.dry(10);
  assert.equal(loss.look("playing", 12.9, 13), null);
  assert.equal(loss.pending, false);
});

test("the first place counts, until the film is elsewhere or nobody looks", () => {
  for (const doing of ["blocked", "away"]) {
    const loss = new Loss();
    loss.dry(10);
    loss.dry(14);
    assert.equal(loss.look("paused", 14, 14), null);
    assert.ok(loss.pending);
    loss.look(doing, 14, 20);
    assert.equal(loss.look("playing", 20, 20), null, doing);
  }
  const loss = new Loss();
  loss.dry(10);
  loss.forget();
  assert.equal(loss.look("playing", 90, 90), null);
});

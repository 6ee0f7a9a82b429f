// How far cameras are behind, from what screens say.

import assert from "node:assert/strict";
import test from "node:test";
import { behind } from "../js/desk/delay.js";

test("a face is as late as its owner's sending and a screen's showing together", () => {
  assert.equal(behind([]), undefined);
  assert.equal(behind([{ face: "a", ms: 6, sends: true }]), undefined); // nobody sees it
  assert.deepEqual(behind([{ face: "a", ms: 30 }]), { ms: 30, most: 30 }); // from a program, which says nothing
  const sent = [{ face: "a", ms: 6, sends: true }, { face: "b", ms: 50, sends: true }];
  assert.deepEqual(behind([...sent, { face: "a", ms: 20 }, { face: "a", ms: 90.4 }, { face: "b", ms: 20 }]), { ms: 70, most: 96 });
});

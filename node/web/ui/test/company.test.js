// Who is drawn of those who are here.
import assert from "node:assert/strict";
import test from "node:test";
import { company } from "../js/parts/roster.js";

const members = (here, away) => Object.fromEntries([...Array(here + away).keys()].map((i) => [`m${i}`, { id: `m${i}`, name: `Person ${i}`, role: i ? "guest" : "host", screens: i < here ? [{ id: "s", kind: "page" }] : [] }]));
const state = (here, away) => ({ members: members(here, away) });

test("a hundred present, twenty away, the others counted", () => {
  const c = company(state(500, 60));
  assert.deepEqual([c.here.length, c.away.length, c.present, c.moreHere, c.more, c.all], [100, 20, 500, 400, 440, 560]);
  assert.equal(c.here[0].role, "host");
  assert.ok(c.away.every((m) => !m.screens.length));
});

test("a search finds the others", () => {
  const field = { hidden: true, value: "person 499" };
  const c = company(state(500, 60), field);
  assert.equal(field.hidden, false);
  assert.deepEqual([c.here.map((m) => m.name), c.more], [["Person 499"], 0]);
});

test("those who were removed are not here", () => {
  const s = state(2, 0);
  s.members.m1.removed = true;
  assert.equal(company(s).all, 1);
});

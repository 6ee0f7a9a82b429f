// The fold, against the golden lines that the Go tests read too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { asks, empty, fold, fromSnapshot, may, nextLine, silent } from "../js/core/log.js";

const golden = (name) => readFileSync(new URL(`../../../party/testdata/${name}`, import.meta.url), "utf8");
const records = golden("records.jsonl").trim().split("\n").map((line) => JSON.parse(line));
const want = fromSnapshot(JSON.parse(golden("state.json")));
const plain = (state) => JSON.parse(JSON.stringify(state));

test("golden records fold into the golden state", () => {
  assert.ok(records.length >= 14);
  assert.deepEqual(plain(records.reduce(fold, empty())), plain(want));
});

test("a record that is folded already is passed over", () => {
  const state = records.reduce(fold, empty());
  assert.equal(fold(state, records[3]), state);
});

test("a fold changes nothing that was handed out", () => {
  let state = empty();
  for (const record of records) {
    const before = JSON.stringify(state);
    const next = fold(state, record);
    assert.equal(JSON.stringify(state), before);
    state = next;
  }
});

test("an unknown kind changes only the place in the log", () => {
  const state = fold(empty(), { seq: 1, at: 5, by: "x", knighted: { by: 7 } });
  assert.deepEqual(plain(state), { ...plain(empty()), seq: 1 });
  for (const kind of ["constructor", "__proto__", "toString"]) assert.equal(fold(empty(), JSON.parse(`{"seq":1,"at":5,"${kind}":{}}`)).seq, 1);
});

test("what comes next is known until the timeline changes, somebody stays, or the party ends", () => {
  const coming = fold(empty(), { seq: 1, at: 5, announced: { title: "two", at: 10005 } });
  assert.deepEqual(coming.coming, { title: "two", at: 10005 });
  for (const fact of [{ stayed: {} }, { ended: {} }, { timed: { title: "one", pos: 0, at: 6, rate: 1, why: "play" } }]) {
    assert.equal(fold(coming, { seq: 2, at: 6, ...fact }).coming, undefined);
  }
});

test("facts about strangers change nobody", () => {
  for (const record of [{ came: { id: "s", kind: "page" } }, { renamed: { name: "x" } }, { muted: { member: "y" } }, { removed: { member: "y" } }]) {
    assert.deepEqual(fold(empty(), { seq: 1, at: 1, by: "z", ...record }).members, {});
  }
});

test("only the last 200 lines are kept", () => {
  let state = empty();
  for (let seq = 1; seq <= 250; seq++) state = fold(state, { seq, at: seq, by: "a", said: { text: `${seq}` } });
  assert.equal(state.messages.length, 200);
  assert.equal(state.messages[0].text, "51");
});

test("powers follow role and policy", () => {
  const member = (role, more = {}) => ({ id: role, name: role, role, region: "FR", tiers: [], screens: [], ...more });
  const state = { ...empty(), policy: { drive: "trusted" }, members: { guest: member("guest"), trusted: member("trusted"), moderator: member("moderator"), host: member("host"), gone: member("host", { removed: true }) } };
  const who = (power) => Object.keys(state.members).filter((id) => may(state, id, power));
  assert.deepEqual(who("chat"), ["guest", "trusted", "moderator", "host"]);
  assert.deepEqual(who("drive"), ["trusted", "moderator", "host"]);
  assert.deepEqual(who("moderate"), ["moderator", "host"]);
  assert.deepEqual(who("manage"), ["host"]);
  assert.equal(may({ ...state, ended: 9 }, "host", "drive"), false);
});

test("a ballot is folded as Go folds it", () => {
  const lines = golden("ballot.jsonl").trim().split("\n").map((line) => JSON.parse(line));
  let state = empty();
  for (let i = 0; i < lines.length; i += 2) {
    state = fold(state, lines[i]);
    assert.deepEqual(JSON.parse(JSON.stringify(state.ballot ?? null)), lines[i + 1], JSON.stringify(lines[i]));
  }
});

test("who may not watch what is on is folded as Go folds it", () => {
  const lines = golden("sifted.jsonl").trim().split("\n").map((line) => JSON.parse(line));
  let state = empty();
  for (let i = 0; i < lines.length; i += 2) {
    state = fold(state, lines[i]);
    const { out = null, in: admitted = null } = plain(state);
    assert.deepEqual({ out, in: admitted }, lines[i + 1], JSON.stringify(lines[i]));
  }
});

test("polls and predictions are folded as Go folds them", () => {
  const lines = golden("poll.jsonl").trimEnd().split("\n");
  let state = empty();
  for (let i = 0; i < lines.length; i += 2) {
    state = fold(state, JSON.parse(lines[i]));
    if (!lines[i + 1]) continue;
    const { poll = null, prediction = null, members } = plain(state);
    assert.deepEqual({ poll, prediction, bits: members.a.bits ?? 0 }, JSON.parse(lines[i + 1]), lines[i]);
  }
});

test("a moderated evening folds into the same state", () => {
  const evening = golden("moderation.jsonl").trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(plain(evening.reduce(fold, empty())), plain(fromSnapshot(JSON.parse(golden("moderation.json")))));
});

test("who is silent, and who waits in slow mode", () => {
  assert.ok(silent({ muted: true }, 5) && silent({ muted: true, mutedUntil: 6 }, 5) && !silent({ muted: true, mutedUntil: 5 }, 5) && !silent({}, 5));
  const state = { rules: { slow: 10 }, members: { g: { role: "guest", spoke: 1000 }, m: { role: "moderator", spoke: 1000 } } };
  assert.deepEqual([nextLine(state, "g", 2000), nextLine(state, "g", 11000), nextLine(state, "m", 2000), nextLine({ ...state, rules: undefined }, "g", 2000)], [11000, 0, 0, 0]);
});

test("votes about the film are folded as Go folds them", () => {
  const lines = golden("motion.jsonl").trim().split("\n").map((line) => JSON.parse(line));
  let state = empty();
  for (let i = 0; i < lines.length; i += 2) {
    state = fold(state, lines[i]);
    assert.deepEqual(plain(state.motion ?? null), lines[i + 1], JSON.stringify(lines[i]));
  }
  assert.deepEqual(["g", "h"].map((id) => asks({ ...state, policy: { drive: "moderator", vote: true } }, id)), [true, false]);
});

// Which badges a member has, and who can be given a month.
import assert from "node:assert/strict";
import test from "node:test";
import { badgesOf, receivers, subscribed } from "../js/core/badges.js";
import { empty, fold } from "../js/core/log.js";

const DAY = 86400000;
const now = 1763843200000;
const member = (id, more = {}) => ({ id, name: id, role: "guest", region: "FR", tiers: [], screens: [{ id: `${id}1`, kind: "page" }], ...more });
const kinds = (m) => badgesOf(m, now).map(({ kind, level }) => `${kind}${level || ""}`).join(" ");

test("badges say role, months, cheers and the first evening", () => {
  assert.equal(kinds(undefined), "");
  assert.equal(kinds(member("a")), "");
  assert.equal(kinds(member("a", { role: "host" })), "host");
  assert.equal(kinds(member("a", { role: "moderator", first: true, ever: 1200, months: 7, until: now + 1 })), "moderator sub6 cheers1000 first");
  assert.equal(kinds(member("a", { months: 12, until: now })), "", "a subscription that has ended");
  for (const [months, level] of [[1, 1], [2, 1], [3, 3], [6, 6], [11, 6], [40, 12]]) assert.equal(kinds(member("a", { months, until: now + DAY })), `sub${level}`);
  assert.equal(kinds(member("a", { ever: 99 })), "");
});

test("a month is for who has none or is in the last week of one", () => {
  const members = Object.fromEntries([member("me"), member("here"), member("away", { screens: [] }), member("last", { until: now + 6 * DAY }), member("runs", { until: now + 8 * DAY }), member("boss", { role: "host" }), member("gone", { removed: true })].map((m) => [m.id, m]));
  const { all, here } = receivers(members, "me", now);
  assert.deepEqual([all.map((m) => m.id), here], [["here", "away", "last"], 2]);
  assert.equal(subscribed(members.runs, now), true);
});

test("Bits go to the host, months to who is given them", () => {
  const state = { ...empty(), members: { host: member("host"), a: member("a", { bits: 1000 }), b: member("b", { until: 9 }) } };
  const after = [{ said: { text: "Cheer5", bits: 5 } }, { subscribed: { text: "", months: 1, until: 50, price: 100 } }, { gifted: { to: [{ member: "b", months: 1, until: 40 }, { member: "elsewhere", months: 1, until: 40 }], price: 100 } }]
    .reduce((s, fact, i) => fold(s, { seq: i + 1, at: 1, by: "a", ...fact }), state);
  const { a, b, host } = after.members;
  assert.deepEqual([a.bits, a.ever, a.cheered, a.months, a.until, b.months, b.until, host.bits], [695, 5, 305, 1, 50, 1, 40, 305]);
});

// Whom the film waits for: who, why, and what one may do about it.
import assert from "node:assert/strict";
import test from "node:test";
import { Emitter } from "../js/core/emitter.js";
import { Waits, grouped } from "../js/core/waits.js";
import { readPatience, ruleWords } from "../js/desk/waiting.js";
import { doingWords } from "../js/desk/people.js";
import { Minute, worth } from "../js/desk/sync.js";
import { quantile } from "../js/core/drift.js";
import { t } from "../js/i18n/index.js";
import { headline, offer, reason } from "../js/parts/waiting.js";

const late = (member, screen, since = 0, why = "network") => ({ member, screen, why, since });
const name = (id) => ({ s: "Sofa", d: "Den", a: "Attic" })[id];
const say = (list, mine = () => false) => {
  const [key, params] = headline(grouped(list, mine), name);
  return t(key, params);
};

test("a sentence for one, for several, for oneself", () => {
  assert.equal(say([late("s", "1")]), "Waiting for Sofa");
  assert.equal(say([late("s", "1"), late("d", "2")]), "Waiting for Sofa and 1 other");
  assert.equal(say([late("s", "1", 9), late("d", "2", 5), late("a", "3", 7)]), "Waiting for Den and 2 others");
  assert.equal(say([late("s", "1"), late("s", "2")]), "Waiting for Sofa", "two screens of one member");
  const mine = (screen) => screen === "3";
  assert.equal(say([late("a", "3", 7)], mine), "The others are waiting for you");
  assert.equal(say([late("s", "1", 1), late("a", "3", 7)], mine), "The others are waiting for you and 1 other");
});

test("why, of others and of oneself", () => {
  assert.equal(reason({ ...late("s", "1"), mine: false }), "their network is slow");
  assert.equal(reason({ ...late("s", "1", 0, "decoder"), mine: true }), "this device is still decoding");
  assert.equal(reason({ ...late("s", "1", 0, "silent"), mine: false }), "nothing heard from them");
  assert.equal(reason({ ...late("s", "1", 0, "of tomorrow"), mine: false }), "their network is slow");
});

test("one's own turn to be converted is said to oneself", () => {
  const first = "Converted for you after 3 others";
  assert.equal(reason({ ...late("s", "1", 0, "convert"), mine: true }, first), first);
  assert.notEqual(reason({ ...late("s", "1", 0, "convert"), mine: false }, first), first);
  assert.notEqual(reason({ ...late("s", "1", 0, "network"), mine: true }, first), first);
});

test("who may say enough", () => {
  const now = { vote: false, drives: false, ready: true, mine: false, voted: false };
  assert.equal(offer(now), "");
  assert.equal(offer({ ...now, drives: true }), "go");
  assert.equal(offer({ ...now, drives: true, mine: true, ready: false }), "goMine");
  assert.equal(offer({ ...now, vote: true }), "go");
  assert.equal(offer({ ...now, vote: true, ready: false }), "", "who is not ready has no vote");
  assert.equal(offer({ ...now, vote: true, voted: true }), "voted");
});

test("what the house tells stands until it tells otherwise", () => {
  const session = Object.assign(new Emitter(), { screen: "x", state: { timeline: { hold: 5 }, members: {} }, watch: () => {} });
  const waits = new Waits(/** @type {any} */ (session));
  let told = 0;
  waits.on("changed", () => told++);
  assert.equal(waits.why("s"), undefined);
  session.emit("signal", { drift: { ms: 1 } });
  session.emit("signal", { waiting: { for: [late("s", "s4/x", 1, "decoder")], until: 99, ready: 2 } });
  assert.deepEqual([told, waits.why("s"), waits.until, waits.ready], [1, "decoder", 99, 2]);
  assert.ok(waits.mine("x") && waits.mine("s4/x") && !waits.mine("y/xx") && !waits.mine("x/y"));
  session.state.timeline = { hold: 0 };
  assert.equal(waits.why("s"), undefined, "nothing is held");
  session.state.timeline = { hold: 5 };
  session.emit("signal", { waiting: { for: [] } });
  assert.equal(waits.why("s"), undefined);
  session.emit("signal", { waiting: { for: [late("s", "y")] } });
  session.emit("welcome", {});
  assert.equal(waits.why("s"), undefined, "another connection may have missed the end");
});

test("the rule in words, and its seconds", () => {
  assert.equal(ruleWords({ drive: "host" }), "Everybody, up to 5 s");
  assert.equal(ruleWords({ drive: "host", wait: "all", patience: 30 }), "Everybody, up to 30 s");
  assert.equal(ruleWords({ drive: "host", wait: "vote", patience: 30 }), "Until most say go on");
  assert.deepEqual(["1", "60", "0", "61", "2.5", "", " ", "x"].map(readPatience), [1, 60, ...Array(6).fill(undefined)]);
});

test("what somebody does, as the host reads it", () => {
  assert.equal(doingWords("playing"), "watching");
  assert.equal(doingWords("waiting", "network"), "loading: slow network");
  assert.equal(doingWords("seeking", "decoder", "silent"), "waited for: nothing heard");
});

test("the last minute of all screens", () => {
  const minute = new Minute();
  assert.equal(minute.read(0).screens, 0);
  for (let s = 0; s < 30; s++) for (const screen of ["a", "b"]) minute.add(screen, screen === "a" ? 1 : -4, s * 2000);
  const { screens, drift } = minute.read(58000);
  assert.equal(screens, 2);
  assert.ok(quantile(drift, 0.5) <= 1 && quantile(drift, 0.95) > 3 && quantile(drift, 1) === 5);
  minute.add("a", 1, 110000);
  assert.equal(minute.read(110000).screens, 2, "some of it is not yet a minute old");
  assert.equal(minute.read(119000).screens, 1);
  assert.equal(minute.read(400000).screens, 0);
  assert.deepEqual([2, -20, 50, -500].map(worth), ["yes", "yes", "fair", "no"]);
});

// A page's place at the party, over a line that breaks.
import assert from "node:assert/strict";
import test from "node:test";
import { Session } from "../js/core/session.js";

globalThis.location = /** @type {any} */ ({ href: "http://127.0.0.1:8470/" });

class Line {
  readyState = 0;
  sent = [];
  open() {
    this.readyState = 1;
    this.onopen();
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  /** What was sent of a kind. */
  of(kind) {
    return this.sent.filter((f) => kind in f).map((f) => f[kind]);
  }
}

function scene() {
  const lines = [];
  const timers = [];
  const beats = [];
  const world = {
    open: () => (lines.push(new Line()), lines.at(-1)),
    setTimeout: (f, ms) => timers.push({ f, ms }),
    clearTimeout: () => {}, setInterval: (f) => (beats.push(f), 0), clearInterval: () => {},
  };
  const session = new Session({ member: "me", name: "Me", role: "guest", region: "FR", tiers: [], party: "k", token: "t0" }, "fr", world);
  session.start();
  const welcome = (more = {}) => lines.at(-1).say({ welcome: { v: 1, party: "k", member: "me", screen: "s", time: 1, ...more } });
  const snapshot = (seq, messages = []) => ({ id: "k", name: "Friday", seq, opened: 1, policy: { drive: "moderator" }, members: { me: { id: "me", name: "Me", role: "guest", screens: [] } }, timeline: { pos: 0, at: 0, rate: 0 }, queue: [], messages });
  const retry = () => timers.filter((t) => t.ms >= 180).pop().f();
  return { session, lines, timers, beats, welcome, snapshot, retry };
}

test("hello carries the token; the first has no place in the log", () => {
  const s = scene();
  s.lines[0].open();
  assert.deepEqual(s.lines[0].sent, [{ hello: { v: 1, token: "t0", screen: "page", lang: "fr" } }]);
});

test("after a break it resumes where it was and sends again what was not answered, with the same nonce", () => {
  const s = scene();
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  const nonce = s.session.wish("say", { text: "hello" });
  assert.deepEqual(s.lines[0].of("wish"), [{ nonce, say: { text: "hello" } }]);
  s.lines[0].onclose();
  assert.equal(s.session.status, "lost");
  const second = s.session.wish("say", { text: "still there?" });
  s.retry();
  s.lines[1].open();
  assert.deepEqual(s.lines[1].of("hello")[0].seq, 7);
  s.welcome();
  assert.deepEqual(s.lines[1].of("wish").map((w) => w.nonce), [nonce, second]);
  assert.equal(s.session.status, "live");
});

test("a line is pending until its own record is there, whatever comes first", () => {
  for (const order of [["ok", "record"], ["record", "ok"]]) {
    const s = scene();
    s.lines[0].open();
    s.welcome({ snapshot: s.snapshot(7) });
    const nonce = s.session.wish("say", { text: "hi" });
    const frames = { ok: { ok: { nonce, seq: 8 } }, record: { record: { seq: 8, at: 2, by: "me", nonce, said: { text: "hi" } } } };
    s.lines[0].say(frames[order[0]]);
    s.lines[0].say(frames[order[1]]);
    assert.deepEqual(s.session.pending, []);
    assert.equal(s.session.state.messages.length, 1);
  }
});

test("a line whose record came inside a snapshot is not shown twice", () => {
  const s = scene();
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  const nonce = s.session.wish("say", { text: "hi" });
  s.lines[0].say({ ok: { nonce, seq: 8 } });
  assert.equal(s.session.pending.length, 1);
  s.lines[0].onclose();
  s.retry();
  s.lines[1].open();
  s.welcome({ snapshot: s.snapshot(9, [{ seq: 8, at: 2, by: "me", text: "hi" }]) });
  assert.deepEqual(s.session.pending, []);
  assert.deepEqual(s.lines[1].of("wish"), []);
});

test("a refused line stays, marked, and is not sent again", () => {
  const s = scene();
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  const nonce = s.session.wish("say", { text: "hi" });
  s.lines[0].say({ refused: { nonce, code: "WP-MUTED", reason: "You are muted." } });
  assert.equal(s.session.pending[0].code, "WP-MUTED");
  s.lines[0].onclose();
  s.retry();
  s.lines[1].open();
  s.welcome();
  assert.deepEqual(s.lines[1].of("wish"), []);
  s.session.forget(nonce);
  assert.deepEqual(s.session.pending, []);
});

test("a gap in the log asks for a snapshot", () => {
  const s = scene();
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  s.lines[0].say({ record: { seq: 9, at: 2, by: "x", said: { text: "lost one" } } });
  assert.equal(s.session.status, "lost");
  s.retry();
  s.lines[1].open();
  assert.equal(s.lines[1].of("hello")[0].seq, undefined);
});

test("where nothing is heard after a ping, a new connection that opens first takes the place, at the same seat", async () => {
  for (const answered of [false, true]) {
    const s = scene();
    s.lines[0].open();
    s.welcome({ snapshot: s.snapshot(7) });
    const nonce = s.session.wish("say", { text: "hello" });
    await new Promise((done) => setTimeout(done, 5)); // the page's own clock goes on
    s.beats.at(-1)();
    s.timers.filter((t) => t.ms === 800).pop().f();
    assert.equal(s.lines.length, 2);
    if (answered) s.lines[0].say({ pong: { id: 1, time: 1 } });
    s.lines[1].open();
    assert.equal(s.lines[0].readyState, answered ? 1 : 3);
    assert.equal(s.lines[1].readyState, answered ? 3 : 1);
    assert.deepEqual(s.lines[1].of("hello").map((h) => [h.seq, h.was]), answered ? [] : [[7, "s"]]);
    assert.equal(s.session.status, "live");
    if (answered) continue;
    s.welcome();
    assert.deepEqual(s.lines[1].of("wish").map((w) => w.nonce), [nonce]);
  }
});

test("tries get rarer, to five seconds at most", () => {
  const s = scene();
  const waits = [];
  for (let i = 0; i < 9; i++) {
    s.lines.at(-1).onclose();
    waits.push(s.timers.at(-1).ms);
    s.timers.at(-1).f();
  }
  waits.forEach((ms, i) => assert.ok(ms >= 0.74 * Math.min(5000, 250 * 2 ** i) && ms <= 1.26 * Math.min(5000, 250 * 2 ** i), `${i}: ${ms}`));
});

test("bye: again comes back by itself, else it is over", () => {
  const s = scene();
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  const byes = [];
  s.session.on("bye", (b) => byes.push(b.code));
  s.lines[0].say({ bye: { code: "WP-MOVED", reason: "", again: true } });
  assert.equal(s.session.status, "lost");
  s.retry();
  s.lines[1].open();
  assert.equal(s.lines[1].of("hello")[0].party, undefined, "another party has another log");
  s.lines[1].say({ bye: { code: "WP-REMOVED", reason: "", again: false } });
  assert.equal(s.session.status, "over");
  assert.deepEqual(byes, ["WP-REMOVED"]);
});

test("watch tells only of what it was asked for", () => {
  const s = scene();
  let told = 0;
  s.session.watch((state) => [state.members], () => told++);
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  s.lines[0].say({ record: { seq: 8, at: 2, by: "me", said: { text: "hi" } } });
  assert.equal(told, 1);
  s.lines[0].say({ record: { seq: 9, at: 2, by: "me", came: { id: "s", kind: "page" } } });
  assert.equal(told, 2);
});

test("frames that it does not know are passed over", () => {
  const s = scene();
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  s.lines[0].say({ firework: { size: 3 } });
  assert.equal(s.session.status, "live");
});

test("who asks learns what came of it, after the record is folded", async () => {
  for (const order of [["ok", "record"], ["record", "ok"]]) {
    const s = scene();
    s.lines[0].open();
    s.welcome({ snapshot: s.snapshot(7) });
    let name = "";
    const answer = s.session.ask("rename", { name: "Other" }).then((no) => ((name = s.session.myself.name), no));
    const [{ nonce }] = s.lines[0].of("wish");
    const frames = { ok: { ok: { nonce, seq: 8 } }, record: { record: { seq: 8, at: 2, by: "me", nonce, renamed: { name: "Other" } } } };
    for (const kind of order) s.lines[0].say(frames[kind]);
    assert.equal(await answer, null);
    assert.equal(name, "Other");
  }
  const s = scene();
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  const answer = s.session.ask("grant", { member: "x", region: "XX" });
  s.lines[0].say({ refused: { nonce: s.lines[0].of("wish")[0].nonce, code: "WP-BAD", reason: "no region" } });
  assert.equal((await answer).code, "WP-BAD");
});

test("a wish that changed nothing is done at once", async () => {
  const s = scene();
  s.lines[0].open();
  s.welcome({ snapshot: s.snapshot(7) });
  const answer = s.session.ask("pause");
  s.lines[0].say({ ok: { nonce: s.lines[0].of("wish")[0].nonce, seq: 0 } });
  assert.equal(await answer, null);
});

test("tries that failed in a row are counted until it is welcome again, however often somebody hurries", () => {
  const s = scene();
  const told = [];
  s.session.on("lost", (n) => told.push(n));
  for (let i = 0; i < 12; i++) {
    s.lines.at(-1).onclose();
    s.session.hurry();
  }
  assert.deepEqual(told, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  s.lines.at(-1).open();
  s.welcome({ snapshot: s.snapshot(7) });
  s.lines.at(-1).onclose();
  assert.equal(told.at(-1), 0);
});

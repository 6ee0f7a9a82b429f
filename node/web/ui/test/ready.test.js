// Readiness: a page that is held says when it could start, and starts without a further seek.
import assert from "node:assert/strict";
import test from "node:test";
import { scene } from "./scene.js";

test("held at a new place it is ready once it is there, with pictures", async () => {
  const s = scene((p) => (p.readyState = 2));
  s.set({ pos: 40, hold: s.clock.now() + 5000 });
  await s.world.pass(300);
  assert.equal(s.follow.doing, "seeking");
  await s.world.pass(3000);
  assert.equal(s.follow.doing, "waiting", "there, and without a picture");
  s.player.readyState = 4;
  await s.world.pass(100);
  assert.equal(s.follow.doing, "paused");
  assert.equal(s.follow.rests, 40);
});

test("a browser that fetches only when it plays is as ready as it gets", async () => {
  const s = scene((p) => Object.assign(p, { readyState: 1, networkState: 1 }));
  s.set({ pos: 40 });
  await s.world.pass(2000);
  assert.equal(s.follow.doing, "paused");
});

test("a held start goes without a seek of its own", async () => {
  const s = scene();
  s.set({ pos: 40, hold: s.clock.now() + 5000 });
  await s.world.pass(1200);
  const seeks = s.player.seeks;
  s.set({ at: s.clock.now() + 170, rate: 1, hold: undefined });
  await s.world.pass(600);
  assert.equal(s.player.seeks, seeks);
  assert.equal(s.follow.doing, "playing");
  assert.ok(Math.abs(s.error()) < 8, `${s.error()}`);
});

test("in a pause it is ready at once, and says what warning it needs", async () => {
  const s = scene();
  s.clock.error = 30;
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(2000);
  s.pause();
  await s.world.pass(800);
  assert.equal(s.follow.doing, "paused");
  assert.ok(s.follow.need >= 60 + Math.max(s.follow.learnt.seek.lag, s.follow.learnt.pause.lag), `${s.follow.need}`);
});

test("who is left behind by a held start catches up by itself", async () => {
  const s = scene((p) => (p.readyState = 1));
  s.set({ pos: 40, hold: s.clock.now() + 5000 });
  await s.world.pass(5000);
  s.set({ at: s.clock.now() + 100, rate: 1, hold: undefined });
  await s.world.pass(4000);
  assert.notEqual(s.follow.doing, "paused");
  s.player.readyState = 4;
  s.player.slip(-3);
  await s.world.pass(4000);
  assert.equal(s.follow.doing, "playing");
  assert.ok(Math.abs(s.error()) < 12, `${s.error()}`);
});

test("behind by choice: as far behind as was asked, through a pause too, until it is over", async () => {
  const s = scene();
  s.set({ pos: 100, at: s.clock.now() - 30000, rate: 1 });
  await s.world.pass(2000);
  s.follow.behind = 7;
  await s.world.pass(3000);
  assert.ok(Math.abs(s.error() + 7000) < 15, `${s.error()}`);
  s.pause();
  await s.world.pass(1000);
  assert.ok(Math.abs(s.error() + 7000) < 5, `${s.error()}`);
  s.playAt();
  await s.world.pass(3000);
  assert.ok(Math.abs(s.error() + 7000) < 15, `${s.error()}`);
  s.follow.behind = 0;
  await s.world.pass(3000);
  assert.ok(Math.abs(s.error()) < 15, `${s.error()}`);
});

test("a screen whose sound is late plays ahead, and pauses on everybody's frame", async () => {
  const s = scene();
  s.follow.offset = 120;
  s.set({ pos: 10 });
  await s.world.pass(600);
  s.playAt();
  await s.world.pass(5000);
  assert.ok(Math.abs(s.error() - 120) < 8, `${s.error()}`);
  s.follow.offset = -40;
  await s.world.pass(12000);
  assert.ok(Math.abs(s.error() + 40) < 8, `${s.error()}`);
  s.pause();
  await s.world.pass(1000);
  assert.ok(Math.abs(s.error()) < 5, `${s.error()}`);
});

test("why there is no picture", () => {
  const s = scene((p) => (p.buffered = { length: 1, start: () => 0, end: () => 9 }));
  s.player.networkState = 1;
  assert.equal(s.follow.why, "decoder");
  s.player.networkState = 2; // it loads what comes next, and nothing comes
  assert.equal(s.follow.why, "network");
  s.player.dispatchEvent(new Event("progress"));
  assert.equal(s.follow.why, "decoder");
  s.player.buffered = { length: 0 };
  assert.equal(s.follow.why, "network");
});

test("a film that opens late costs its own time, and no further caution", async () => {
  const s = scene((p) => (p.seekTime = 1500));
  s.set({ pos: 100, at: s.clock.now() - 30000, rate: 1 });
  await s.world.pass(1000);
  s.player.seekTime = 150; // bytes and decoder are there now
  await s.world.pass(1200);
  assert.equal(s.follow.doing, "playing");
  assert.ok(s.follow.learnt.seekTime < 300, `${s.follow.learnt.seekTime}`);
  await s.world.pass(500);
  assert.ok(Math.abs(s.error()) < 12, `${s.error()}`);
});

test("a first start that goes wrong by more than a picture is made again, once", async () => {
  const s = scene((p) => (p.lag = { seek: 190, pause: 3 }));
  s.set({ pos: 100, at: s.clock.now() - 30000, rate: 1 });
  await s.world.pass(3500);
  assert.equal(s.follow.counts.starts, 2);
  assert.ok(Math.abs(s.error()) < 30, `${s.error()}`);
  await s.world.pass(10000);
  assert.equal(s.follow.counts.starts, 2);
  assert.ok(Math.abs(s.error()) < 5, `${s.error()}`);
});

// The controller in simulated time.
import assert from "node:assert/strict";
import test from "node:test";
import { HABITS } from "../js/core/follow.js";
import { scene } from "./scene.js";

test("play from a pause starts on the instant", async () => {
  const s = scene();
  s.set({ pos: 20 });
  await s.world.pass(1000);
  const seeks = s.player.seeks;
  s.playAt();
  assert.ok(s.player.paused, "waits for the instant");
  await s.world.pass(1000);
  assert.equal(s.player.seeks, seeks, "needs no seek");
  assert.ok(Math.abs(s.error()) < 6, `${s.error()}`); // the first guess of the lag is 80, it is 85
  assert.equal(s.follow.doing, "playing");
});

test("the same timeline, told again while a start is planned, changes nothing", async () => {
  const s = scene();
  s.set({ pos: 20 });
  await s.world.pass(1000);
  s.set({ pos: 40, at: s.clock.now() + 450, rate: 1 });
  for (let i = 0; i < 8; i++) {
    await s.world.pass(50);
    s.follow.set({ ...s.line() });
  }
  await s.world.pass(800);
  assert.equal(s.player.seeks, 2);
  assert.equal(s.follow.counts.starts, 1);
  assert.ok(Math.abs(s.error()) < 6, `${s.error()}`);
});

test("a late joiner is placed, and disturbs nobody", async () => {
  const s = scene();
  s.set({ pos: 100, at: s.clock.now() - 30000, rate: 1 });
  await s.world.pass(1500);
  assert.equal(s.follow.counts.starts, 1);
  assert.ok(Math.abs(s.error()) < 12, `${s.error()}`);
});

test("lags are learnt, apart for seek and pause", async () => {
  const s = scene((p) => (p.lag = { seek: 140, pause: 30 }));
  s.set({ pos: 0 });
  await s.world.pass(500);
  for (let i = 0; i < 6; i++) {
    s.playAt();
    await s.world.pass(4000);
    s.set({ pos: 60 + i * 40, at: s.clock.now() + 450, rate: 1 });
    await s.world.pass(4000);
    s.pause();
    await s.world.pass(1000);
  }
  assert.ok(Math.abs(s.follow.learnt.seek.lag - 140) < 5, `${s.follow.learnt.seek.lag}`);
  assert.ok(Math.abs(s.follow.learnt.pause.lag - 30) < 5, `${s.follow.learnt.pause.lag}`);
  s.set({ pos: 400, at: s.clock.now() + 450, rate: 1 });
  await s.world.pass(1400);
  assert.ok(Math.abs(s.error()) < 4, `${s.error()}`);
});

test("a slow device starts a little later, and right", async () => {
  const s = scene((p) => (p.seekTime = 900));
  s.set({ pos: 100, at: s.clock.now() + 450, rate: 1 });
  await s.world.pass(6000);
  assert.ok(Math.abs(s.error()) < 12, `${s.error()}`);
  assert.ok(s.player.seeks <= 4);
});

test("drift is held inside the dead band by few changes of speed", async () => {
  const s = scene((p) => (p.drift = 200));
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(2000);
  let worst = 0;
  for (let i = 0; i < 1200; i++) {
    await s.world.pass(50);
    worst = Math.max(worst, Math.abs(s.error()));
  }
  assert.ok(worst < 7, `${worst}`);
  assert.ok(s.follow.counts.speeds < 40, `${s.follow.counts.speeds} changes in a minute`);
  assert.equal(s.follow.counts.starts, 1);
});

test("without drift nothing is touched for a minute", async () => {
  const s = scene();
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(10000); // the first guess of the lag is 5 ms off, and that is worked off
  const { speeds } = s.follow.counts;
  await s.world.pass(60000);
  assert.equal(s.follow.counts.speeds, speeds);
});

test("a small slip is worked off by speed, a large one by a scheduled start", async () => {
  const s = scene();
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(3000);
  s.player.slip(-0.06);
  await s.world.pass(1000);
  assert.ok(s.player.playbackRate > 1.01 && s.player.preservesPitch, "fast, with its pitch kept");
  await s.world.pass(2500);
  assert.ok(s.player.playbackRate <= 1.005 && !s.player.preservesPitch, "the rest too slowly to be heard");
  await s.world.pass(5000);
  assert.ok(Math.abs(s.error()) < 5, `${s.error()}`);
  assert.equal(s.follow.counts.starts, 1);
  assert.ok(s.follow.counts.speeds > 0);
  s.player.slip(2);
  await s.world.pass(3000);
  assert.equal(s.follow.counts.starts, 2);
  assert.ok(Math.abs(s.error()) < 12, `${s.error()}`);
});

test("far off again at once: not twice within a second and a half", async () => {
  const s = scene();
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  for (let i = 0; i < 100; i++) {
    await s.world.pass(100);
    s.player.slip(0.4);
  }
  assert.ok(s.follow.counts.starts <= 8, `${s.follow.counts.starts} starts in ten seconds`);
});

test("pause goes on until the agreed instant and settles on the exact frame", async () => {
  const s = scene();
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(3000);
  s.pause();
  await s.world.pass(100);
  assert.ok(!s.player.paused, "plays on");
  await s.world.pass(400);
  assert.ok(s.player.paused);
  assert.ok(Math.abs(s.player.currentTime - s.line().pos) <= 0.004);
  assert.equal(s.follow.doing, "paused");
});

test("one tap: a browser that denies play is blocked until somebody taps", async () => {
  const s = scene((p) => (p.denies = true));
  s.set({ pos: 50, at: s.clock.now() - 5000, rate: 1 });
  await s.world.pass(2000);
  assert.equal(s.follow.doing, "blocked");
  s.player.denies = false;
  s.follow.unlock();
  await s.world.pass(2000);
  assert.equal(s.follow.doing, "playing");
  assert.ok(Math.abs(s.error()) < 12, `${s.error()}`);
});

test("hidden and stopped is away, and comes back by a scheduled start", async () => {
  let hidden = false;
  const s = scene(() => {}, { hidden: () => hidden });
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(2000);
  hidden = true;
  s.player.pause();
  await s.world.pass(20000);
  assert.equal(s.follow.doing, "away");
  hidden = false;
  s.follow.seen();
  await s.world.pass(2000);
  assert.equal(s.follow.doing, "playing");
  assert.ok(Math.abs(s.error()) < 12, `${s.error()}`);
});

test("stopped by somebody else while looked at: started once, then a tap is asked for", async () => {
  const s = scene();
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(2000);
  s.player.pause();
  await s.world.pass(1500);
  assert.equal(s.follow.doing, "playing");
  s.player.pause();
  await s.world.pass(200);
  assert.equal(s.follow.doing, "blocked");
});

test("without bytes it waits, and says so", async () => {
  const s = scene();
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(2000);
  s.player.readyState = 2;
  s.player.slip(0);
  await s.world.pass(100);
  assert.equal(s.follow.doing, "waiting");
  s.player.slip(-1.2);
  s.player.readyState = 4;
  await s.world.pass(4000);
  assert.equal(s.follow.doing, "playing");
  assert.ok(Math.abs(s.error()) < 12, `${s.error()}`);
});

test("at its end the film rests", async () => {
  const s = scene((p) => (p.duration = 12));
  s.set({ length: 12, pos: 11, at: s.clock.now() + 450, rate: 1 });
  await s.world.pass(6000);
  assert.ok(s.follow.counts.starts <= 1);
  s.set({ pos: 12, at: s.clock.now(), rate: 0 });
  await s.world.pass(500);
  assert.equal(s.follow.doing, "paused");
});

test("Safari's habits: no speeds, rare seeks", async () => {
  const s = scene(() => {}, { habits: HABITS.seeks });
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(3000);
  s.player.slip(-0.05);
  await s.world.pass(3000);
  assert.equal(s.follow.counts.speeds + s.follow.counts.starts, 1);
});

test("a title let go is let go", async () => {
  const s = scene();
  s.set({ pos: 0 });
  await s.world.pass(400);
  s.playAt();
  await s.world.pass(100);
  s.follow.set(null);
  await s.world.pass(2000);
  assert.equal(s.follow.doing, "idle");
  assert.ok(s.player.paused);
});

test("a start begins a little fast, where the player bears it", async () => {
  for (const [habits, fast] of [[HABITS.usual, 1.01], [HABITS.seeks, 1]]) {
    const s = scene(undefined, { habits });
    s.set({ pos: 20 });
    await s.world.pass(1000);
    s.playAt(300);
    await s.world.pass(450);
    assert.equal(s.player.playbackRate, fast);
    await s.world.pass(250);
    assert.equal(s.player.playbackRate, 1);
    await s.world.pass(2000);
    assert.ok(Math.abs(s.error()) < 8, `${s.error()}`);
  }
});

test("what a start has taught is told, to be remembered", async () => {
  const told = [];
  const s = scene((p) => (p.lag = { seek: 140, pause: 30 }), { taught: (l) => told.push(structuredClone(l)) });
  s.set({ pos: 20 });
  await s.world.pass(1000);
  s.playAt();
  await s.world.pass(2000);
  assert.deepEqual(told.at(-1), s.follow.learnt);
  const { lag } = s.follow.learnt.seek; // there was a seek before it
  assert.ok(lag > 110 && lag < 150, `${lag}`);
});

test("a start that is a picture off is not made again where seeks take long", async () => {
  for (const [seekTime, starts] of [[100, 2], [1500, 1]]) {
    const s = scene((p) => {
      p.seekTime = seekTime;
      p.lag = { seek: 160, pause: 160 }; // twice what is assumed
    });
    s.follow.learnt.seekTime = seekTime;
    s.set({ pos: 100, at: s.clock.now() - 30000, rate: 1 });
    await s.world.pass(seekTime * 2 + 3000);
    assert.equal(s.follow.counts.starts, starts, `seeks of ${seekTime} ms`);
    await s.world.pass(8000);
    assert.ok(Math.abs(s.error()) < 8, `${s.error()}`);
  }
});

test("music that is ready begins on the instant, neither fast nor made again where a picture would be", async () => {
  for (const lively of [true, false]) {
    const s = scene((p) => (p.lag = { seek: 20, pause: 3 }), { lively: () => lively });
    await s.world.pass(1000);
    const at = s.clock.now() + 5000;
    s.set({ title: "b", at, began: at, rate: 1 });
    await s.world.pass(4900);
    assert.ok(s.player.paused, "waits");
    await s.world.pass(200);
    assert.equal(s.player.playbackRate === 1, !lively);
    s.set({ title: "b", at, began: at, rate: 1 }); // as the party says it
    await s.world.pass(1500);
    assert.equal(s.follow.counts.starts, lively ? 2 : 1, "60 ms off");
  }
});

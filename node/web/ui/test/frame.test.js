// Many facts, one drawing.
import assert from "node:assert/strict";
import test from "node:test";
import { paced, perFrame } from "../js/core/frame.js";

function scene() {
  const world = { frames: new Map(), timers: new Map(), id: 0, requestAnimationFrame: (f) => (world.frames.set(++world.id, f), world.id), cancelAnimationFrame: (id) => world.frames.delete(id),
    setTimeout: (f) => (world.timers.set(++world.id, f), world.id), clearTimeout: (id) => world.timers.delete(id) };
  let drawn = 0;
  const ask = perFrame(() => drawn++, world);
  return { world, ask, drawn: () => drawn };
}

test("a thousand records are one drawing in the next frame", () => {
  const s = scene();
  for (let i = 0; i < 1000; i++) s.ask();
  assert.equal(s.drawn(), 0);
  assert.equal(s.world.frames.size, 1);
  [...s.world.frames.values()][0]();
  assert.equal(s.drawn(), 1);
  assert.equal(s.world.timers.size, 0, "the fallback is not needed");
  s.ask();
  assert.equal(s.world.frames.size, 1, "asked again, drawn again");
});

test("a hidden page, which gets no frames, draws by a timer", () => {
  const s = scene();
  s.ask();
  [...s.world.timers.values()][0]();
  assert.equal(s.drawn(), 1);
  assert.equal(s.world.frames.size, 0);
});

test("what is dear is drawn at once, and then not before its pause is over", () => {
  const { world } = scene();
  let now = 0, drawn = 0;
  const ask = paced(() => drawn++, () => 1000, { ...world, performance: { now: () => now } });
  const frame = () => [...world.frames.values()].forEach((f) => f());
  const timer = () => [...world.timers].forEach(([id, f]) => (world.timers.delete(id), f()));
  ask();
  frame();
  assert.equal(drawn, 1);
  now = 400;
  for (let i = 0; i < 10; i++) ask();
  frame();
  assert.equal(drawn, 1);
  assert.equal(world.timers.size, 1);
  now = 1000;
  timer();
  frame();
  assert.equal(drawn, 2);
});

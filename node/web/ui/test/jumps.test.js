// Quick jumps add up.
import assert from "node:assert/strict";
import test from "node:test";
import { Emitter } from "../js/core/emitter.js";
import { Jumps } from "../js/core/jumps.js";

function scene() {
  const sent = [];
  const session = Object.assign(new Emitter(), { wish: (kind, body) => (sent.push({ kind, ...body }), String(sent.length)) });
  const jumps = new Jumps(session);
  const press = (by) => jumps.to((jumps.wished ?? 100) + by);
  return { sent, jumps, press, answer: (how) => session.emit(how, { nonce: String(sent.length) }) };
}

test("five presses are five steps, in two wishes", () => {
  const s = scene();
  for (let i = 0; i < 5; i++) s.press(5);
  assert.equal(s.jumps.wished, 125);
  s.answer("done");
  s.answer("done");
  assert.deepEqual(s.sent.map((x) => x.position), [105, 125]);
  assert.equal(s.jumps.wished, null);
});

test("after a refusal the next jump starts from where the film is", () => {
  const s = scene();
  s.press(5);
  s.press(5);
  s.answer("refused");
  assert.equal(s.jumps.wished, null);
  s.press(-10);
  assert.deepEqual(s.sent.map((x) => x.position), [105, 90]);
});

test("somebody else's answer is none of ours", () => {
  const s = scene();
  s.press(5);
  s.answer("nothing");
  assert.equal(s.jumps.wished, 105);
});

// The clock, against the vectors that the Go tests read too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Clock } from "../js/core/clock.js";

const lines = readFileSync(new URL("../../../clock/testdata/clock.jsonl", import.meta.url), "utf8").trim().split("\n");

/** @param {number} got @param {number} want @param {string} what */
function near(got, want, what, grain = 0.002) {
  assert.ok(Math.abs(got - want) <= grain, `${what}: ${got}, want ${want}`);
}

test("golden vectors", () => {
  assert.ok(lines.length >= 20);
  lines.forEach((line, i) => {
    const { samples, wants } = JSON.parse(line);
    let local = samples[0][0];
    const clock = new Clock(() => local);
    samples.forEach(([sent, host, received], n) => {
      local = received;
      clock.add(sent, host, received);
      for (const want of wants) {
        if (want.after !== n + 1) continue;
        local = want.at;
        const where = `line ${i + 1}, after ${want.after}`;
        near(clock.offset, want.offset, `${where}: offset`);
        near(clock.error, want.error, `${where}: error`);
        near(clock.skew * 1e6, want.skew, `${where}: skew`, 0.1);
        near(clock.skewError * 1e6, want.skewError, `${where}: error of the skew`, 0.1);
        near(clock.now() - local, want.now, `${where}: now`);
      }
    });
  });
});

// A world of two clocks: local time passes by `pass`, the host's runs `skew` faster and goes on while this machine sleeps.
function world({ skew = 0, offset = 60000, grain = 0 } = {}) {
  let local = 1000;
  let slept = 0;
  const read = () => (grain ? Math.floor(local / grain) * grain : local);
  const host = () => offset + (local + slept) * (1 + skew);
  const clock = new Clock(read);
  const ping = (there, back) => {
    const sent = read();
    local += there;
    const answer = host();
    local += back;
    clock.add(sent, answer, read());
  };
  return { clock, ping, host, pass: (ms) => (local += ms), sleep: (ms) => (slept += ms), set: (by) => (offset += by) };
}

test("before the first sample it tells local time, and knows nothing", () => {
  const { clock } = world();
  assert.equal(clock.ready, false);
  assert.equal(clock.now(), 1000);
  assert.equal(clock.offset, 0);
  assert.equal(clock.error, Infinity);
  assert.equal(clock.skew, 0);
  near(clock.skewError, 200e-6, "error of the skew", 1e-12);
  clock.add(1000, NaN, 1000);
  clock.add(1000, 5000, 999);
  assert.equal(clock.ready, false);
});

test("time slews to a better estimate and never falls", () => {
  let local = 0;
  const clock = new Clock(() => local);
  clock.add(0, 60300, 600); // 600 ms all the way there
  local = 600;
  clock.add(600, 60600, 600);
  let last = clock.now();
  for (; local < 8000; local += 10) {
    const now = clock.now();
    assert.ok(now >= last && now - last < 11);
    last = now;
  }
  near(clock.now(), clock.offset + local, "now");
});

test("a clock that is rounded to a millisecond keeps its history", () => {
  const w = world({ skew: 80e-6, grain: 1 });
  for (let i = 0; i < 120; i++) {
    w.ping(0.02, 0.03 + (i % 7) * 0.1);
    w.pass(2000.37);
    assert.ok(Math.abs(w.clock.now() - w.host()) <= w.clock.error);
  }
  near(w.clock.skew * 1e6, 80, "skew", 10);
  assert.ok(w.clock.skewError < 25e-6);
  assert.ok(w.clock.error < 4);
});

test("after a sleep the first sample is enough", () => {
  const w = world({ skew: -50e-6 });
  for (let i = 0; i < 60; i++) {
    w.ping(3, 3 + (i % 5));
    w.pass(2000);
  }
  w.sleep(20 * 60000);
  const before = w.clock.now();
  w.ping(3, 5);
  assert.ok(w.clock.now() > before + 19 * 60000);
  assert.ok(Math.abs(w.clock.now() - w.host()) <= w.clock.error && w.clock.error < 6);
  near(w.clock.skewError, 200e-6, "error of the skew", 50e-6 + 1e-9);
});

test("a host that is set back is waited for, unless that takes minutes", () => {
  const w = world();
  w.ping(2, 2);
  w.set(-10000);
  w.ping(2, 2);
  let last = w.clock.now();
  for (let i = 0; i < 4000; i++) {
    w.pass(10);
    const now = w.clock.now();
    assert.ok(now - last >= 5 - 0.001 && now - last <= 10.001);
    assert.ok(Math.abs(now - w.host()) <= w.clock.error);
    last = now;
  }
  near(w.clock.now(), w.host(), "caught up", 5);
  w.set(-90000);
  w.ping(2, 2);
  near(w.clock.now(), w.host(), "set back", 5);
});

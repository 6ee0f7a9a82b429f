// How long somebody waits for a film that the host converts.
import assert from "node:assert/strict";
import test from "node:test";
import { turnAt } from "../js/core/pieces.js";
import { turnWords } from "../js/parts/turn.js";

test("what comes first, and about how long it takes", () => {
  assert.equal(turnWords({ before: 0 }), "The host’s machine is converting the film…");
  assert.equal(turnWords({ before: 1 }), "Converted for you after 1 other");
  assert.equal(turnWords({ before: 3, seconds: 31.2 }), "Converted for you after 3 others · about 35 s");
  assert.equal(turnWords({ before: 60, seconds: 190 }), "Converted for you after 60 others · about 3 min");
});

test("the host is asked for a segment's turn, and of nothing else; no answer is none", async () => {
  /** @type {string[]} */
  const asked = [];
  let answer = () => Promise.resolve(new Response('{"before":2,"seconds":9}'));
  globalThis.fetch = /** @type {any} */ ((/** @type {string} */ url) => (asked.push(url), answer()));
  assert.deepEqual(await turnAt("http://house/m/720/17.m4s"), { before: 2, seconds: 9 });
  assert.deepEqual(await turnAt("http://house/m/file"), { before: 0 });
  assert.deepEqual(asked, ["http://house/m/720/17.turn"]);
  answer = () => Promise.resolve(new Response("", { status: 404 }));
  assert.deepEqual(await turnAt("http://house/m/720/17.m4s"), { before: 0 });
  answer = () => Promise.reject(new Error("no network"));
  assert.deepEqual(await turnAt("http://house/m/720/17.m4s"), { before: 0 });
});

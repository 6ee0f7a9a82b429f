// When to go on trying for a film, and when to say why not.
import assert from "node:assert/strict";
import test from "node:test";
import { heals, judge, probe, UNPLAYABLE } from "../js/core/trouble.js";

const [NETWORK, DECODE, UNSUPPORTED] = [2, 3, 4];

test("a film that the browser cannot read gets one more try", () => {
  for (const error of [DECODE, UNSUPPORTED]) {
    assert.deepEqual(judge(0, error, { status: 206 }), { again: 500 });
    assert.deepEqual(judge(1, error, { status: 206 }), { code: UNPLAYABLE, reason: "" });
  }
});

test("where there is another way to the film it is taken at once, unless the host refuses", () => {
  for (const error of [DECODE, UNSUPPORTED]) assert.deepEqual(judge(0, error, { status: 206 }, true), { other: true });
  assert.deepEqual(judge(0, NETWORK, { status: 206 }, true), { again: 500 });
  assert.deepEqual(judge(0, UNSUPPORTED, { status: 0 }, true), { again: 500 });
  assert.deepEqual(judge(0, UNSUPPORTED, { status: 451, code: "WP-REGION", reason: "no" }, true), { code: "WP-REGION", reason: "no" });
});

test("what passes by itself is tried for ever, more rarely", () => {
  for (const said of [{ status: 0 }, { status: 502, code: "WP-HOST-AWAY", reason: "x" }, { status: 429, code: "WP-SLOW" }]) {
    assert.deepEqual([0, 1, 2, 3, 99].map((n) => judge(n, UNSUPPORTED, said).again), [500, 1500, 4000, 8000, 8000]);
  }
  assert.deepEqual(judge(50, NETWORK, { status: 206 }), { again: 8000 });
});

test("the host's reason is said at once", () => {
  assert.deepEqual(judge(0, UNSUPPORTED, { status: 503, code: "WP-MEDIA-GONE", reason: "gone" }), { code: "WP-MEDIA-GONE", reason: "gone" });
  assert.deepEqual(judge(0, UNSUPPORTED, { status: 415, code: "WP-BAD", reason: "no type" }), { code: "WP-BAD", reason: "no type" });
  assert.deepEqual(judge(0, UNSUPPORTED, { status: 500 }), { again: 500 });
  assert.deepEqual(judge(1, UNSUPPORTED, { status: 500 }), { code: "WP-MEDIA-GONE", reason: "" });
});

test("a conversion that stood still is tried once more, and what the host may mend is looked at again", () => {
  const stall = { status: 503, code: "WP-TRANSCODE-STALL", reason: "halt" };
  assert.deepEqual(judge(0, NETWORK, stall), { again: 500 });
  assert.deepEqual(judge(1, NETWORK, stall), { code: "WP-TRANSCODE-STALL", reason: "halt" });
  assert.deepEqual(judge(0, NETWORK, { status: 507, code: "WP-CACHE-FULL", reason: "full" }), { code: "WP-CACHE-FULL", reason: "full" });
  assert.deepEqual(judge(9, NETWORK, { status: 503, code: "WP-TRANSCODE-BUSY" }), { again: 8000 });
  assert.deepEqual(["WP-CACHE-FULL", "WP-MEDIA-GONE", "WP-TRANSCODE-STALL", "WP-REGION", UNPLAYABLE].map(heals), [true, true, true, false, false]);
});

test("the probe asks for one byte and reads the refusal", async () => {
  const asked = [];
  const answers = [new Response("x", { status: 206, headers: { "Content-Type": "video/mp4" } }), Response.json({ code: "WP-MEDIA-GONE", reason: "gone" }, { status: 503 })];
  globalThis.fetch = async (src, options) => (asked.push([src, options.headers.Range]), answers.shift() ?? Promise.reject(new TypeError("no network")));
  assert.deepEqual(await probe("/f", "en"), { status: 206 });
  assert.deepEqual(await probe("/f", "en"), { status: 503, code: "WP-MEDIA-GONE", reason: "gone" });
  assert.deepEqual(await probe("/f", "en"), { status: 0 });
  assert.deepEqual(asked[0], ["/f", "bytes=0-0"]);
});

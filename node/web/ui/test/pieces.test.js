// Which piece of a film is asked why it does not come.
import assert from "node:assert/strict";
import test from "node:test";
import { crawls, entry, pieceAt } from "../js/core/pieces.js";

const list = "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:4.000000,\n0.m4s\n#EXTINF:4.000000,\n1.m4s\n#EXTINF:1.5,\n2.m4s\n#EXT-X-ENDLIST\n";

test("a moment belongs to a segment, one after the end to the last", () => {
  assert.deepEqual([0, 3.9, 4, 8.1, 99].map((s) => entry(list, s).url), ["0.m4s", "0.m4s", "1.m4s", "2.m4s", "2.m4s"]);
  assert.equal(entry("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n720/list.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1\n480/list.m3u8\n", 50).url, "720/list.m3u8");
  assert.deepEqual(entry("", 5), { url: "", length: 0 });
  assert.equal(entry(list, 99).length, 1.5);
});

test("the piece is found through the playlists, as far as they can be read", async () => {
  globalThis.location = /** @type {any} */ ({ href: "http://house/" });
  const texts = { "http://house/m/main.m3u8": "720/list.m3u8\n", "http://house/m/720/list.m3u8": list };
  globalThis.fetch = async (url) => (texts[url] ? new Response(texts[url]) : new Response("", { status: 503 }));
  assert.equal((await pieceAt("/m/main.m3u8", 5)).url, "http://house/m/720/1.m4s");
  delete texts["http://house/m/720/list.m3u8"];
  assert.equal((await pieceAt("/m/main.m3u8", 5)).url, "http://house/m/720/list.m3u8");
  delete texts["http://house/m/main.m3u8"];
  assert.equal((await pieceAt("/m/main.m3u8", 5)).url, "http://house/m/main.m3u8");
});

test("what counts is how long a piece is on its way, not how long the host makes it", async () => {
  globalThis.location = /** @type {any} */ ({ href: "http://house/" });
  const texts = { "http://house/m/main.m3u8": "720/list.m3u8\n", "http://house/m/720/list.m3u8": list.replaceAll("4.0", "0.01") };
  const slow = (/** @type {Promise<void>} */ made, /** @type {(stopped: Promise<void>) => Promise<void>} */ came) => {
    globalThis.fetch = /** @type {any} */ (async (/** @type {string} */ url, /** @type {any} */ how) => {
      if (texts[url]) return new Response(texts[url]);
      await made;
      return { arrayBuffer: () => came(new Promise((_, no) => how.signal.addEventListener("abort", () => no(new Error("stopped"))))) };
    });
    return crawls("/m/main.m3u8", 0);
  };
  const long = new Promise((made) => setTimeout(made, 50));
  assert.equal(await slow(long, async () => {}), false);
  assert.equal(await slow(Promise.resolve(), (stopped) => stopped), true);
  assert.equal(await slow(Promise.reject(new Error("gone")), async () => {}), false);
});

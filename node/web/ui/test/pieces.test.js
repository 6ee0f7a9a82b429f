// Which piece of a film is asked why it does not come.
import assert from "node:assert/strict";
import test from "node:test";
import { entry, pieceAt } from "../js/core/pieces.js";

const list = "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:4.000000,\n0.m4s\n#EXTINF:4.000000,\n1.m4s\n#EXTINF:1.5,\n2.m4s\n#EXT-X-ENDLIST\n";

test("a moment belongs to a segment, one after the end to the last", () => {
  assert.deepEqual([0, 3.9, 4, 8.1, 99].map((s) => entry(list, s)), ["0.m4s", "0.m4s", "1.m4s", "2.m4s", "2.m4s"]);
  assert.equal(entry("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n720/list.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1\n480/list.m3u8\n", 50), "720/list.m3u8");
  assert.equal(entry("", 5), "");
});

test("the piece is found through the playlists, as far as they can be read", async () => {
  globalThis.location = /** @type {any} */ ({ href: "http://house/" });
  const texts = { "http://house/m/main.m3u8": "720/list.m3u8\n", "http://house/m/720/list.m3u8": list };
  globalThis.fetch = async (url) => (texts[url] ? new Response(texts[url]) : new Response("", { status: 503 }));
  assert.equal(await pieceAt("/m/main.m3u8", 5), "http://house/m/720/1.m4s");
  delete texts["http://house/m/720/list.m3u8"];
  assert.equal(await pieceAt("/m/main.m3u8", 5), "http://house/m/720/list.m3u8");
  delete texts["http://house/m/main.m3u8"];
  assert.equal(await pieceAt("/m/main.m3u8", 5), "http://house/m/main.m3u8");
});

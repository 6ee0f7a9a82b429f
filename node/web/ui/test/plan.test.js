// Which way a browser takes to a film.
import assert from "node:assert/strict";
import test from "node:test";
import { abilities, audible, parse, question, readable, ways } from "../js/core/plan.js";

const HLS = "application/vnd.apple.mpegurl";
/** A browser that knows these containers and codecs. */
const knows = (containers, codecs, more = {}) => ({
  can: (mime) => {
    const { type, codecs: all } = parse(mime);
    return containers.includes(type) && all.every((c) => codecs.some((known) => c.startsWith(known))) ? "probably" : "";
  },
  sniffs: false, mse: true, ...more,
});
const chromium = (more) => knows(["video/mp4", "video/webm", "audio/mpeg"], ["avc1", "mp4a", "vp09", "vp9", "opus", "flac", "av01"], { sniffs: true, ...more });
const firefox = (more) => knows(["video/mp4", "video/webm"], ["avc1", "mp4a", "vp9", "opus"], more);
const safari = (more) => knows(["video/mp4", "video/quicktime", HLS], ["avc1", "mp4a", "hvc1", "ec-3", "ac-3"], more);

const mkv = (codecs) => ({ mime: `video/x-matroska; codecs="${codecs}"`, hls: true });
const way = async (play, browser) => ways(play, await abilities(play, browser));

test("the file itself where the browser says so, the host's HLS elsewhere", async () => {
  const mp4 = { mime: 'video/mp4; codecs="avc1.640028, mp4a.40.2"', hls: true };
  assert.deepEqual(await way(mp4, chromium()), ["file", "mse"]);
  assert.deepEqual(await way(mp4, safari()), ["file", "native", "mse"]);
  assert.deepEqual(await way(mkv("hvc1.2.4.L120, ec-3"), chromium()), ["mse"]);
  assert.deepEqual(await way(mkv("hvc1.2.4.L120, ec-3"), safari()), ["native", "mse"]);
  assert.deepEqual(await way(mkv("hvc1.2.4.L120, ec-3"), safari({ mse: false })), ["native"]);
});

test("Matroska: one browser plays it and says no, others mean it", async () => {
  assert.deepEqual(await way(mkv("avc1.640028, mp4a.40.2"), chromium()), ["file", "mse"]);
  assert.deepEqual(await way(mkv("avc1.640028, ac-3"), chromium()), ["mse"], "the picture alone is not the film");
  assert.deepEqual(await way(mkv("avc1.640028, mp4a.40.2"), firefox()), ["mse"]);
  assert.deepEqual(await way({ mime: "video/x-matroska", hls: true }, chromium()), ["mse"], "nobody knows what is in it");
  assert.deepEqual(await way({ mime: 'video/x-msvideo; codecs="avc1.640028, mp4a.40.2"', hls: true }, chromium()), ["mse"], "no browser reads AVI");
});

test("without HLS there is the file or nothing; an older host says neither", async () => {
  assert.deepEqual(await way({ ...mkv("hvc1.2.4.L120, ec-3"), hls: false }, chromium()), []);
  assert.deepEqual(await way({ mime: 'video/webm; codecs="vp9, opus"' }, firefox()), ["file"]);
  assert.deepEqual(await way(mkv("hvc1"), knows([], [], { mse: false })), []);
  assert.deepEqual(await way({ mime: "", hls: false }, chromium()), ["file"], "nobody knows better");
  assert.deepEqual(await way({ mime: "", hls: true }, chromium()), ["mse"]);
  assert.deepEqual(ways(undefined, { file: false, native: false, mse: false }), ["file"]);
});

test("mediaCapabilities may say no, and only that", async () => {
  const play = { mime: 'video/mp4; codecs="avc1.640028, mp4a.40.2"', hls: true };
  const asked = [];
  const says = (answer) => async (q) => (asked.push(q), answer(q));
  assert.deepEqual(await way(play, firefox({ decoding: says(() => ({ supported: true })) })), ["file", "mse"]);
  assert.deepEqual(asked.map((q) => [q.type, (q.video ?? q.audio).contentType]), [["file", 'video/mp4; codecs="avc1.640028"'], ["file", 'audio/mp4; codecs="mp4a.40.2"']]);
  assert.deepEqual(await way(play, firefox({ decoding: says((q) => ({ supported: !q.video })) })), ["mse"]);
  assert.deepEqual(await way(play, firefox({ decoding: () => Promise.reject(new TypeError("no such question")) })), ["file", "mse"]);
});

test("several sounds are a reason for hls.js, where the browser's own HLS gives no choice", () => {
  const two = '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="x"\n#EXT-X-MEDIA:GROUP-ID="a",TYPE=AUDIO,NAME="y",URI="y"\n';
  assert.deepEqual(audible(["native", "mse"], two, false), ["mse"]);
  assert.deepEqual(audible(["native", "mse"], two, true), ["native", "mse"]);
  assert.deepEqual(audible(["native", "mse"], two.replace("AUDIO", "SUBTITLES"), false), ["native", "mse"]);
  assert.deepEqual(audible(["native"], two, false), ["native"]);
});

test("what is asked under a loose name is not denied for it", async () => {
  const no = { decoding: async () => ({ supported: false }) };
  assert.deepEqual(await way({ mime: 'video/webm; codecs="vp9"', hls: true }, chromium(no)), ["file", "mse"]);
  assert.deepEqual(await way({ mime: 'video/mp4; codecs="avc1.640028"', hls: true }, chromium(no)), ["mse"]);
  const flac = { can: (type) => (type === "audio/flac" || type === 'video/mp4; codecs="flac"' ? "probably" : ""), sniffs: false, mse: true };
  assert.deepEqual(await way({ mime: 'audio/flac; codecs="flac"', hls: true }, flac), ["file", "mse"], "Chromium says no to the pair");
});

test("types are read with and without their codecs", () => {
  assert.deepEqual(parse("Video/MP4"), { type: "video/mp4", codecs: [] });
  assert.deepEqual(parse('video/mp4; codecs="hvc1.2.4.L120, ec-3"'), { type: "video/mp4", codecs: ["hvc1.2.4.L120", "ec-3"] });
  assert.deepEqual(parse("audio/ogg;codecs=opus").codecs, ["opus"]);
  assert.deepEqual(readable("audio/mpeg", chromium().can, true), [], "nothing more to ask");
  assert.ok(question('audio/webm; codecs="opus"').audio && question('video/webm; codecs="vp9"').video);
});

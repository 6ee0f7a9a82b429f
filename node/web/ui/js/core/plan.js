// How this browser should get a film: the file as it lies there, or the host's HLS, read by the
// browser itself or by hls.js.

/** @import {Play} from "./types.js" */

/** @typedef {"file"|"native"|"mse"} Way */
/** @typedef {(type: string) => string} CanPlay as `video.canPlayType` */
/** @typedef {(question: any) => Promise<{supported: boolean}>} Decoding as `navigator.mediaCapabilities.decodingInfo` */
/** @typedef {{file: boolean, native: boolean, mse: boolean}} Abilities what the browser says that it can */

const HLS = "application/vnd.apple.mpegurl";
const PLAIN = ["video/mp4", "video/webm", "audio/mpeg"]; // containers by which to ask for a codec alone
/** Read by who looks at the bytes rather than at the type: their canPlayType says no. */
const SNIFFED = /^(video|audio)\/(x-)?(matroska|m4v)$|^video\/quicktime$/;
const SOUND = /^(mp4a|ac-3|ec-3|ac-4|opus|flac|fLaC|vorbis|mp3|dts|dtsc|alac|pcm|lpcm|mlpa)\b/i;

/**
 * Ways to the film, best first; none: it cannot be played here.
 * @param {Play|undefined} play undefined where the host has not said; without a type where it does not know one
 * @param {Abilities} can
 * @returns {Way[]}
 */
export function ways(play, can) {
  if (!play?.mime && !play?.hls) return ["file"]; // nobody knows better
  /** @type {Way[]} */
  const all = can.file ? ["file"] : [];
  if (play.hls && can.native) all.push("native");
  if (play.hls && can.mse) all.push("mse");
  return all;
}

/**
 * The same ways, where the film has several sounds: first those by which the guest can choose.
 * @param {Way[]} all
 * @param {string} playlist of HLS, which names the sounds
 * @param {boolean} chooses whether the browser's own HLS lets one choose
 */
export function audible(all, playlist, chooses) {
  const several = (playlist.match(/^#EXT-X-MEDIA:.*TYPE=AUDIO/gm) ?? []).length > 1;
  return several && !chooses && all.includes("mse") ? all.filter((w) => w !== "native") : all;
}

/** @param {string} mime @returns {{type: string, codecs: string[]}} */
export function parse(mime) {
  const [type, ...rest] = mime.split(";");
  const codecs = /codecs\s*=\s*"?([^"]*)/i.exec(rest.join(";"))?.[1] ?? "";
  return { type: type.trim().toLowerCase(), codecs: codecs.split(",").map((c) => c.trim()).filter(Boolean) };
}

/**
 * One type for each codec of a file by which the browser says that it knows it; null: it cannot play the file.
 * @param {string} mime of the file, with its codecs
 * @param {CanPlay} can
 * @param {boolean} sniffs whether the browser looks at the bytes
 * @returns {string[]|null}
 */
export function readable(mime, can, sniffs) {
  const { type, codecs } = parse(mime);
  const whole = Boolean(can(mime));
  const alike = codecs.length > 0 && (sniffs && SNIFFED.test(type) || type.startsWith("audio/") && Boolean(can(type)));
  if (!whole && !alike) return null;
  const known = codecs.map((codec) => [type, ...PLAIN].map((t) => `${t}; codecs="${codec}"`).find((t) => can(t)));
  if (!whole && known.some((t) => !t)) return null;
  return known.filter((t) => t !== undefined);
}

/** Whether mediaCapabilities has an opinion: it says no to a picture whose profile is not told. @param {string} type */
function exact(type) {
  const [codec = ""] = parse(type).codecs;
  return codec.includes(".") || SOUND.test(codec);
}

/** What to ask about one codec: usual figures, since nobody knows the film's. @param {string} type */
export function question(type) {
  if (SOUND.test(parse(type).codecs[0] ?? "")) return { type: "file", audio: { contentType: type.replace(/^video/, "audio"), channels: "2", bitrate: 192000, samplerate: 48000 } };
  return { type: "file", video: { contentType: type, width: 1920, height: 1080, bitrate: 8e6, framerate: 25 } };
}

/**
 * @param {Play} play
 * @param {{can: CanPlay, decoding?: Decoding, sniffs: boolean, mse: boolean}} browser
 * @returns {Promise<Abilities>}
 */
export async function abilities(play, { can, decoding, sniffs, mse }) {
  const types = readable(play.mime, can, sniffs);
  const said = await Promise.all(types && decoding ? types.filter(exact).map((t) => decoding(question(t)).then((d) => d.supported, () => true)) : []); // no opinion is no veto
  return { file: types !== null && said.every(Boolean), native: Boolean(can(HLS)), mse };
}

/** One type by which to ask for each container of files, and one name for each codec as the host calls it. */
const CONTAINERS = { mp4: 'video/mp4; codecs="avc1.42E01E, mp4a.40.2"', webm: 'video/webm; codecs="vp8, vorbis"', "x-matroska": 'video/x-matroska; codecs="avc1.42E01E, mp4a.40.2"',
  ogg: 'audio/ogg; codecs="opus"', mpeg: "audio/mpeg", flac: "audio/flac", aac: "audio/aac" };
const CODECS = { h264: "avc1.640028", "h264-10": "avc1.6e0028", hevc: "hvc1.1.6.L93.B0", "hevc-10": "hvc1.2.4.L93.B0", vp8: "vp8", vp9: "vp09.00.31.08", "vp9-10": "vp09.02.31.10",
  av1: "av01.0.05M.08", "av1-10": "av01.0.05M.10", aac: "mp4a.40.2", mp3: "mp3", opus: "opus", vorbis: "vorbis", flac: "flac", ac3: "ac-3", eac3: "ec-3", alac: "alac" };

/**
 * What this browser can play of all that there is, for the host to plan with.
 * @param {{can: CanPlay, decoding?: Decoding, sniffs: boolean, mse: boolean}} browser
 */
export async function repertoire(browser) {
  const { can, decoding, sniffs, mse } = browser;
  const containers = Object.entries(CONTAINERS).filter(([, mime]) => readable(mime, can, sniffs) !== null).map(([name]) => name);
  /** @param {string} codec */
  const known = async (codec) => {
    const type = PLAIN.map((plain) => `${plain}; codecs="${codec}"`).find((x) => can(x));
    if (!type) return false;
    return !decoding || !exact(type) || decoding(question(type)).then((d) => d.supported, () => true);
  };
  const said = await Promise.all(Object.values(CODECS).map(known));
  return { player: "browser", containers, codecs: Object.keys(CODECS).filter((_, i) => said[i]), hls: can(HLS) ? "native" : mse ? "mse" : "" };
}

/** This browser. @param {HTMLVideoElement} video */
export function thisBrowser(video) {
  const { mediaCapabilities, userAgent } = navigator;
  return {
    can: (/** @type {string} */ type) => video.canPlayType(type),
    decoding: mediaCapabilities?.decodingInfo && ((/** @type {any} */ q) => mediaCapabilities.decodingInfo(q)),
    sniffs: /chrom(e|ium)/i.test(userAgent),
    mse: "MediaSource" in window || "ManagedMediaSource" in window,
  };
}

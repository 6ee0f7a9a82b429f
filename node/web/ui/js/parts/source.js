// Where the film's bytes come from: the file, HLS by the browser, or HLS by hls.js, which is fetched
// only when it is needed. It goes from one way to the next where a way turns out not to lead there.

import { Emitter } from "../core/emitter.js";
import { abilities, audible, thisBrowser, ways } from "../core/plan.js";
import { recall, remember } from "../core/prefs.js";
import { crawls, pieceAt } from "../core/pieces.js";
import { inFile, own, short, wanted } from "../core/sounds.js";
import { probe } from "../core/trouble.js";

/** @import {Play, Title} from "../core/types.js" */
/** @import {Way} from "../core/plan.js" */

/** @typedef {{label: string, lang: string, on: boolean}} Sound a choice of what is heard */

const HLS = new URL("../../vendor/hls.min.mjs", import.meta.url).href;
const NETWORK = 2; // MediaError: MEDIA_ERR_NETWORK, MEDIA_ERR_DECODE
const DECODE = 3;
const FAST = 20e6; // bit/s that a network at home is taken for: begin with the best, or the host makes two
const SLOW = 2; // pieces of a film that halted that take too long one after the other: a smaller size is asked for
const AHEAD = 30; // seconds fetched ahead, and kept behind

/** What hls.js shall leave alone: subtitles are the page's own, and nobody here has DRM or a worker. */
const WITHOUT = { subtitleTrackController: undefined, subtitleStreamController: undefined, timelineController: undefined, emeController: undefined, enableWorker: false };

/** hls.js asks again by itself where the network fails; what the host refuses is for the page to say. */
const OURS = { default: { maxTimeToFirstByteMs: 20000, maxLoadTimeMs: 120000, timeoutRetry: { maxNumRetry: 4, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 6, retryDelayMs: 1000, maxRetryDelayMs: 8000,
    shouldRetry: (/** @type {any} */ _, /** @type {number} */ __, /** @type {boolean} */ ___, /** @type {any} */ answer, /** @type {boolean} */ retry) => retry && !(answer?.code >= 400) } } };

/** @extends {Emitter<{failed: number, sounds: Sound[], none: undefined}>} */
export class Source extends Emitter {
  /** @type {Way|undefined} how the film comes now */
  way;
  /** @type {Title|undefined} */
  #title;
  /** @type {Way[]} */
  #ways = [];
  #planned = false;
  #job = 0;
  /** @type {any} */
  #hls = null;
  #fatal = 0;
  #measuring = false;
  #broke = ""; // address at which hls.js gave up
  #drawn = ""; // key of the subtitles in the picture
  #small = false; // whether it comes in a smaller size, since the network is slow
  #reroutes = false; // whether another sound than the file's own may be had by HLS
  #video; #where;

  /** @param {HTMLVideoElement} video @param {() => number} where seconds at which it will be watched */
  constructor(video, where) {
    super();
    this.#video = video;
    this.#where = where;
    video.addEventListener("error", () => this.#failed(video.error?.code ?? 0));
    const tracks = nativeSounds(video);
    for (const name of ["addtrack", "removetrack", "change"]) tracks?.addEventListener?.(name, () => this.#heard());
  }

  /** The address that is asked for. */
  get #url() {
    return this.way === "file" ? `/media/t/${encodeURIComponent(this.#title?.id ?? "")}/file` : this.#hlsURL;
  }

  get #hlsURL() {
    const variant = this.#drawn || (this.#small ? "480" : "");
    return `/media/t/${encodeURIComponent(this.#title?.id ?? "")}/hls/main${variant && `.${variant}`}.m3u8`;
  }

  /**
   * The film came to a halt here. Of what the host converts everybody gets the same size, so that it is made once: a smaller one only who has to. A film that
   * is as small has no smaller one, which is known by asking.
   */
  async halted() {
    if (!this.way || this.way === "file" || this.#drawn || this.#small || this.#measuring) return;
    const job = this.#job;
    this.#measuring = true;
    let slow = 0;
    while (slow < SLOW && job === this.#job && await crawls(this.#hlsURL, this.#where())) slow++;
    this.#measuring = false;
    if (slow < SLOW || job !== this.#job) return;
    this.#small = true;
    if ((await fetch(this.#hlsURL).catch(() => null))?.ok && job === this.#job) this.again();
    else this.#small = false;
  }

  /** Whether the host's machine makes what is seen. */
  get converted() {
    return (this.way === "native" || this.way === "mse") && !this.#title?.live && !(this.#hls && sourceLevel(this.#hls) >= 0);
  }

  /** Subtitles that shall be in the picture from the next opening on, or none. Tells whether that is new. @param {string} key */
  draw(key) {
    const other = key !== this.#drawn;
    this.#drawn = key;
    return other;
  }

  /**
   * The address that can say why the film does not come: the file, or the segment that would be next; a playlist is known
   * before anything is converted.
   */
  async blamed() {
    if (this.way === "file" || !this.way) return this.#url;
    return this.#broke || (await pieceAt(this.#hlsURL, this.#where())).url;
  }

  /** Asks the host whether it could convert the film. @param {string} lang */
  converts(lang) {
    return probe(this.#hlsURL, lang);
  }

  /** Code of the MediaError at which it stands still; 0: it does not. */
  get stuck() {
    return this.#video.error?.code || this.#fatal;
  }

  /** Whether there is another way. */
  get more() {
    return this.#ways.length > 1;
  }

  /** Lets go of what there was and opens a title, or nothing. @param {Title|undefined} title */
  async open(title) {
    const job = ++this.#job;
    if (title?.id !== this.#title?.id) [this.#drawn, this.#small, this.#reroutes] = ["", false, false];
    this.#title = title;
    this.#planned = Boolean(title?.play);
    if (title && !title.play) {
      this.#ways = ["file"];
      return this.#attach();
    }
    this.#detach();
    this.#video.removeAttribute("src");
    this.#video.load();
    this.way = undefined;
    this.#ways = [];
    if (!title?.play) return;
    const found = await this.#plan(title.play);
    if (job !== this.#job) return;
    this.#ways = found;
    if (found.length) await this.#attach();
    else this.emit("none", undefined);
  }

  /**
   * The host may have looked into the file meanwhile: there may be another way, should this one fail; and this one may
   * be none. Some browsers show a film without a word where they cannot read its sound.
   * @param {Title} title
   */
  async learn(title) {
    const more = (title.play?.sounds?.length ?? 0) > (this.#title?.play?.sounds?.length ?? 0);
    this.#title = title;
    if (this.#planned && !more) return this.#heard();
    if (!title.play) return;
    this.#planned = true;
    const job = this.#job;
    const found = await this.#plan(title.play);
    if (job !== this.#job || !this.way) return;
    const good = found.includes(this.way) || !found.length;
    this.#ways = good ? [this.way, ...found.filter((w) => w !== this.way)] : found;
    if (good) this.#heard();
    else this.again();
  }

  /** @param {Play} play */
  async #plan(play) {
    const able = await abilities(play, thisBrowser(this.#video));
    const chooses = nativeSounds(this.#video) !== undefined, sounds = play.sounds ?? [];
    this.#reroutes = Boolean(play.hls && (able.native || able.mse) && sounds.length > 1 && !(chooses && sounds.every((s) => !s.beside)));
    const streamed = this.#drawn || !inFile(sounds, choice(), chooses);
    const found = ways(play, streamed && (able.native || able.mse) ? { ...able, file: false } : able);
    if (found[0] !== "native" || chooses) return found;
    const playlist = await fetch(this.#hlsURL).then((r) => (r.ok ? r.text() : ""), () => "");
    return audible(found, playlist, chooses);
  }

  /** The same way once more. */
  again() {
    if (this.#ways.length) this.#attach();
  }

  /** This way leads nowhere: the next. */
  other() {
    this.#ways = this.#ways.slice(1);
    this.again();
  }

  async #attach() {
    const job = ++this.#job;
    this.#detach();
    this.way = this.#ways[0];
    if (this.way === "mse") return this.#read(job);
    this.#video.src = this.#url;
    this.#video.load();
    this.#heard();
  }

  #detach() {
    const hls = this.#hls;
    this.#hls = null;
    this.#fatal = 0;
    this.#broke = "";
    hls?.destroy();
    this.#heard();
  }

  /** @param {number} job */
  async #read(job) {
    this.#video.removeAttribute("src");
    this.#video.load();
    const module = await import(HLS).catch(() => null);
    if (job !== this.#job) return;
    if (!module) return this.#failed(NETWORK);
    const hls = new module.default({
      ...WITHOUT, fragLoadPolicy: OURS, startPosition: this.#where(), abrEwmaDefaultEstimate: FAST, maxBufferLength: AHEAD, backBufferLength: AHEAD,
      ...this.#preference(),
    });
    this.#hls = hls;
    hls.on("hlsManifestParsed", () => {
      const own = sourceLevel(hls);
      if (own >= 0) hls.startLevel = hls.autoLevelCapping = own; // what the host need not encode, and all share; what has more bits is no better
    });
    hls.on("hlsError", (/** @type {any} */ _, /** @type {any} */ e) => {
      if (!e.fatal || hls !== this.#hls || this.#lower(e)) return;
      this.#broke = e.frag?.url ?? e.url ?? "";
      this.#failed(e.type === "networkError" ? NETWORK : DECODE);
    });
    for (const name of ["hlsAudioTracksUpdated", "hlsAudioTrackSwitched"]) hls.on(name, () => this.#heard());
    hls.loadSource(this.#url);
    hls.attachMedia(this.#video);
  }

  /** The file's own picture was not readable after all: on with those that are made for it. @param {any} e the error */
  #lower(e) {
    const hls = this.#hls, own = sourceLevel(hls);
    if (e.type !== "mediaError" || own < 0 || hls.levels.length < 2) return false;
    hls.removeLevel(own);
    hls.autoLevelCapping = -1;
    hls.recoverMediaError();
    return true;
  }

  /** @param {number} code of the MediaError */
  #failed(code) {
    if (!code || this.#fatal) return;
    this.#fatal = code;
    this.#hls?.stopLoad();
    this.emit("failed", code);
  }

  /** What hls.js shall begin with: what the guest would have chosen, as the host calls it. */
  #preference() {
    const sounds = this.#title?.play?.sounds ?? [], { lang } = choice(), want = sounds[wanted(sounds, choice())];
    if (want) return { audioPreference: { name: want.label, ...(want.lang ? { lang: want.lang } : {}) } };
    return lang ? { audioPreference: { lang } } : {};
  }

  /** What may be heard, where the browser lets one choose. @returns {Sound[]} */
  get sounds() {
    const listed = this.#title?.play?.sounds ?? [];
    const coming = !this.way || (this.way === "mse" && !this.#hls?.audioTracks.length);
    if (this.#reroutes && (this.way === "file" || coming)) {
      const now = coming ? wanted(listed, choice()) : own(listed);
      return listed.map(({ label, lang = "" }, i) => ({ label, lang, on: i === now }));
    }
    if (this.#hls) return this.#hls.audioTracks.map((/** @type {any} */ t, /** @type {number} */ i) => ({ label: t.name, lang: t.lang ?? "", on: i === this.#hls.audioTrack }));
    return [...(nativeSounds(this.#video) ?? [])].map((t) => ({ label: t.label, lang: t.language, on: t.enabled }));
  }

  /** Tells whether the film has to be opened anew for it. @param {number} which of the sounds */
  hear(which) {
    const { lang, label, on } = this.sounds[which];
    remember("sound", lang || null);
    remember("soundName", label || null);
    if (this.way === "file" && this.#reroutes) return !on;
    if (this.#hls) this.#hls.audioTrack = which;
    else for (const [i, t] of [...(nativeSounds(this.#video) ?? [])].entries()) t.enabled = i === which;
    this.emit("sounds", this.sounds);
    return false;
  }

  /** What the guest chose once is taken where the browser itself lets one choose. */
  #heard() {
    const { sounds } = this, told = this.way !== "native" && (this.#hls || this.#reroutes);
    const want = told || !choice().lang ? -1 : wanted(sounds, choice());
    if (want >= 0 && !sounds[want].on && short(sounds[want].lang) === short(choice().lang)) this.hear(want);
    else this.emit("sounds", sounds);
  }
}

/** What the guest chose to hear, once. */
function choice() {
  return { lang: recall("sound", ""), label: recall("soundName", "") };
}

/** Which level is the file's own picture; -1: none. @param {any} hls @returns {number} */
function sourceLevel(hls) {
  return hls.levels.findIndex((/** @type {any} */ l) => /\/source\/list\.m3u8$/.test(l.uri ?? l.url?.[0] ?? ""));
}

/** Safari's list, which the checker does not know. @param {any} video @returns {(EventTarget & Iterable<any>)|undefined} */
function nativeSounds(video) {
  return video.audioTracks;
}

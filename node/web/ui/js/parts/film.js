// The film: one <video> that follows the party's timeline, and what it shows when it may not. The
// track that follows another is ready on a second deck, which begins it by itself when the time has
// come; the house says so a moment later.

import { Emitter } from "../core/emitter.js";
import { HABITS } from "../core/follow.js";
import { Frames } from "../core/frames.js";
import { heals, judge, probe, UNPLAYABLE } from "../core/trouble.js";
import { language } from "../i18n/index.js";
import { position } from "../core/timeline.js";
import { workerTimers } from "../core/timers.js";
import { recall, remember } from "../core/prefs.js";
import { h } from "../core/dom.js";
import { Deck } from "./deck.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Title} from "../core/types.js" */

const TOLD = 2000; // ms between reports
const HELD = 500; // ms between reports while a start waits for whoever has not said that they are ready
const ASKED = [700, 1500, 3000, 6000]; // ms until the host is asked again what a film is that it had not looked into
const MENDED = 4000; // ms between looks whether what was wrong is right again
const PLAYED = 10000; // ms of playing after which an earlier failure is forgotten
const LONG_SEEK = 6000; // ms of a seek after which it is looked at whether the network is too slow

function habits() {
  const agent = navigator.userAgent;
  if (/firefox/i.test(agent)) return HABITS.steps;
  return /safari/i.test(agent) && !/chrom(e|ium)|android/i.test(agent) ? HABITS.seeks : HABITS.usual;
}

/** @typedef {{code: string, reason: string}} Trouble why the film does not come, until somebody tries again */

/** @extends {Emitter<{doing: string, title: Title|undefined, trouble: Trouble|null, behind: number, found: undefined}>} */
export class Film extends Emitter {
  video = h("video", { playsinline: true, preload: "auto", tabindex: "-1" });
  /** @type {Title|undefined} the title whose bytes are asked for */
  title;
  #session;
  #listing;
  #timers = workerTimers();
  #kind = habits();
  /** @type {import("../core/follow.js").Learnt} what this device has shown to need, on either deck */
  #learnt;
  /** @type {Deck[]} */
  #decks = [];
  /** @type {Deck} the one that is heard */
  #deck;
  /** @type {{deck: Deck, title: Title, at: number}|null} what begins by itself */
  #next = null;
  #frames;
  /** @type {Trouble|null} */
  trouble = null;
  #failures = 0;
  #playing = Infinity; // since when
  #sought = 0; // timer of a seek
  #began = 0; // of the timeline that is in trouble
  #reported = -Infinity;
  #looking = false; // whether what was wrong is right again
  #level = 1; // the viewer's own volume
  #ducked = 0; // how much of it is given up for a voice
  #news = false; // the catalog may say something else now

  /** How loud the viewer wants the film, from 0 to 1. */
  get volume() {
    return this.#level;
  }

  set volume(level) {
    this.#level = Math.min(Math.max(level, 0), 1);
    this.video.volume = this.#level * (1 - this.#ducked);
  }

  /** Makes room for a voice, or no longer. @param {number} part how much of the volume is given up, from 0 to 1 */
  duck(part) {
    this.#ducked = part;
    this.volume = this.#level;
  }

  /** @param {Session} session @param {Listing} listing */
  constructor(session, listing) {
    super();
    this.#session = session;
    this.#listing = listing;
    this.video.dataset.part = "film";
    const timers = this.#timers;
    this.#deck = this.#addDeck(this.video);
    this.#learnt = this.#deck.follow.learnt;
    const learnt = recall("starts", this.#learnt);
    if ([learnt.seek?.lag, learnt.pause?.lag, learnt.seekTime].every(Number.isFinite)) this.#learnt = this.#deck.follow.learnt = structuredClone(learnt);
    this.#deck.follow.offset = recall("offset", 0);
    this.on("title", (title) => this.#ask(timers, title));
    this.#frames = new Frames(this.video, (local) => this.#expected(local));
    timers.every(this.#kind.atChange ? 8 : 50, () => this.#decks.forEach((d) => d.follow.tick()));
    timers.every(HELD, () => this.#beat(timers.now()));
    timers.every(MENDED, () => this.#mended());
    document.addEventListener("visibilitychange", () => document.hidden || this.#follow.seen());
    session.on("signal", (s) => "titles" in s && (this.#news = true));
    session.on("welcome", () => (this.#news = true));
    session.on("record", ({ record }) => this.#happened(record.timed?.why));
    session.on("state", () => this.update());
    session.on("bye", () => this.update());
    listing.on("changed", () => {
      this.update();
      if (this.#news && this.trouble) this.again();
      this.#news = false;
    });
  }

  /** @param {HTMLVideoElement} video */
  #addDeck(video) {
    const heard = () => this.#deck === deck;
    video.disableRemotePlayback = true;
    /** @type {Deck} */
    const deck = new Deck(video, {
      clock: this.#session.clock, timers: this.#timers, habits: this.#kind, hidden: () => document.hidden, changed: (doing) => heard() && this.#changed(doing),
      taught: (learnt) => remember("starts", learnt), lively: () => this.title?.kind !== "music",
    }, () => (heard() ? this.position : 0));
    deck.source.on("failed", (code) => heard() && this.#failed(code));
    deck.source.on("none", () => heard() && this.#tell({ code: UNPLAYABLE, reason: "" }));
    video.addEventListener("playing", () => heard() && (this.#playing = this.#timers.now()));
    this.#decks.push(deck);
    return deck;
  }

  /** The deck that is free. A second one sounds as the first does. */
  #spare() {
    const spare = this.#decks.find((d) => d !== this.#deck);
    if (spare) return spare;
    const deck = this.#addDeck(h("video", { playsinline: true, preload: "auto" }));
    const alike = () => Object.assign(deck.video, { volume: this.video.volume, muted: this.video.muted });
    this.video.addEventListener("volumechange", alike);
    alike();
    deck.follow.learnt = this.#learnt;
    deck.follow.offset = this.offset;
    return deck;
  }

  get #follow() {
    return this.#deck.follow;
  }

  /** Where the bytes of what is on come from. */
  get source() {
    return this.#deck.source;
  }

  /** The element that plays what is on. */
  get player() {
    return this.#deck.video;
  }

  get doing() {
    return this.#follow.doing;
  }

  /** Milliseconds that this screen is ahead: of the player's clock, unless the frames shown are not those that belong there. */
  get drift() {
    return (this.doing === "playing" && this.#frames.error) || this.#follow.error;
  }

  /** Whether the film has played long enough to say how far it is off. */
  get measured() {
    return this.#follow.measured;
  }

  get position() {
    return position(this.#session.state.timeline, this.#session.clock.now());
  }

  /** Milliseconds that this screen plays ahead, because its sound is heard that much later. */
  get offset() {
    return this.#follow.offset;
  }

  set offset(ms) {
    remember("offset", ms);
    for (const { follow } of this.#decks) follow.offset = ms;
  }

  /** Seconds that this screen stays behind the others by choice. */
  get behind() {
    return this.#follow.behind;
  }

  set behind(seconds) {
    this.#follow.behind = seconds;
    this.emit("behind", this.behind);
    this.#report();
  }

  /** How often the film was started and its speed changed here. */
  get counts() {
    return this.#decks.reduce((sum, { follow: { counts } }) => ({ starts: sum.starts + counts.starts, speeds: sum.speeds + counts.speeds }), { starts: 0, speeds: 0 });
  }

  /** @param {string} doing */
  #changed(doing) {
    clearTimeout(this.#sought);
    if (doing === "waiting") this.source.halted();
    if (doing === "seeking") this.#sought = setTimeout(() => this.source.halted(), LONG_SEEK); // pieces that come late are sought anew further on
    this.emit("doing", doing);
    this.#report();
  }

  /** Who stayed behind goes along where the party goes. @param {string} [why] of a new timeline */
  #happened(why) {
    if (this.behind && (why === "cue" || why === "seek" || why === "live" || why === "end" || why === "follow")) this.behind = 0;
  }

  /** The person tapped. */
  unlock() {
    if (this.title?.kind === "music") this.#spare().video.play().then(() => {}, () => {}); // for later: some browsers ask for each element
    this.#follow.unlock();
  }

  /** @param {number} local a moment of performance.now() */
  #expected(local) {
    const line = this.#session.state.timeline;
    if (this.doing !== "playing" || line.rate === 0) return null;
    return position(line, this.#session.clock.now() + local - performance.now() + this.offset) - this.behind;
  }

  /** Brings source and timeline up to date. Bytes that are no longer allowed are let go at once. */
  update() {
    const { timeline: line, coming } = this.#session.state;
    const wanted = this.#seen(line.title);
    const other = wanted?.id !== this.title?.id;
    const turned = this.#next !== null && this.#next.title.id === wanted?.id && this.#next.at === line.at;
    const more = !other && JSON.stringify(wanted?.subtitles) !== JSON.stringify(this.title?.subtitles);
    this.title = wanted;
    if (turned) this.#turn();
    else if (other) this.#load(wanted);
    else if (wanted) this.source.learn(wanted);
    if (more) this.emit("found", undefined);
    if (!other && this.trouble && line.began !== this.#began) this.again();
    this.#follow.set(wanted && !this.trouble ? line : null);
    this.#prepare(line.rate && !this.trouble ? coming : undefined);
  }

  /** A title that may be seen, and is there. @param {string} [id] */
  #seen(id) {
    const title = this.#listing.find(id);
    const gone = this.#session.state.ended || this.#session.status === "over";
    return title?.allowed && !title.offline && !gone ? title : undefined;
  }

  /** @param {Title|undefined} title */
  #load(title) {
    this.#follow.set(null);
    if (this.#deck !== this.#decks[0]) {
      this.#deck.empty();
      this.#deck = this.#decks[0];
    }
    this.#fresh();
    this.#deck.open(title);
    this.emit("title", title);
  }

  #fresh() {
    this.#frames.clear();
    this.#failures = 0;
    this.#playing = Infinity;
    this.#tell(null);
  }

  /** Has what follows at once ready to begin. @param {import("../core/types.js").Coming} [coming] */
  #prepare(coming) {
    const title = coming && this.#seen(coming.title);
    if (this.#next && (this.#next.title.id !== title?.id || this.#next.at !== coming?.at)) {
      this.#next.deck.empty();
      this.#next = null;
    }
    if (!title || this.#next || title.id === this.title?.id || !this.title) return;
    const deck = this.#spare();
    if (deck.leaving) return; // and asked again when it has left
    this.#next = { deck, title, at: coming.at };
    const { rate } = this.#session.state.timeline;
    deck.prime(title, { title: title.id, pos: 0, at: coming.at, rate, began: coming.at, length: title.duration });
  }

  /** What was ready is on now: the other deck has begun it. */
  #turn() {
    const next = /** @type {{deck: Deck, title: Title}} */ (this.#next);
    const old = this.#deck;
    this.#next = null;
    this.#deck = next.deck;
    this.#fresh();
    old.leave(() => this.update());
    this.emit("title", next.title);
    this.emit("doing", this.doing);
    if (next.deck.unplayable) this.#tell({ code: UNPLAYABLE, reason: "" });
    else if (next.deck.source.stuck) this.#failed(next.deck.source.stuck);
  }

  /** What the host does not know of a film yet it soon will. @param {import("../core/timers.js").Timers} timers @param {Title|undefined} title */
  #ask(timers, title, n = 0) {
    if (!title || title.play || n === ASKED.length) return;
    timers.after(ASKED[n], () => {
      if (this.title?.id !== title.id || this.title.play) return;
      this.#listing.refresh();
      this.#ask(timers, title, n + 1);
    });
  }

  /** Somebody wants to see it all the same. */
  again() {
    this.#failures = 0;
    this.#tell(null);
    this.#deck.open(this.title);
    this.#follow.set(this.title ? this.#session.state.timeline : null);
  }

  /** Has subtitles drawn into the picture, or none. @param {string} key */
  draw(key) {
    if (this.source.draw(key) && this.title) this.again();
  }

  /** Has another sound heard. @param {number} which of the source's */
  hear(which) {
    if (this.source.hear(which) && this.title) this.again();
  }

  /** @param {Trouble|null} trouble */
  #tell(trouble) {
    if (this.trouble === trouble) return;
    this.trouble = trouble;
    this.#began = this.#session.state.timeline.began ?? 0;
    if (trouble) this.#follow.set(null);
    this.emit("trouble", trouble);
  }

  /** The bytes stopped: a rule may have changed, the network broke, or the browser cannot read them. @param {number} error of the MediaError */
  async #failed(error) {
    const { title, source } = this;
    const timers = this.#timers;
    if (!title || this.trouble) return;
    if (timers.now() - this.#playing > PLAYED) this.#failures = 0;
    this.#playing = Infinity;
    this.#listing.refresh();
    const verdict = judge(this.#failures++, error, await probe(await source.blamed(), language()), source.more);
    const still = () => this.title?.id === title.id && this.source === source && !this.trouble;
    if (!still() || !source.stuck) return;
    if ("code" in verdict) return this.#tell(verdict.code === UNPLAYABLE && !title.play ? await this.#why(verdict) : verdict);
    if ("again" in verdict) return timers.after(verdict.again, () => still() && source.stuck && source.again());
    this.#failures = 0;
    source.other();
  }

  /** Why the host does not convert what cannot be played, where it says so. @param {Trouble} otherwise @returns {Promise<Trouble>} */
  async #why(otherwise) {
    const { code, reason = "" } = await this.source.converts(language());
    return code ? { code, reason } : otherwise;
  }

  /** Goes on where the disk is back, or has room again. */
  async #mended() {
    const { trouble } = this;
    if (this.#listing.find(this.#session.state.timeline.title)?.offline) return this.#listing.refresh();
    if (!trouble || !heals(trouble.code) || this.#looking) return;
    this.#looking = true;
    const { status } = await probe(await this.source.blamed(), language());
    this.#looking = false;
    if (status && status < 400 && this.trouble === trouble) this.again();
  }

  /** Why there is no picture yet. @returns {string} network, convert, decoder */
  get lacks() {
    const { why } = this.#follow;
    return why === "network" && this.source.converted ? "convert" : why;
  }

  /** @param {number} now */
  #beat(now) {
    if (now - this.#reported >= TOLD - HELD / 2 || this.#session.state.timeline.hold) this.#report();
  }

  /** Tells the house how this screen fares. */
  #report() {
    const { title } = this.#session.state.timeline;
    if (!title) return;
    this.#reported = performance.now();
    const follow = this.#follow;
    const barred = (this.#listing.loaded && !this.title) || this.trouble;
    const doing = follow.doing === "idle" ? "waiting" : follow.doing;
    const state = barred ? "locked" : follow.behind && doing === "playing" ? "behind" : doing;
    const ready = state === "paused" ? { pos: follow.rests, need: Math.round(follow.need) } : {};
    const why = state === "seeking" || state === "waiting" ? { why: this.lacks } : state === "playing" && !follow.measured ? { why: "start" } : {};
    this.#session.signal("drift", { ms: Math.round(this.drift * 10) / 10, state, title: this.title?.id ?? title, ...ready, ...why });
  }
}

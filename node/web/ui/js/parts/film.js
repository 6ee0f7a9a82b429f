// The film: one <video> that follows the party's timeline, and what it shows when it may not.

import { Emitter } from "../core/emitter.js";
import { Follow, HABITS } from "../core/follow.js";
import { Frames } from "../core/frames.js";
import { judge, probe, UNPLAYABLE } from "../core/trouble.js";
import { language } from "../i18n/index.js";
import { position } from "../core/timeline.js";
import { workerTimers } from "../core/timers.js";
import { recall, remember } from "../core/prefs.js";
import { h } from "../core/dom.js";
import { Source } from "./source.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Title} from "../core/types.js" */

const TOLD = 2000; // ms between reports
const HELD = 500; // ms between reports while a start waits for whoever has not said that they are ready
const PLAYED = 10000; // ms of playing after which an earlier failure is forgotten

function habits() {
  const agent = navigator.userAgent;
  if (/firefox/i.test(agent)) return HABITS.steps;
  return /safari/i.test(agent) && !/chrom(e|ium)|android/i.test(agent) ? HABITS.seeks : HABITS.usual;
}

/** @typedef {{code: string, reason: string}} Trouble why the film does not come, until somebody tries again */

/** @extends {Emitter<{doing: string, title: Title|undefined, trouble: Trouble|null, behind: number}>} */
export class Film extends Emitter {
  video = h("video", { playsinline: true, preload: "auto", tabindex: "-1" });
  /** @type {Title|undefined} the title whose bytes are asked for */
  title;
  source = new Source(this.video, () => this.position);
  #session;
  #listing;
  #follow;
  #frames;
  /** @type {Trouble|null} */
  trouble = null;
  #failures = 0;
  #playing = Infinity; // since when
  #began = 0; // of the timeline that is in trouble
  #reported = -Infinity;
  #news = false; // the catalog may say something else now

  /** @param {Session} session @param {Listing} listing */
  constructor(session, listing) {
    super();
    this.#session = session;
    this.#listing = listing;
    this.video.dataset.part = "film";
    this.video.disableRemotePlayback = true;
    const timers = workerTimers();
    const kind = habits();
    this.#follow = new Follow(this.video, {
      clock: session.clock, timers, habits: kind, hidden: () => document.hidden, changed: (doing) => this.#changed(doing),
      taught: (learnt) => remember("starts", learnt),
    });
    const learnt = recall("starts", this.#follow.learnt);
    if ([learnt.seek?.lag, learnt.pause?.lag, learnt.seekTime].every(Number.isFinite)) this.#follow.learnt = structuredClone(learnt);
    this.#follow.offset = recall("offset", 0);
    this.#frames = new Frames(this.video, (local) => this.#expected(local));
    timers.every(kind.atChange ? 8 : 50, () => this.#follow.tick());
    timers.every(HELD, () => this.#beat(timers.now()));
    document.addEventListener("visibilitychange", () => document.hidden || this.#follow.seen());
    this.source.on("failed", (code) => this.#failed(code, timers));
    this.source.on("none", () => this.#tell({ code: UNPLAYABLE, reason: "" }));
    this.video.addEventListener("playing", () => (this.#playing = timers.now()));
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
    this.#follow.offset = ms;
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
    return this.#follow.counts;
  }

  /** @param {string} doing */
  #changed(doing) {
    this.emit("doing", doing);
    this.#report();
  }

  /** Who stayed behind goes along where the party goes. @param {string} [why] of a new timeline */
  #happened(why) {
    if (this.behind && (why === "cue" || why === "seek" || why === "end")) this.behind = 0;
  }

  /** The person tapped. */
  unlock() {
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
    const line = this.#session.state.timeline;
    const title = this.#listing.find(line.title);
    const gone = this.#session.state.ended || this.#session.status === "over";
    const wanted = title?.allowed && !title.offline && !gone ? title : undefined;
    const other = wanted?.id !== this.title?.id;
    this.title = wanted;
    if (other) this.#load(wanted);
    else if (wanted) this.source.learn(wanted);
    if (!other && this.trouble && line.began !== this.#began) this.again();
    this.#follow.set(wanted && !this.trouble ? line : null);
  }

  /** @param {Title|undefined} title */
  #load(title) {
    this.#follow.set(null);
    this.#frames.clear();
    this.#failures = 0;
    this.#playing = Infinity;
    this.#tell(null);
    this.source.open(title);
    this.emit("title", title);
  }

  /** Somebody wants to see it all the same. */
  again() {
    this.#failures = 0;
    this.#tell(null);
    this.source.open(this.title);
    this.#follow.set(this.title ? this.#session.state.timeline : null);
  }

  /** @param {Trouble|null} trouble */
  #tell(trouble) {
    if (this.trouble === trouble) return;
    this.trouble = trouble;
    this.#began = this.#session.state.timeline.began ?? 0;
    if (trouble) this.#follow.set(null);
    this.emit("trouble", trouble);
  }

  /** The bytes stopped: a rule may have changed, the network broke, or the browser cannot read them. @param {number} error of the MediaError @param {import("../core/timers.js").Timers} timers */
  async #failed(error, timers) {
    const { title, source } = this;
    if (!title || this.trouble) return;
    if (timers.now() - this.#playing > PLAYED) this.#failures = 0;
    this.#playing = Infinity;
    this.#listing.refresh();
    const verdict = judge(this.#failures++, error, await probe(source.url, language()), source.more);
    const still = () => this.title?.id === title.id && !this.trouble;
    if (!still() || !source.stuck) return;
    if ("code" in verdict) return this.#tell(verdict);
    if ("again" in verdict) return timers.after(verdict.again, () => still() && source.stuck && source.again());
    this.#failures = 0;
    source.other();
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
    const why = state === "seeking" || state === "waiting" ? { why: follow.why } : state === "playing" && !follow.measured ? { why: "start" } : {};
    this.#session.signal("drift", { ms: Math.round(this.drift * 10) / 10, state, title: this.title?.id ?? title, ...ready, ...why });
  }
}

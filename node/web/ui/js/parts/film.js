// The film: one <video> that follows the party's timeline, and what it shows when it may not.

import { Emitter } from "../core/emitter.js";
import { Follow, HABITS } from "../core/follow.js";
import { Frames } from "../core/frames.js";
import { position } from "../core/timeline.js";
import { workerTimers } from "../core/timers.js";
import { h } from "../core/dom.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Title} from "../core/types.js" */

const TOLD = 2000; // ms between reports of drift
const RETRY = [500, 1500, 4000, 8000]; // ms until a film that failed is asked for again

function habits() {
  const agent = navigator.userAgent;
  if (/firefox/i.test(agent)) return HABITS.steps;
  return /safari/i.test(agent) && !/chrom(e|ium)|android/i.test(agent) ? HABITS.seeks : HABITS.usual;
}

/** @extends {Emitter<{doing: string, title: Title|undefined}>} */
export class Film extends Emitter {
  video = h("video", { playsinline: true, preload: "auto", tabindex: "-1" });
  /** @type {Title|undefined} the title whose bytes are asked for */
  title;
  #session;
  #listing;
  #follow;
  #frames;
  #failures = 0;

  /** @param {Session} session @param {Listing} listing */
  constructor(session, listing) {
    super();
    this.#session = session;
    this.#listing = listing;
    this.video.dataset.part = "film";
    this.video.disableRemotePlayback = true;
    const timers = workerTimers();
    const kind = habits();
    // Stretching time without changing pitch costs 20 ms at every change of speed, measured in Chromium 156;
    // resampling costs nothing, and the little that the speed changes is not heard.
    this.video.preservesPitch = false;
    this.#follow = new Follow(this.video, {
      clock: session.clock, timers, habits: kind, hidden: () => document.hidden, changed: (doing) => this.emit("doing", doing),
    });
    this.#frames = new Frames(this.video, (local) => this.#expected(local));
    timers.every(kind.atChange ? 8 : 50, () => this.#follow.tick());
    timers.every(TOLD, () => this.#report());
    document.addEventListener("visibilitychange", () => document.hidden || this.#follow.seen());
    this.video.addEventListener("error", () => this.#failed(timers));
    this.video.addEventListener("playing", () => (this.#failures = 0));
    session.on("state", () => this.update());
    session.on("bye", () => this.update());
    listing.on("changed", () => this.update());
  }

  get doing() {
    return this.#follow.doing;
  }

  /** Milliseconds that this screen is ahead: of the player's clock, unless the frames shown are not those that belong there. */
  get drift() {
    return (this.doing === "playing" && this.#frames.error) || this.#follow.error;
  }

  get position() {
    return position(this.#session.state.timeline, this.#session.clock.now());
  }

  /** The person tapped. */
  unlock() {
    this.#follow.unlock();
  }

  /** @param {number} local a moment of performance.now() */
  #expected(local) {
    const line = this.#session.state.timeline;
    if (this.doing !== "playing" || line.rate === 0) return null;
    return position(line, this.#session.clock.now() + local - performance.now());
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
    this.#follow.set(wanted ? line : null);
  }

  /** @param {Title|undefined} title */
  #load(title) {
    this.#follow.set(null);
    this.#frames.clear();
    this.#failures = 0;
    if (title) this.video.src = `/media/t/${encodeURIComponent(title.id)}/file`;
    else this.video.removeAttribute("src");
    this.video.load();
    this.emit("title", title);
  }

  /** The bytes stopped: a rule may have changed, or the network broke. @param {import("../core/timers.js").Timers} timers */
  #failed(timers) {
    const title = this.title;
    if (!title) return;
    this.#listing.refresh();
    const wait = RETRY[Math.min(this.#failures++, RETRY.length - 1)];
    timers.after(wait, () => {
      if (this.title?.id === title.id) this.video.load();
    });
  }

  #report() {
    const { timeline } = this.#session.state;
    if (!timeline.title) return;
    const locked = this.#listing.loaded && !this.title;
    const doing = this.doing === "idle" ? "waiting" : this.doing;
    this.#session.signal("drift", { ms: Math.round(this.drift * 10) / 10, state: locked ? "locked" : doing });
  }
}

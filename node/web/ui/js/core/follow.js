// Makes a player follow a timeline.
//
// A scheduled start is everything: pause, seek to where the party will be after a lead, look where the
// player really landed, and let go at the very instant at which the timeline gets there, earlier by
// what this device has shown to need. Then almost nothing: inside a dead band the film is left
// alone; outside of it the speed is changed by some thousandths; far off, it is started again.
//
// Nothing here knows a browser: player, host clock and timers are handed in. Errors are in
// milliseconds, positive when the player is ahead.

import { HABITS, lead, learnLag, learnSeek, median, steer } from "./control.js";
import { LIVELINESS, lacking, liven, loaded, pace } from "./player.js";
import { position, reaches, sameLine } from "./timeline.js";

export { HABITS, median };

/** @import {Timeline} from "./types.js" */
/** @import {Timers} from "./timers.js" */
/** @import {Habits} from "./control.js" */
/** @import {Player} from "./player.js" */

/** @typedef {{seek: {lag: number, n: number}, pause: {lag: number, n: number}, seekTime: number}} Learnt times in ms, n starts that taught */
/** @typedef {"idle"|"playing"|"paused"|"seeking"|"waiting"|"blocked"|"away"} Doing */

const QUIET = 700; // ms after a start in which nothing is corrected; then the start is judged
const CALM = 350; // ms after a start until a reading means anything
const GAP = 300; // ms between changes of speed
const KEPT = 9; // readings
const ENOUGH = 5;
const WRONG = 45; // ms, a picture: a start that is further off is made again, once, with what it taught,
const CHEAP = 800; // ms: if seeks take no longer than this, because a picture off is better than none
const SPIN = 2; // ms before a start from which on we do not trust timers
const EXACT = 0.004; // s: a paused player this near is on the frame, and needs no seek
const PATIENCE = 800; // ms that a paused player gets to buffer; some do not before they play
const WARNING = 40; // ms that this page may be busy when a start is told

export class Follow {
  /** @type {Doing} */
  doing = "idle";
  /** Learnt: how long play() takes to be true, after a seek and after a pause; how long a seek takes. */
  /** @type {Learnt} */
  learnt = { seek: { lag: 80, n: 0 }, pause: { lag: 0, n: 0 }, seekTime: 256 };
  /** Every change of speed and every start, for those who measure. */
  counts = { starts: 0, speeds: 0 };
  /** @type {Timeline|null} */
  #line = null;
  /** @type {Timeline|null} as the party has it */
  #told = null;
  #offset = 0; // ms that this screen plays ahead, because its sound is heard that much later
  #behind = 0; // s that this screen stays behind, because somebody wants to see what they missed
  #player; #clock; #timers; #habits; #hidden; #changed; #taught; #lively;
  #job = 0; // every new plan makes what was planned before void
  #cancel = () => {};
  /** @type {((why: string) => void)|null} */
  #landed = null;
  /** @type {number[]} */
  #errors = [];
  #read = NaN;
  #cold = true; // nothing was decoded yet: a first seek waits for bytes, and teaches nothing
  #redo = true; // a start that goes wrong may be made again
  #sought = true; // since the last start, or the film is new: play() is slower then
  #last = 0; // error as it was last known
  #firedAt = -Infinity;
  #stoppedAt = -Infinity;
  #spedAt = -Infinity;
  #fed = -Infinity; // when bytes came last

  /**
   * @param {Player} player
   * @param {{clock: {now(): number, error?: number}, timers: Timers, habits?: Habits, hidden?: () => boolean, changed?: (doing: Doing) => void,
   *   taught?: (learnt: Learnt) => void, lively?: () => boolean}} world lively: whether there are pictures, which gain by a quick beginning and by one made again; in music both are heard
   */
  constructor(player, { clock, timers, habits = HABITS.usual, hidden = () => false, changed = () => {}, taught = () => {}, lively = () => true }) {
    this.#player = player;
    this.#clock = clock;
    this.#timers = timers;
    this.#habits = habits;
    this.#hidden = hidden;
    this.#changed = changed;
    this.#taught = taught;
    this.#lively = lively;
    for (const name of ["seeked", "canplay", "canplaythrough"]) player.addEventListener(name, () => this.#landed?.(name));
    player.addEventListener("progress", () => (this.#fed = timers.now()));
    player.addEventListener("loadedmetadata", () => {
      this.#cold = this.#sought = true;
      this.again();
    });
  }

  /** Milliseconds that the player is ahead. */
  get error() {
    return this.#errors.length >= ENOUGH ? median(this.#errors) : this.#last;
  }

  /** Whether the error is one of this start. */
  get measured() {
    return this.#errors.length >= ENOUGH || (this.doing === "playing" && this.#timers.now() - this.#firedAt > QUIET);
  }

  /** Milliseconds before a start by which this screen must be told. */
  get need() {
    return Math.max(Math.max(this.learnt.seek.lag, this.learnt.pause.lag) + this.#offset, 0) + 2 * Math.min(this.#clock.error ?? 0, 1000) + WARNING;
  }

  /** Why there is no picture yet: bytes are missing, or they are there and take their time. */
  get why() {
    return lacking(this.#player, this.#timers.now() - this.#fed);
  }

  /** Seconds on the party's timeline at which it rests, where it rests. */
  get rests() {
    return this.#told?.pos;
  }

  get offset() {
    return this.#offset;
  }

  /** @param {number} ms by which this screen's sound is heard later than it is played */
  set offset(ms) {
    this.#offset = ms;
    this.#errors = [];
    if (this.#told) this.#line = this.#mine(this.#told); // gone to by speed: somebody may be dragging
  }

  get behind() {
    return this.#behind;
  }

  /** @param {number} seconds to stay behind the party; 0 is with the others */
  set behind(seconds) {
    this.#behind = seconds;
    this.set(this.#told);
  }

  /** @param {Timeline|null} told null lets the player go */
  set(told) {
    this.#told = told;
    const was = this.#line;
    const line = told && this.#mine(told);
    this.#line = line;
    if (!line) return this.#rest("idle");
    if (was && this.doing !== "idle" && same(was, line)) return;
    const now = this.#clock.now();
    const running = this.doing === "playing" && was?.title === line.title;
    if (running && was && sameLine(was, line, now)) return;
    if (running && line.rate === 0 && line.at > now) return this.#pauseAt(line);
    this.again();
  }

  /** The party's timeline as this screen keeps it. @param {Timeline} line @returns {Timeline} */
  #mine(line) {
    const back = Math.min(this.#behind, line.pos); // as far as the film goes back, then later
    const pos = line.pos - back;
    return line.rate ? { ...line, pos, at: line.at - this.#offset + ((this.#behind - back) / line.rate) * 1000 } : { ...line, pos };
  }

  /** Goes to where the timeline is, whatever was before. */
  again() {
    const line = this.#line;
    this.#redo = true;
    if (!line) return;
    if (this.#player.readyState < 1) this.#rest("waiting");
    else if (line.rate === 0 || this.#over(line)) this.#settle(line);
    else this.#start(line, 0);
  }

  /** A person tapped: the player may make sound from now on. Call it in the tap itself. */
  unlock() {
    this.#player.play().catch(() => {});
    this.again();
  }

  /** The page is looked at again. */
  seen() {
    if (this.doing === "away") this.again();
  }

  /** @param {Timeline} line */
  #over(line) {
    const { duration } = this.#player;
    return duration > 0 && position(line, this.#clock.now()) >= duration - 0.05;
  }

  /** @param {Doing} doing */
  #become(doing) {
    if (this.doing === doing) return;
    this.doing = doing;
    this.#changed(doing);
  }

  #plan() {
    this.#cancel();
    this.#landed = null;
    this.#errors = [];
    return ++this.#job;
  }

  /** @param {Doing} doing */
  #rest(doing) {
    this.#plan();
    this.#last = 0;
    if (!this.#player.paused) this.#player.pause();
    this.#become(doing);
  }

  /** Stops on the timeline's exact frame; there, and with pictures, the player could start at once. @param {Timeline} line */
  #settle(line) {
    const job = this.#plan();
    const player = this.#player;
    this.#last = 0;
    if (!player.paused) player.pause();
    pace(this.#player, 1, 1);
    const pos = Math.min(position(line, Math.max(this.#clock.now(), line.at)), player.duration || Infinity);
    const there = Math.abs(player.currentTime - pos) <= EXACT;
    if (there && !player.seeking) return this.#become(loaded(this.#player) ? "paused" : "waiting");
    this.#become("seeking");
    this.#seek(pos, job, () => this.#become(loaded(this.#player) ? "paused" : "waiting"));
  }

  /** Plays on until the agreed instant. @param {Timeline} line */
  #pauseAt(line) {
    const job = this.#plan();
    this.#wait(line.at, job, () => this.#settle(line));
  }

  /** @param {Timeline} line @param {number} tries */
  #start(line, tries) {
    const job = this.#plan();
    const player = this.#player;
    if (!player.paused) player.pause();
    pace(this.#player, line.rate, line.rate);
    const now = this.#clock.now();
    const here = loaded(this.#player) && !player.seeking && Math.abs(player.currentTime - line.pos) <= EXACT;
    const kind = this.#sought ? "seek" : "pause";
    if (here && line.at - this.learnt[kind].lag > now + SPIN) return this.#arm(line.at, kind, job);
    this.#become("seeking");
    const cold = this.#cold;
    this.#seek(position(line, now + lead(this.learnt.seekTime, tries)), job, (took) => {
      if (!cold) this.learnt.seekTime = learnSeek(this.learnt.seekTime, took);
      const when = reaches(line, player.currentTime);
      const early = when - this.learnt.seek.lag > this.#clock.now() + SPIN;
      if (early || tries >= 3) this.#arm(when, "seek", job);
      else this.#start(line, cold ? tries : tries + 1);
    });
  }

  /** @param {number} to @param {number} job @param {(took: number) => void} then */
  #seek(to, job, then) {
    const began = this.#timers.now();
    const player = this.#player;
    const done = () => {
      if (job !== this.#job) return;
      this.#cancel();
      this.#cold = false;
      this.#landed = null;
      then(this.#timers.now() - began);
    };
    this.#landed = () => {
      if (job !== this.#job || player.seeking) return;
      if (player.readyState >= 3) return done();
      this.#cancel();
      this.#cancel = this.#timers.after(PATIENCE, done);
    };
    this.#sought = true;
    player.currentTime = to;
  }

  /**
   * Lets go so that the film is at its place at host time `when`.
   * @param {number} when
   * @param {"seek"|"pause"} kind
   * @param {number} job
   */
  #arm(when, kind, job) {
    this.#become("seeking");
    const fire = when - this.learnt[kind].lag;
    this.#wait(fire, job, () => {
      const late = this.#clock.now() - fire > 4;
      this.#firedAt = this.#timers.now();
      this.#sought = false;
      this.counts.starts++;
      this.#liven(job);
      this.#player.play().then(() => {}, (e) => job === this.#job && this.#denied(e));
      this.#become("playing");
      this.#cancel = this.#timers.after(QUIET, () => job === this.#job && this.#judge(kind, late));
    });
  }

  /** @param {number} job */
  #liven(job) {
    const rate = this.#line?.rate ?? 1;
    if (!this.#habits.steer || !this.#lively()) return;
    liven(this.#player, rate);
    this.#timers.after(LIVELINESS, () => job === this.#job && pace(this.#player, rate, rate));
  }

  /** @param {number} until host time @param {number} job @param {() => void} then */
  #wait(until, job, then) {
    this.#cancel = this.#timers.after(until - this.#clock.now() - SPIN, () => {
      if (job !== this.#job) return;
      const left = until - this.#clock.now();
      if (left > 0) this.#timers.spin(this.#timers.now() + Math.min(left, 2 * SPIN));
      then();
    });
  }

  /** @param {any} e */
  #denied(e) {
    if (e?.name === "NotAllowedError") this.#rest("blocked");
  }

  /** Learns from the start that was, and makes one that went wrong again. One that came late teaches nothing. @param {"seek"|"pause"} kind @param {boolean} late */
  #judge(kind, late) {
    const line = this.#line;
    if (this.#errors.length < ENOUGH || this.doing !== "playing" || !line) return;
    const error = median(this.#errors);
    const lesson = this.learnt[kind];
    if (!late && Math.abs(error) < 400) {
      lesson.lag = learnLag(lesson.lag, lesson.n++, error);
      this.#taught(this.learnt);
    }
    if (Math.abs(error) < (this.#lively() ? WRONG : this.#habits.far) || !this.#redo || !this.#habits.steer || this.learnt.seekTime > CHEAP) return;
    this.#redo = false;
    this.#start(line, 0);
  }

  /** Called some twenty times a second. */
  tick() {
    const line = this.#line;
    if (this.doing === "waiting" && line && !this.#player.seeking && (line.rate ? this.#player.readyState >= 3 : loaded(this.#player))) return this.#resumed();
    if (this.doing !== "playing" || !line || line.rate === 0) return;
    if (this.#player.ended || this.#over(line)) return;
    if (this.#player.paused) return this.#stopped();
    if (this.#player.readyState < 3) {
      this.#errors = [];
      return this.#become("waiting");
    }
    const since = this.#timers.now() - this.#firedAt;
    if (since < CALM) return;
    this.#sample(line);
    if (since >= QUIET + 20 && this.#errors.length >= ENOUGH) this.#steer(line);
  }

  /** The player has bytes again and may go on by itself. */
  #resumed() {
    if (this.#player.paused) return this.again();
    this.#errors = [];
    this.#firedAt = this.#timers.now() - CALM;
    this.#become("playing");
  }

  /** Somebody else paused the player: the browser of a hidden page, or a headset that was pulled out. */
  #stopped() {
    const now = this.#timers.now();
    if (this.#hidden()) return this.#rest("away");
    if (now - this.#stoppedAt < 5000) return this.#rest("blocked");
    this.#stoppedAt = now;
    this.again();
  }

  /** @param {Timeline} line */
  #sample(line) {
    const at = this.#player.currentTime;
    const moved = at !== this.#read;
    this.#read = at;
    if (this.#habits.atChange && !moved) return;
    this.#errors.push((at - position(line, this.#clock.now())) * 1000);
    if (this.#errors.length > KEPT) this.#errors.shift();
    this.#last = this.error;
  }

  /** @param {Timeline} line */
  #steer(line) {
    const error = median(this.#errors);
    const now = this.#timers.now();
    const { start, speed } = steer(error, this.#player.playbackRate, line.rate, this.#habits);
    if (start) {
      if (now - this.#firedAt > this.#habits.again) this.#start(line, 0);
      return;
    }
    if (!this.#habits.steer || now - this.#spedAt < GAP) return;
    if (Math.abs(speed - this.#player.playbackRate) < this.#habits.step / 2) return;
    pace(this.#player, speed, line.rate);
    this.#spedAt = now;
    this.counts.speeds++;
    this.#errors = [];
  }
}

/** Whether it is the timeline that is being followed already. @param {Timeline} a @param {Timeline} b */
function same(a, b) {
  return a.title === b.title && a.pos === b.pos && a.at === b.at && a.rate === b.rate && a.began === b.began;
}

// The host's clock, estimated: the same arithmetic as node/clock. Of the last samples the one that
// can be off the least is believed: half its round trip, and what two clocks part while it grows old.

const WINDOW = 16; // samples
const DRIFT = 200e-6; // how far two quartz clocks part at the worst
const COARSE = 1; // ms: the grain of the worst clock in use, that of a page
const SLEW = 0.05; // share of the time that passes by which the clock runs fast or slow to catch up
const ASTRAY = 1000; // ms: too far to be caught up with

/** @typedef {{received: number, offset: number, half: number}} Measure */

/** Milliseconds of this machine since 1970 that never jump. */
export function localNow() {
  return performance.timeOrigin + performance.now();
}

/** @param {Measure} m @param {number} at */
const bound = (m, at) => m.half + DRIFT * (at - m.received);

export class Clock {
  /** @type {Measure[]} */
  #last = [];
  /** @type {Measure|null} */
  #best = null;
  #shown = 0;
  #at = 0;
  #now;

  /** @param {() => number} now local time in milliseconds */
  constructor(now = localNow) {
    this.#now = now;
  }

  /**
   * @param {number} sent local time of the question
   * @param {number} host host time in the answer
   * @param {number} received local time of the answer
   */
  add(sent, host, received) {
    const half = (received - sent) / 2;
    if (!(half >= 0) || !Number.isFinite(host)) return;
    this.#settle();
    const first = !this.#best;
    const best = this.#filter({ received, half, offset: host - (sent + half) });
    if (first || Math.abs(best.offset - this.#shown) > ASTRAY) this.#shown = best.offset;
  }

  /** A sample that no single clock could have given together with the chosen one tells that a clock was set. @param {Measure} m */
  #filter(m) {
    const best = this.#best;
    if (best && Math.abs(m.offset - best.offset) > m.half + bound(best, m.received) + COARSE) this.#last = [];
    this.#last = [...this.#last.slice(-(WINDOW - 1)), m];
    this.#best = this.#last.reduce((a, b) => (bound(b, m.received) < bound(a, m.received) ? b : a), m);
    return this.#best;
  }

  /** Moves what is shown towards the estimate, too slowly to be seen in a film. */
  #settle() {
    const now = this.#now();
    const step = SLEW * Math.max(now - this.#at, 0);
    this.#at = now;
    if (this.#best) this.#shown += Math.min(Math.max(this.#best.offset - this.#shown, -step), step);
  }

  get ready() {
    return this.#best !== null;
  }

  /** The present estimate of host time minus local time, in milliseconds. */
  get offset() {
    return this.#best?.offset ?? 0;
  }

  /** Host time now, Unix milliseconds. */
  now() {
    this.#settle();
    return this.#at + this.#shown;
  }

  local() {
    return this.#now();
  }
}

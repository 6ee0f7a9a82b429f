// The host's clock, estimated: the same arithmetic as node/clock. What samples prove is a corridor:
// the offset is between two walls, however long a packet took on which way. In it the likeliest offset
// and skew are picked, and shown without a jump. All times are milliseconds.

const SLOT = 8000; // four pings; within one, only the tightest bounds are kept
const MEMORY = 32 * SLOT; // longer tells the skew better, but it wanders with the temperature
const STEEPEST = 200e-6; // how far two quartz clocks part at the worst
const WANDER = 5e-6; // how much the skew may change within the memory
const GRAIN = 1; // how far behind a reading of a page's clock can be
const SLEW = 0.05; // share of the time that passes by which the clock runs fast or slow to catch up
const ASTRAY = 1000; // too far to be caught up with: stepped over forward, waited for at half speed backward
const STRANGE = 60000; // so far back that it is another host, or one whose clock was set: a step is better

/**
 * What the offset is at most, or at least, at a local time.
 * @typedef {{at: number, offset: number}} Bound
 * @typedef {{begin: number, upper: Bound, lower: Bound}} Slot
 */

/** Milliseconds of this machine since 1970 that never jump. */
export function localNow() {
  return performance.timeOrigin + performance.now();
}

/** @param {Bound} b @param {number} to @param {number} skew */
const aged = (b, to, skew) => b.offset + skew * (to - b.at);

class Corridor {
  /** @type {Slot[]} oldest first; at most 32, since each begins 8 s after the one before */
  #slots = [];
  #at = -Infinity; // local time of what is below
  #lower = 0;
  #upper = 0;
  slow = -STEEPEST;
  fast = STEEPEST;
  #offset = 0;
  skew = 0;

  /**
   * A sample that contradicts the others tells that a clock was set, or stood still in a machine that slept:
   * what was before is forgotten.
   * @param {number} sent @param {number} received @param {number} host
   */
  add(sent, received, host) {
    const upper = { at: sent, offset: host - sent + GRAIN };
    const lower = { at: received, offset: host - received - GRAIN };
    this.#at = Math.max(this.#at, received);
    this.#slots = this.#slots.filter((s) => this.#at - s.begin < MEMORY);
    const last = this.#slots.at(-1);
    if (!last || received - last.begin >= SLOT) {
      this.#slots.push({ begin: received, upper, lower });
    } else {
      if (upper.offset <= aged(last.upper, upper.at, this.fast)) last.upper = upper;
      if (lower.offset >= aged(last.lower, lower.at, this.slow)) last.lower = lower;
    }
    if (!this.#build()) {
      this.#slots = [{ begin: received, upper, lower }];
      this.#build();
    }
    this.#guess();
  }

  /** The bounds of the skew, from each pair, and the walls; false if there is no way between them. */
  #build() {
    let slow = -Infinity;
    let fast = Infinity;
    for (const { upper } of this.#slots) {
      for (const { lower } of this.#slots) {
        const took = lower.at - upper.at;
        const least = (lower.offset - upper.offset) / took;
        if (took > 0) slow = Math.max(slow, least);
        else if (took < 0) fast = Math.min(fast, least);
      }
    }
    this.slow = Math.max(slow - WANDER, -STEEPEST);
    this.fast = Math.min(fast + WANDER, STEEPEST);
    const { lower, upper } = this.#walls(this.slow, this.fast);
    this.#lower = lower.offset;
    this.#upper = upper.offset;
    return this.#lower <= this.#upper;
  }

  /** The highest lower and the lowest upper bound, each aged from where it was found. @param {number} slow @param {number} fast */
  #walls(slow, fast) {
    const lower = { at: 0, offset: -Infinity };
    const upper = { at: 0, offset: Infinity };
    for (const s of this.#slots) {
      const low = aged(s.lower, this.#at, slow);
      const high = aged(s.upper, this.#at, fast);
      if (low > lower.offset) [lower.at, lower.offset] = [s.lower.at, low];
      if (high < upper.offset) [upper.at, upper.offset] = [s.upper.at, high];
    }
    return { lower, upper };
  }

  /** Skew and middle of the widest corridor; a skew has to be worth it, since most clocks are nearly right. */
  #guess() {
    let low = this.slow;
    let high = this.fast;
    for (let i = 0; i < 40; i++) {
      this.skew = (low + high) / 2;
      const { lower, upper } = this.#walls(this.skew, this.skew);
      if (lower.at - upper.at - (this.skew < 0 ? -SLOT : SLOT) > 0) low = this.skew;
      else high = this.skew;
    }
    const { lower, upper } = this.#walls(this.skew, this.skew);
    this.#offset = Math.min(Math.max((lower.offset + upper.offset) / 2, this.#lower), this.#upper);
  }

  /** The offset at a local time. @param {number} now */
  likely(now) {
    return this.#offset + this.skew * Math.max(now - this.#at, 0);
  }

  /** What the offset is at least and at most. A skew older than the memory may have wandered anywhere. @param {number} now */
  between(now) {
    const age = Math.max(now - this.#at, 0);
    const late = Math.max(age - MEMORY, 0) * STEEPEST;
    return { lower: this.#lower + this.slow * age - late, upper: this.#upper + this.fast * age + late };
  }
}

export class Clock {
  #corridor = new Corridor();
  #ready = false;
  #shown = 0; // offset that now() applied at the local time at
  #at = -Infinity;
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
    if (!(received >= sent) || !Number.isFinite(host)) return;
    this.#settle();
    this.#corridor.add(sent, received, host);
    const gap = this.#corridor.likely(this.#at) - this.#shown;
    if (!this.#ready || gap > ASTRAY || gap < -STRANGE) this.#shown += gap;
    this.#ready = true;
  }

  /** Moves what is shown towards the estimate, too slowly to be seen in a film unless it is far ahead. */
  #settle() {
    const now = Math.max(this.#now(), this.#at);
    const elapsed = now - this.#at;
    this.#at = now;
    if (!this.#ready) return;
    const gap = this.#corridor.likely(now) - this.#shown;
    const step = elapsed * (gap < -ASTRAY ? 0.5 : SLEW);
    this.#shown += Math.min(Math.max(gap, -step), step);
  }

  get ready() {
    return this.#ready;
  }

  /** The present estimate of host time minus local time, in milliseconds. */
  get offset() {
    if (!this.#ready) return 0;
    this.#settle();
    return this.#corridor.likely(this.#at);
  }

  /** How far now() can be from the host's clock, in milliseconds. */
  get error() {
    if (!this.#ready) return Infinity;
    this.#settle();
    const { lower, upper } = this.#corridor.between(this.#at);
    return Math.max(upper - this.#shown, this.#shown - lower);
  }

  /** By how much the host's clock runs faster than this one: 1e-6 is a microsecond per second. */
  get skew() {
    return this.#corridor.skew;
  }

  /** How far the skew can be off. */
  get skewError() {
    const { slow, fast, skew } = this.#corridor;
    return Math.max(fast - skew, skew - slow);
  }

  /**
   * Host time now, Unix milliseconds. It never falls and jumps only forward, except at the first sample, and where
   * the host is another or its clock was set back by more than a minute.
   */
  now() {
    this.#settle();
    return this.#at + this.#shown;
  }

  local() {
    return this.#now();
  }
}

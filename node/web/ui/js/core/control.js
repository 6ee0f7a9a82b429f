// The controller's arithmetic: what it is given is all it knows. A node's player has the same functions
// (node/player/control.go), and node/player/testdata/control.jsonl holds both to the same answers.
// Positions are in seconds, everything else in milliseconds; an error is positive where the player is ahead.

/** @typedef {{dead: number, far: number, still: number, gain: number, most: number, step: number, near?: number, gentle?: number}} Band */
/** @typedef {Band & {again: number, steer: boolean, atChange: boolean}} Habits */

// Worked off: 0.6 of the error in a second, in steps of a thousandth. Nearer than a frame of 40 a second by at most half a percent,
// which changes the pitch by less than is heard; further off by more, and the pitch has to be kept.
const PACE = { still: 1, gain: 0.6, most: 0.02, step: 0.001, near: 25, gentle: 0.005 };

/** What kinds of player can bear. @type {Record<string, Habits>} */
export const HABITS = {
  // currentTime is interpolated well, speed changes are not heard
  usual: { dead: 2, far: 250, again: 1500, steer: true, atChange: false, ...PACE },
  // Firefox moves currentTime in steps of some 43 ms: a reading is true in the moment it changes
  steps: { dead: 8, far: 250, again: 1500, steer: true, atChange: true, ...PACE },
  // Safari stutters when the speed changes: rare small seeks, wide dead band
  seeks: { dead: 60, far: 120, again: 6000, steer: false, atChange: false, ...PACE },
};

/**
 * How far ahead a start aims: far enough that the seek is over by then, and further at each further attempt.
 * @param {number} seekTime
 * @param {number} tries
 */
export function lead(seekTime, tries) {
  return (seekTime * 1.25 + 30) * (1 + tries / 2);
}

/** How long a seek takes, after one that took as long as this. @param {number} old @param {number} took */
export function learnSeek(old, took) {
  return old + (Math.min(took, 4000) - old) * (took > old ? 0.7 : 0.3);
}

/**
 * How long a player takes to start, after the nth start left an error.
 * @param {number} lag
 * @param {number} n
 * @param {number} error
 */
export function learnLag(lag, n, error) {
  return Math.min(Math.max(lag - error * (n ? 0.4 : 0.8), -60), 500);
}

/** Whether a speed would be heard by its pitch. @param {number} speed @param {number} rate the timeline's */
export function heard(speed, rate) {
  return Math.abs(speed / rate - 1) > PACE.gentle + PACE.step / 2;
}

/**
 * What an error asks for: a new start, or a speed.
 * @param {number} error
 * @param {number} speed the player's as it is
 * @param {number} rate the timeline's
 * @param {Band} band
 */
export function steer(error, speed, rate, { dead, far, still, gain, most, step, near = 0, gentle = most }) {
  if (Math.abs(error) > far) return { start: true, speed };
  if (Math.abs(error) <= (speed === rate ? dead : still)) return { start: false, speed: rate }; // once at it, to the end
  const limit = Math.abs(error) <= near ? gentle : most;
  const off = Math.min(Math.max((-error / 1000) * gain, -limit), limit);
  return { start: false, speed: rate * (1 + Math.floor(off / step + 0.5) * step) };
}

/** The upper one of the two in the middle; 0 of nothing. @param {number[]} list */
export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted.length ? sorted[sorted.length >> 1] : 0;
}

// How far screens were from the timeline, counted by amount: the same as party.Drift makes it.

/** Upper bounds in milliseconds; a last bucket takes what is further off. */
export const BOUNDS = [1, 2, 3, 5, 8, 12, 17, 25, 33, 42, 60, 84, 125, 250, 500, 1000, 2000];

/** @typedef {number[]} Drift one count per bound, and one for what is further off */

/** @param {Drift|undefined} drift @param {number} ms off, either way @returns {Drift} a fresh one */
export function add(drift, ms) {
  const off = Math.abs(ms);
  const at = BOUNDS.findIndex((bound) => off <= bound);
  return plus(drift, BOUNDS.map((_, i) => (i === at ? 1 : 0)).concat(at < 0 ? 1 : 0));
}

/** Both together. @param {Drift|undefined} a @param {Drift|undefined} b @returns {Drift} */
export function plus(a = [], b = []) {
  return [...BOUNDS, Infinity].map((_, i) => (a[i] ?? 0) + (b[i] ?? 0));
}

/** How many reports were counted. @param {Drift} [drift] */
export function count(drift = []) {
  return drift.reduce((sum, n) => sum + n, 0);
}

/**
 * The milliseconds below which the share q of the reports lies, straight between the bounds of a bucket.
 * @param {Drift|undefined} drift
 * @param {number} q
 */
export function quantile(drift = [], q) {
  let left = q * count(drift);
  let low = 0;
  for (const [i, bound] of BOUNDS.entries()) {
    if (i >= drift.length || left <= 0) break;
    if (left <= drift[i]) return low + ((bound - low) * left) / drift[i];
    left -= drift[i];
    low = bound;
  }
  return low;
}

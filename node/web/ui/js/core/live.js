// Where what is live stands: the host records it from `zero` on, its edge moves with the clock.

/** @import {Title} from "./types.js" */

const KEPT = 7200; // seconds that are kept at most
export const NEAR = 6; // seconds behind the edge that still count as live: a start may have waited for somebody

/**
 * What of a live title can be watched, in seconds; undefined for another, and before it was first watched.
 * @param {Title|undefined} title
 * @param {number} now host time
 * @returns {{from: number, edge: number}|undefined}
 */
export function span(title, now) {
  const { zero, from = 0 } = title?.live ?? {};
  if (!zero) return undefined;
  const edge = Math.max((now - zero) / 1000, 0);
  return { from: Math.min(Math.max(from, edge - KEPT), edge), edge };
}

// Arithmetic of a Timeline (docs/protocol.md section 4). A timeline is a value and never ticks.

/** @import {Timeline} from "./types.js" */

/**
 * Where the film is at host time `at`. A start that lies ahead waits at `pos`.
 * @param {Timeline} t
 * @param {number} at Unix milliseconds of the host
 * @returns {number} seconds, between 0 and the film's length
 */
export function position(t, at) {
  const p = t.pos + (Math.max(at - t.at, 0) / 1000) * t.rate;
  return Math.max(t.length ? Math.min(p, t.length) : p, 0);
}

/**
 * The host time at which a running film reaches a position.
 * @param {Timeline} t
 * @param {number} pos seconds
 */
export function reaches(t, pos) {
  return t.at + ((pos - t.pos) / t.rate) * 1000;
}

/**
 * Whether two timelines say the same for every moment from `at` on.
 * @param {Timeline} a
 * @param {Timeline} b
 * @param {number} at
 */
export function sameLine(a, b, at) {
  return a.title === b.title && a.began === b.began && a.rate === b.rate &&
    Math.abs(position(a, at) - position(b, at)) < 0.001 && (a.at <= at) === (b.at <= at);
}

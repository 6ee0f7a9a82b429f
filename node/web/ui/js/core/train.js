// The hype train, the same as in node/party/train.go.

/** @import {State} from "./types.js" */

/** @typedef {{level: number, bits: number, until: number}} Train */

export const TRAIN = 5 * 60000; // ms
const GIFTS = 3;

/** Bits at which each level is full. */
export const LEVELS = [500, 1200, 2200, 3600, 5500];

/** @param {Train} t @param {number} bits @param {number} now @returns {Train} */
function plus({ level, bits: before, until }, bits, now) {
  const t = { level, bits: before + bits, until };
  while (t.level < LEVELS.length && t.bits >= LEVELS[t.level - 1]) {
    t.level++;
    t.until = now + TRAIN;
  }
  return t;
}

/**
 * What was given, added to the train or to what may set one going.
 * @param {State} s @param {string} by @param {number} now @param {number} bits
 * @returns {Partial<State>}
 */
export function ride(s, by, now, bits) {
  if (s.policy.noTrain) return {};
  if (s.train && now < s.train.until) return { train: plus(s.train, bits, now) };
  const given = [...(s.given ?? []).filter((g) => now - g.at < TRAIN), { by, at: now, bits }];
  if (given.length < GIFTS || new Set(given.map((g) => g.by)).size < 2) return { train: undefined, given };
  return { train: plus({ level: 1, bits: 0, until: now + TRAIN }, given.reduce((sum, g) => sum + g.bits, 0), now), given: undefined };
}

/** How full the level is, 0 to 1. @param {Train} train */
export function fullness({ level, bits }) {
  const from = LEVELS[level - 2] ?? 0;
  return Math.min((bits - from) / (LEVELS[level - 1] - from), 1);
}

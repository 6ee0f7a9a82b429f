// What a <video> tells and bears.

import { heard } from "./control.js";

/** @typedef {Pick<HTMLVideoElement, "currentTime"|"playbackRate"|"preservesPitch"|"readyState"|"networkState"|"buffered"|"seeking"|"paused"|"ended"|"duration"|"play"|"pause"|"addEventListener">} Player */

const IDLE = 1; // networkState: the browser has chosen not to fetch more
const LOADING = 2;
const DRY = 900; // ms: bytes that come are told three times a second
const NEAR = 0.25; // s: bytes this far ahead ought to be enough for a picture
const LIVELY = 1.01; // speed of a start's first moments

/** How long a start is lively, in milliseconds. */
export const LIVELINESS = 300;

/** Whether there are pictures, or the browser will only fetch them once it plays. @param {Player} player */
export function loaded(player) {
  return player.readyState >= 3 || (player.readyState >= 1 && player.networkState === IDLE);
}

/**
 * Why there is no picture yet: bytes are missing, or they are there and take their time. What a browser calls buffered is a
 * guess from bytes, and may be ahead of them: one that loads and got none lately lacks them.
 * @param {Player} player
 * @param {number} dry ms since bytes came
 */
export function lacking({ buffered, currentTime, networkState }, dry) {
  if (networkState === LOADING && dry > DRY) return "network";
  for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= currentTime + 0.05 && buffered.end(i) >= currentTime + NEAR) return "decoder";
  return "network";
}

/**
 * Stretching time without changing the pitch costs Chromium 156 some 20 ms each time it begins: worth it only where
 * the pitch would be heard.
 * @param {Player} player
 * @param {number} speed
 * @param {number} rate the timeline's
 */
export function pace(player, speed, rate) {
  const keep = heard(speed, rate);
  if (player.preservesPitch !== keep) player.preservesPitch = keep;
  if (player.playbackRate !== speed) player.playbackRate = speed;
}

/**
 * Begins a little fast, for [LIVELINESS]. Where frames last two refreshes, Chromium 156 draws every second refresh only, and which
 * ones is settled by chance: frames come up to a whole refresh late or early. A film that does not begin at a speed of which
 * refreshes are a multiple is drawn on every one, for good, and its frames come within half a refresh of their time.
 * @param {Player} player
 * @param {number} rate the timeline's
 */
export function liven(player, rate) {
  player.preservesPitch = false;
  player.playbackRate = rate * LIVELY;
}

// Where the small picture of a moment lies: on which sheet, and where on it.

/** @import {Title, Thumbs} from "./types.js" */

/**
 * @param {Thumbs} thumbs
 * @param {number} at seconds into the film
 */
export function place(thumbs, at) {
  const { every, count, across, down } = thumbs;
  const n = Math.min(Math.max(Math.floor(at / every), 0), count - 1);
  const sheet = Math.floor(n / (across * down));
  const on = n % (across * down);
  return { sheet, column: on % across, row: Math.floor(on / across) };
}

/** @param {Title} title @param {number} sheet */
export function sheetPath(title, sheet) {
  return `/media/t/${encodeURIComponent(title.id)}/thumbs/${sheet}.jpg`;
}

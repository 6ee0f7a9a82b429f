// When a film's cues are shown: a file of subtitles that was made for another cut is moved as a whole.

/** @typedef {{startTime: number, endTime: number}} Timed */

/** How far cues can be moved, in seconds either way. */
export const MOST = 5;
const FILMS = 50; // whose subtitles were moved and are remembered

/** @type {WeakMap<Timed, Timed>} when they were meant to be shown */
const made = new WeakMap();

/** Shows cues that many seconds later than they were made for. @param {Iterable<Timed>} cues @param {number} by */
export function shift(cues, by) {
  for (const cue of [...cues]) { // the list sorts itself anew with every cue
    const own = made.get(cue) ?? { startTime: cue.startTime, endTime: cue.endTime };
    made.set(cue, own);
    cue.startTime = Math.max(own.startTime + by, 0);
    cue.endTime = Math.max(own.endTime + by, 0);
  }
}

/**
 * What is remembered when the cues of a film are moved; the films that were moved longest ago are forgotten.
 * @param {Record<string, number>} all
 * @param {string} title
 * @param {number} by
 */
export function moved(all, title, by) {
  const others = Object.entries(all).filter(([id]) => id !== title);
  return Object.fromEntries([...others, ...(by ? [[title, by]] : [])].slice(-FILMS));
}

/** Whether a cue was made for the upper half of the picture, where nothing of it is then covered. @param {{line: number|"auto", snapToLines: boolean}} cue */
export function above({ line, snapToLines }) {
  return typeof line === "number" && line >= 0 && (snapToLines ? line < 5 : line < 50);
}

/** @typedef {{key: string, lang: string, label: string, drawn?: boolean}} Track */

/**
 * The track of a film that is most like the one chosen last: called the same, else the first of its language. Who
 * chose text is not given what is drawn into the picture: the host would have to convert the film for it.
 * @template {Track} T
 * @param {T[]} all
 * @param {{lang: string, label: string, drawn?: boolean}|null} chosen
 * @returns {T|undefined}
 */
export function alike(all, chosen) {
  if (!chosen) return undefined;
  const some = all.filter((s) => s.lang === chosen.lang && (chosen.drawn || !s.drawn));
  const exact = (/** @type {T} */ s) => s.label === chosen.label && Boolean(s.drawn) === Boolean(chosen.drawn);
  return some.find(exact) ?? some.find((s) => Boolean(s.drawn) === Boolean(chosen.drawn)) ?? some[0];
}

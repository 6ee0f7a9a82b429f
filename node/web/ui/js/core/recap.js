// What somebody missed who comes late: how much was said, where most was, and the last of it. Nothing that lies ahead of where their
// film is.

/** @import {Message, Reel} from "./types.js" */

const MOMENT = 30; // seconds of film that are one moment
const MOMENTS = 3;
const LEAST = 3; // of lines and reactions: fewer are no moment
const LAST = 4; // lines

/** @typedef {{pos: number, lines: number, reactions: number, words: string, with: string}} Moment `pos` where it began, `words` of its longest line, `with` what most reacted */

/**
 * @param {Reel} reel of the evening that goes on
 * @param {{at: number, since: number, me: string}} place seconds at which the viewer's film is; the record up to which they have read
 * @returns {{lines: number, reactions: number, moments: Moment[], last: Reel["lines"]}}
 */
export function recap({ lines, bursts = [] }, { at, since, me }) {
  const missed = lines.filter((l) => l.seq > since && l.by !== me && (l.pos ?? 0) <= at);
  const felt = bursts.filter((b) => b.pos <= at);
  const sum = felt.reduce((n, b) => n + b.n, 0);
  return {
    lines: missed.length, reactions: since ? 0 : sum, moments: moments(missed, felt),
    last: [...missed].sort((a, b) => a.seq - b.seq).slice(-LAST),
  };
}

/** @param {Reel["lines"]} lines @param {NonNullable<Reel["bursts"]>} bursts @returns {Moment[]} in the film's order */
function moments(lines, bursts) {
  /** @type {Map<number, {lines: Reel["lines"], bursts: NonNullable<Reel["bursts"]>}>} */
  const all = new Map();
  const of = (/** @type {number} */ pos) => {
    const key = Math.floor(pos / MOMENT);
    const one = all.get(key) ?? { lines: [], bursts: [] };
    all.set(key, one);
    return one;
  };
  for (const l of lines) of(l.pos ?? 0).lines.push(l);
  for (const b of bursts) of(b.pos).bursts.push(b);
  return [...all.values()].filter((x) => x.lines.length > 0).map((x) => {
    const longest = x.lines.reduce((a, b) => ((b.text ?? "").length > (a.text ?? "").length ? b : a));
    return {
      pos: Math.min(...x.lines.map((l) => l.pos ?? 0), ...x.bursts.map((b) => b.pos)), lines: x.lines.length, reactions: x.bursts.reduce((n, b) => n + b.n, 0),
      words: longest.text ?? "", with: most(x.bursts),
    };
  }).filter((m) => m.lines + m.reactions >= LEAST).sort((a, b) => b.lines + b.reactions - (a.lines + a.reactions)).slice(0, MOMENTS).sort((a, b) => a.pos - b.pos);
}

/** @param {NonNullable<Reel["bursts"]>} bursts */
function most(bursts) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const b of bursts) counts.set(b.with, (counts.get(b.with) ?? 0) + b.n);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

// What the room votes on about the film, as node/party folds it.

/** @import {State} from "./types.js" */

/**
 * Somebody's wish to pause, go on or seek. Closed, it stays with its result until the next.
 * @typedef {{id: string, by: string, what: "pause"|"play"|"seek", pos?: number, until: number, votes?: Record<string, boolean>, closed?: number, passed?: boolean, yes?: number, no?: number}} Motion
 */

/** A motion that is open is forgotten. @param {State} s @returns {Partial<State>} */
export const moot = (s) => (s.motion && !s.motion.closed ? { motion: undefined } : {});

/** @type {Record<string, (s: State, body: any, r: {seq: number, at: number, by?: string}) => Partial<State>>} */
export const motions = {
  moved: (_, b, r) => ({ motion: { id: String(r.seq), by: r.by ?? "", what: b.what, pos: b.pos, until: b.until, votes: { [r.by ?? ""]: true } } }),
  backed: (s, b, r) => (s.motion && !s.motion.closed ? { motion: { ...s.motion, votes: { ...s.motion.votes, [r.by ?? ""]: b.yes } } } : {}),
  resolved: (s, b, r) => (s.motion ? { motion: { ...s.motion, votes: undefined, closed: r.at, passed: b.passed || undefined, yes: b.yes || undefined, no: b.no || undefined } } : {}),
};

/** How it stands: those who are here, and of them who said yes and no. @param {State} s */
export function tally({ motion, members }) {
  const here = Object.values(members).filter((m) => m.screens?.length && !m.removed);
  if (!motion || motion.closed) return { yes: motion?.yes ?? 0, no: motion?.no ?? 0, of: here.length };
  const votes = here.map((m) => motion.votes?.[m.id]);
  return { yes: votes.filter((v) => v === true).length, no: votes.filter((v) => v === false).length, of: here.length };
}

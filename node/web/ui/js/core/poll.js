// Polls and predictions as node/party folds them, and the arithmetic that both pages need.

/** @import {Poll, Prediction, State} from "./types.js" */

/** The poll with something changed in it. @param {State} s @param {(p: Poll) => Partial<Poll>} change @returns {Partial<State>} */
const inPoll = (s, change) => (s.poll ? { poll: { ...s.poll, ...change(s.poll) } } : {});
/** @param {State} s @param {(p: Prediction) => Partial<Prediction>} change @returns {Partial<State>} */
const inPrediction = (s, change) => (s.prediction ? { prediction: { ...s.prediction, ...change(s.prediction) } } : {});

/** @param {Prediction} p @param {string} member @param {{outcome: number, bits: number}} b */
function staked({ stakes = [] }, member, { outcome, bits }) {
  const mine = stakes.some((x) => x.member === member);
  return mine ? stakes.map((x) => (x.member === member ? { ...x, bits: x.bits + bits } : x)) : [...stakes, { member, outcome, bits }];
}

/** @param {Record<string, number[]>|undefined} votes @param {string} by @param {number[]} options */
function voted(votes, by, options) {
  const { [by]: _, ...rest } = votes ?? {};
  const now = options.length ? { ...rest, [by]: options } : rest;
  return Object.keys(now).length ? now : undefined;
}

/** What moves no Bits. @type {Record<string, (s: State, body: any, r: {seq: number, at: number, by?: string}) => Partial<State>>} */
export const polls = {
  polled: (_, b, r) => ({ poll: { ...b, id: String(r.seq), by: r.by ?? "" } }),
  voted: (s, b, r) => inPoll(s, (p) => ({ votes: voted(p.votes, r.by ?? "", b.options ?? []) })),
  closed: (s, b, r) => (b.drop ? { poll: undefined } : inPoll(s, () => ({ closed: r.at, counts: b.counts, of: b.of || undefined }))),
  predicted: (_, b, r) => ({ prediction: { ...b, id: String(r.seq), by: r.by ?? "" } }),
  locked: (s) => inPrediction(s, () => ({ locked: true })),
};

/** What does; who holds what is folded beside it. @type {typeof polls} */
export const predictions = {
  wagered: (s, b, r) => inPrediction(s, (p) => ({ stakes: staked(p, r.by ?? "", b) })),
  settled: (s, b, r) => inPrediction(s, () => ({ locked: true, settled: r.at, outcome: b.outcome, back: b.back || undefined, paid: b.paid })),
};

/** How a poll stands: the votes for each answer, and who voted. @param {State} state */
export function counts({ poll, members }) {
  if (!poll) return { each: [], of: 0 };
  if (poll.closed) return { each: poll.options.map((_, i) => poll.counts?.[i] ?? 0), of: poll.of ?? 0 };
  const votes = Object.entries(poll.votes ?? {}).filter(([id]) => !members[id]?.removed);
  return { each: poll.options.map((_, i) => votes.filter(([, v]) => v.includes(i)).length), of: votes.length };
}

/** What lies on each outcome: Bits and people. @param {Prediction} p */
export function sides(p) {
  return p.outcomes.map((_, i) => {
    const on = (p.stakes ?? []).filter((x) => x.outcome === i);
    return { bits: on.reduce((sum, x) => sum + x.bits, 0), people: on.length };
  });
}

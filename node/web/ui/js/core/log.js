// The fold of a party's records, the same as node/party makes. A fold never changes in place what
// it was given, so a part may keep an older state and compare.

import { moot, motions } from "./motion.js";
import { predictions, polls } from "./poll.js";
import { ride } from "./train.js";

/** @import {Ballot, State, PartyRecord, Member, Role, Face} from "./types.js" */

const KEPT = 200; // messages

/** @returns {State} a party of which nothing is known */
export function empty() {
  return {
    id: "", name: "", seq: 0, opened: 0, policy: { drive: "moderator" },
    members: {}, timeline: { pos: 0, at: 0, rate: 0 }, queue: [], messages: [],
  };
}

/** @param {any} snapshot @returns {State} with the lists a host may leave out */
export function fromSnapshot(snapshot) {
  const state = { ...empty(), ...snapshot };
  for (const list of ["members", "queue", "messages"]) state[list] ??= list === "members" ? {} : [];
  return state;
}

/** @param {PartyRecord} record */
export function kindOf(record) {
  return Object.keys(record).find((k) => k !== "seq" && k !== "at" && k !== "by" && k !== "nonce") ?? "";
}

/**
 * @param {State} state
 * @param {string} id
 * @param {(m: Member) => Partial<Member>} change
 * @returns {Partial<State>}
 */
function member(state, id, change) {
  const old = state.members[id] ?? /** @type {any} */ ({});
  const now = { ...old, ...change(old) };
  return now.id ? { members: { ...state.members, [id]: now } } : {}; // a fact about somebody this fold never met
}

/** @param {State} s @param {string} id */
export const onStage = (s, id) => (s.stage ?? []).find((f) => f.member === id);

/**
 * One face changed; what becomes null leaves the stage.
 * @param {State} s
 * @param {string} id
 * @param {(f: Face) => Face|null} change
 */
function face(s, id, change) {
  const all = s.stage ?? [];
  const now = onStage(s, id) ? all.map((f) => (f.member === id ? change(f) : f)) : [...all, change({ member: id })];
  const kept = now.filter((f) => f !== null);
  return { stage: kept.length ? kept : undefined };
}

const HOST = "host"; // what is given to the house goes there

/** @typedef {{bits?: number, ever?: number, months?: number, until?: number, week?: number}} Purse */

/**
 * Purses with entries in them, of those who are known here.
 * @param {State} s
 * @param {[string, Purse][]} entries
 * @returns {Partial<State>}
 */
function enter(s, entries) {
  let members = s.members;
  for (const [id, e] of entries) {
    const m = members[id];
    if (!m) continue;
    members = { ...members, [id]: {
      ...m, bits: sum(m.bits, e.bits), ever: sum(m.ever, e.ever), months: sum(m.months, e.months),
      until: latest(m.until, e.until), week: latest(m.week, e.week),
    } };
  }
  return { members };
}

/** The ballot with something changed in it. @param {State} s @param {(b: Ballot) => Partial<Ballot>} change */
const inBallot = (s, change) => (s.ballot ? { ballot: { ...s.ballot, ...change(s.ballot) } } : {});

/** What is somebody's own in a table, or nothing. @template T @param {Record<string, T>|undefined} all @param {string} id @param {T|undefined} value */
function own(all, id, value) {
  const { [id]: _, ...rest } = all ?? {};
  const now = value === undefined ? rest : { ...rest, [id]: value };
  return Object.keys(now).length ? now : undefined;
}

const sum = (/** @type {number|undefined} */ a, /** @type {number|undefined} */ b) => (a ?? 0) + (b ?? 0) || undefined;
const latest = (/** @type {number|undefined} */ a, /** @type {number|undefined} */ b) => Math.max(a ?? 0, b ?? 0) || undefined;

/**
 * The same of what `r.by` gave the host, which also brings the goal nearer and moves the hype train.
 * @param {State} s
 * @param {PartyRecord} r
 * @param {number} bits
 * @param {[string, Purse][]} [more]
 * @returns {Partial<State>}
 */
function support(s, r, bits, more = []) {
  const by = r.by ?? "";
  if (!bits) return enter(s, more);
  const now = enter(s, [[by, { bits: -bits }], [HOST, { bits }], ...more]);
  const { members = {} } = now;
  if (members[by]) now.members = { ...members, [by]: { ...members[by], cheered: sum(members[by].cheered, bits) } };
  return { ...now, ...near(s, r.at, bits), ...ride(s, by, r.at, bits) };
}

/** @param {State} s @param {number} at @param {number} bits @returns {Partial<State>} */
function near({ goal }, at, bits) {
  if (!goal) return {};
  const got = goal.got + bits;
  return { goal: { ...goal, got, reached: goal.reached || (got >= goal.bits ? at : undefined) } };
}

/** @param {PartyRecord} r */
const line = (r) => ({ seq: r.seq, at: r.at, by: r.by ?? "" });

/** @param {State} s @param {Record<string, any>} m */
const keep = (s, m) => ({ messages: [...s.messages.slice(-(KEPT - 1)), /** @type {any} */ (m)] });

/** In slow mode it counts when somebody said something. @param {State} s @param {Record<string, any>} m @returns {State} */
const spoke = (s, m) => (s.rules?.slow && (m.text || m.gone) && ROLES.indexOf(s.members[m.by]?.role) < 2 ? { ...s, ...member(s, m.by, () => ({ spoke: m.at })) } : s);

/** Takes somebody off the party and its stage. @param {State} s @param {string} id @param {boolean} [banned] */
const out = (s, id, banned) => ({ ...member(s, id, () => ({ removed: true, banned, screens: [] })), ...(onStage(s, id) ? face(s, id, () => null) : {}) });

/** @template {{seq: number}} M @param {M} m @param {number} line that is deleted @returns {M} */
const struck = (m, line) => (m.seq === line ? { ...m, text: "", gone: true } : m);

/** @param {State} s @param {number|undefined} seq @param {string|undefined} by */
function pin(s, seq, by) {
  const m = s.messages.find((one) => one.seq === seq);
  return m && { ...m, pinner: by ?? "" };
}

/** @type {Record<string, (s: State, body: any, r: PartyRecord) => Partial<State>>} */
const folds = {
  opened: (_, b, r) => ({ id: b.id, name: b.name, opened: r.at, policy: { drive: "moderator" } }),
  resumed: (s) => ({
    members: Object.fromEntries(Object.entries(s.members).map(([id, m]) => [id, { ...m, screens: [] }])), stage: undefined, ...moot(s),
  }),
  ended: (_, b, r) => ({ ended: r.at, evening: b.evening, coming: undefined, stage: undefined, ballot: undefined, poll: undefined, prediction: undefined, motion: undefined }),
  ordered: (s, b) => ({ policy: b, ...(b.vote ? {} : moot(s)), ...(b.noTrain ? { train: undefined, given: undefined } : {}) }),
  joined: (s, b) => member(s, b.id, () => ({
    id: b.id, name: b.name, role: b.role, region: b.region, tiers: b.tiers, rating: b.rating, first: b.first, bits: b.bits, ever: b.ever, months: b.months, until: b.until, week: b.week, removed: undefined, banned: undefined,
  })),
  came: (s, b, r) => member(s, r.by ?? "", (m) => ({ screens: [...(m.screens ?? []), { id: b.id, kind: b.kind }] })),
  went: (s, b, r) => member(s, r.by ?? "", (m) => ({ screens: (m.screens ?? []).filter((x) => x.id !== b.id) })),
  renamed: (s, b, r) => member(s, r.by ?? "", () => ({ name: b.name })),
  sat: (s, b) => member(s, b.member, () => ({ people: b.people > 1 ? b.people : undefined })),
  muted: (s, b) => member(s, b.member, () => ({ muted: b.off ? undefined : true, mutedUntil: b.until })),
  removed: (s, b) => out(s, b.member),
  banned: (s, b) => (b.off ? member(s, b.member, () => ({ removed: undefined, banned: undefined })) : out(s, b.member, true)),
  erased: (s, b) => ({ messages: s.messages.map((m) => struck(m, b.line)), ...(s.pinned ? { pinned: struck(s.pinned, b.line) } : {}) }),
  ruled: (_, b) => ({ rules: b }),
  beckoned: (s, b) => face(s, b.member, (f) => f),
  staged: (s, b, r) => face(s, b.member, (f) => (b.off ? (may(s, b.member, "broadcast") ? null : { ...f, since: undefined }) : { ...f, since: r.at })),
  bowed: (s, b) => face(s, b.member, () => null),
  hushed: (s, b) => face(s, b.member, (f) => ({ ...f, hushed: b.off ? undefined : true })),
  timed: (s, { why, for: _for, ...timeline }) => ({ timeline, urged: undefined, coming: undefined, ...(timeline.began === s.timeline.began ? {} : { out: undefined, in: undefined }), ...(why === "wait" || why === "go" ? {} : moot(s)) }),
  sifted: (s, b, r) => {
    const admitted = (s.out ?? []).filter((id) => !b.out?.includes(id) && s.members[id]?.screens?.length && !s.members[id].removed);
    return { out: b.out?.length ? b.out : undefined, ...(admitted.length ? { in: { ...s.in, ...Object.fromEntries(admitted.map((id) => [id, r.at])) } } : {}) };
  },
  balloted: (_, b, r) => ({ ballot: { ...b, id: String(r.seq), by: r.by ?? "" } }),
  approved: (s, b, r) => inBallot(s, (o) => ({ votes: own(o.votes, r.by ?? "", b.titles?.length ? b.titles : undefined) })),
  vetoed: (s, b, r) => inBallot(s, (o) => ({ vetoes: own(o.vetoes, r.by ?? "", b.title || undefined) })),
  barred: (s, b) => inBallot(s, () => ({ barred: b.barred?.length ? b.barred : undefined })),
  counted: () => ({ ballot: undefined }),
  ...polls,
  ...motions,
  announced: (_, b) => ({ coming: { title: b.title, at: b.at } }),
  stayed: () => ({ coming: undefined }),
  urged: (s, _, r) => ({ urged: [...(s.urged ?? []), r.by ?? ""] }),
  measured: (s, b) => ({ drift: b.drift.map((/** @type {number} */ n, /** @type {number} */ i) => n + (s.drift?.[i] ?? 0)) }),
  queued: (s, b) => ({ queue: [...s.queue, { id: b.id, title: b.title, by: b.by }] }),
  dequeued: (s, b) => ({ queue: s.queue.filter((q) => q.id !== b.id) }),
  said: (s, b, r) => ({ ...keep(s, { ...line(r), ...b }), ...support(spoke(s, { ...line(r), ...b }), r, b.bits ?? 0, b.bits ? [[r.by ?? "", { ever: b.bits }]] : []) }),
  recalled: (_, b) => ({ recalled: b.evening ? b : undefined }),
  pinned: (s, b, r) => ({ pinned: pin(s, b.line, r.by) }),
  credited: (s, b) => enter(s, [[b.member, { bits: b.bits, week: b.week }]]),
  subscribed: (s, { price, until, ...b }, r) => ({ ...keep(s, { ...line(r), ...b }), ...support(spoke(s, { ...line(r), ...b }), r, price, [[r.by ?? "", { months: 1, until }]]) }),
  gifted: (s, { to, price }, r) => ({
    ...keep(s, { ...line(r), text: "", gifts: to }),
    ...support(s, r, price * to.length, to.map((/** @type {any} */ x) => [x.member, { months: 1, until: x.until }])),
  }),
  wagered: (s, b, r) => ({ ...predictions.wagered(s, b, r), ...enter(s, [[r.by ?? "", { bits: -b.bits }]]) }),
  settled: (s, b, r) => ({ ...predictions.settled(s, b, r), ...enter(s, Object.entries(b.paid ?? {}).map(([id, bits]) => [id, { bits }])) }),
  aimed: (_, b) => ({ goal: b.bits ? { bits: b.bits, text: b.text, got: 0 } : undefined }),
};

/**
 * @param {State} state
 * @param {PartyRecord} record
 * @returns {State} a kind that is not known changes nothing but the place in the log
 */
export function fold(state, record) {
  if (record.seq <= state.seq) return state;
  const kind = kindOf(record);
  const change = Object.hasOwn(folds, kind) ? folds[kind](state, record[kind] ?? {}, record) : {};
  return { ...state, ...change, seq: record.seq };
}

/** @type {Role[]} */
export const ROLES = ["guest", "trusted", "moderator", "host"];

/**
 * @param {State} state
 * @param {string} id
 * @param {"chat"|"drive"|"moderate"|"broadcast"|"manage"} power
 */
export function may(state, id, power) {
  const m = state.members[id];
  if (!m || m.removed || state.ended) return false;
  /** @type {Role} */
  const least = power === "chat" ? "guest" : power === "drive" ? state.policy.drive : power === "moderate" ? "moderator" : "host";
  return ROLES.indexOf(m.role) >= ROLES.indexOf(least);
}

/** Whether a member asks the room where others pause and seek. @param {State} state @param {string} id */
export const asks = (state, id) => Boolean(state.policy.vote) && may(state, id, "chat") && !may(state, id, "drive");

/** Whether somebody is muted at that moment of the host's time. @param {import("./types.js").Member|undefined} m @param {number} now */
export const silent = (m, now) => Boolean(m?.muted && (!m.mutedUntil || now < m.mutedUntil));

/** When a member may write their next line, by slow mode; 0: now. @param {State} s @param {string} id @param {number} now */
export function nextLine(s, id, now) {
  const m = s.members[id];
  const at = s.rules?.slow && m?.spoke && ROLES.indexOf(m.role) < 2 ? m.spoke + s.rules.slow * 1000 : 0;
  return at > now ? at : 0;
}

/** @param {State} state @param {string} by @param {string} whom */
export function outranks(state, by, whom) {
  return ROLES.indexOf(state.members[by]?.role) > ROLES.indexOf(state.members[whom]?.role);
}

// What the chat says of things that happened, quietly.

import { price } from "../core/badges.js";
import { h } from "../core/dom.js";
import { amount, clockTime, day } from "../core/format.js";
import { rich, t } from "../i18n/index.js";
import { barWords } from "./ballot.js";
import { ruleWords, span } from "./lines-moderation.js";

/** @import {Session} from "../core/session.js" */
/** @import {Bar, PartyRecord, Policy, State} from "../core/types.js" */

const MAYBE_BACK = 8000; // ms: who is back by then never left
const CROWD = 30; // people from which on those who come one after the other share a line

/**
 * @param {string} key
 * @param {Record<string, any>} params `title` is the id of a title
 */
function line(key, params) {
  const el = h("p", { class: "event" }, ...rich(key, params));
  if (!params.title) return el;
  for (const part of el.querySelectorAll("bdi")) if (part.textContent === params.title) part.dataset.title = params.title;
  return el;
}

/** @typedef {{kind: string, record: PartyRecord, before: State, session: Session}} Happened */

/** @type {Record<string, (b: any, name: string, h: Happened) => HTMLElement|null>} */
const lines = {
  timed: timed,
  credited: credited,
  aimed: (b) => (b.bits ? line("event.aimed", { text: b.text, bits: amount(b.bits) }) : null),
  pinned: (b, name) => (b.line ? line("event.pinned", { name }) : null),
  renamed: (b, _, { record, before }) => line("event.renamed", { name: before.members[record.by ?? ""]?.name, to: b.name }),
  removed: (b, _, { before }) => line(b.left ? "event.went" : "event.removed", { name: before.members[b.member]?.name }),
  muted: (b, _, { before, record }) => line(b.off ? "event.unmuted" : b.until ? "event.timeout" : "event.muted", { name: before.members[b.member]?.name, time: b.until ? span((b.until - record.at) / 1000) : "" }),
  banned: (b, _, { before }) => (before.members[b.member] ? line(b.off ? "event.unbanned" : "event.banned", { name: b.name }) : null),
  ruled: (b, _, { record }) => (record.by ? line("event.ruled", { rules: ruleWords(b) }) : null),
  queued: (b, name) => line("event.queued", { name, title: b.title }),
  ordered: (b, _, { before }) => ordered(b, before.policy),
  balloted: (b, name) => line("event.balloted", { name, n: b.titles.length }),
  barred: barred,
  polled: (b, name) => line("event.polled", { name, question: b.question }),
  closed: (b) => line(b.drop ? "event.pollDropped" : "event.pollClosed", { question: b.question, result: pollResult(b) }),
  moved: (b, name) => line(`event.moved.${b.what}`, { name, at: clockTime(b.pos ?? 0) }),
  resolved: (b) => line(b.passed ? `event.resolved.${b.what}` : "event.resolvedNot", { yes: b.yes, no: b.no, at: clockTime(b.pos ?? 0) }),
  predicted: (b, name) => line("event.predicted", { name, question: b.question }),
  locked: (_, __, { before }) => line("event.locked", { question: before.prediction?.question }),
  settled: (b) => line(b.answer ? (b.back ? "event.nobodyRight" : "event.settled") : "event.gaveBack", { question: b.question, answer: b.answer, bits: amount(pool(b)), n: Object.keys(b.paid ?? {}).length }),
  counted: (b) => (b.title ? line(b.tied?.length ? "event.countedTied" : "event.counted", { title: b.title, n: b.votes, of: b.of }) : line(b.drop ? "event.ballotDropped" : "event.countedNone", {})),
  recalled: (b) => (b.evening ? line("recalled", { name: b.name, day: day(b.opened ?? 0) }) : null),
  resumed: () => line("event.resumed", {}),
  ended: () => line("event.ended", {}),
  joined: (b, _, { before }) => {
    const old = before.members[b.id];
    return old && old.role !== b.role ? line("event.role", { name: b.name, role: t(`role.${b.role}`) }) : null;
  },
};

/** All that was put on a prediction. @param {{paid?: Record<string, number>}} b */
const pool = ({ paid = {} }) => Object.values(paid).reduce((sum, n) => sum + n, 0);

/** What most answered, and how many. @param {{options: string[], counts: number[], of?: number}} b */
function pollResult({ options = [], counts = [], of = 0 }) {
  const most = Math.max(0, ...counts);
  return most ? t("poll.result", { answers: options.filter((_, i) => counts[i] === most).join(", "), n: most, of }) : t("poll.noResult");
}

/** A week's allowance is one's own business. @param {any} b @param {string} _ @param {Happened} h */
function credited(b, _, { before, session }) {
  const m = before.members[b.member];
  if (b.week) return b.member === session.me.member ? line("event.allowance", { bits: amount(b.bits) }) : null;
  return m ? line(b.bits > 0 ? "event.credited" : "event.debited", { name: m.name, bits: amount(Math.abs(b.bits)) }) : null;
}

/** @param {any} b @param {string} name @param {Happened} h */
function timed(b, name, { record, before }) {
  const key = `event.${b.why}${record.by ? "" : ".house"}`;
  if (b.why === "end") return line("event.end", { title: b.title });
  if (b.why === "resume") return line("event.wait", {});
  if (b.why === "wait") return waited(b.for ?? [], before);
  if (before.motion?.passed && before.motion.closed === record.at) return null; // the vote's line says it
  if (b.why === "go" || b.why === "follow") return null; // it goes on: everybody sees that
  const el = line(key, { name, title: b.title, at: clockTime(b.pos) });
  if (b.why === "seek") el.dataset.once = `seek ${record.by}`;
  return el;
}

/** Which title has dropped out of the vote, and why. @param {any} b @param {string} _ @param {Happened} h */
function barred(b, _, { before }) {
  const fresh = (b.barred ?? []).find((/** @type {Bar} */ now) => !before.ballot?.barred?.some((old) => old.title === now.title));
  return fresh ? line("event.barred", { title: fresh.title, why: barWords(fresh) }) : null;
}

/** @param {string[]} members @param {State} before */
function waited(members, before) {
  const [name, ...others] = members.map((id) => before.members[id]?.name ?? t("somebody"));
  if (!name) return null;
  const el = others.length ? line("event.waitedMore", { name, n: others.length }) : line("event.waited", { name });
  el.dataset.once = `wait ${members}`;
  return el;
}

/** What is new of a policy. @param {Policy} now @param {Policy} before */
function ordered(now, before) {
  if (now.vote && !before.vote) return line("event.drive.vote", {});
  if (now.drive !== before.drive || before.vote !== now.vote) return line(`event.drive.${now.drive}`, {});
  if (now.sub !== before.sub) return line("event.sub", { bits: amount(price(now)) });
  if (now.least !== before.least) return line("event.least", { bits: amount(now.least || 1) });
  if (now.weekly !== before.weekly) return now.weekly ? line("event.weekly", { bits: amount(now.weekly) }) : line("event.weeklyNone", {});
  if (now.noTrain !== before.noTrain) return null;
  const { wait = "all", patience = 5 } = now;
  return line(`event.policy.${wait}`, wait === "all" ? { time: `${patience} s` } : {});
}

/** @param {Happened} happened */
export function eventLine(happened) {
  const { kind, record, before, session } = happened;
  const name = before.members[record.by ?? ""]?.name ?? session.state.members[record.by ?? ""]?.name ?? "";
  return Object.hasOwn(lines, kind) ? lines[kind](record[kind], name, happened) : null;
}

/** Who came and who left. A page that reloads, or a short break, is nobody's business. */
export class Comings {
  /** @type {Map<string, any>} */
  #leaving = new Map();
  /** The line that the next ones share. @type {{kind: string, el: HTMLElement, n: number}|null} */
  #run = null;

  /** @param {Session} session @param {(line: HTMLElement) => void} say */
  constructor(session, say) {
    this.session = session;
    this.say = say;
  }

  /** @param {string} kind @param {PartyRecord} record @param {State} before @returns {boolean} whether it was about presence */
  takes(kind, record, before) {
    const who = record.by ?? "";
    if (kind === "came" && !before.members[who]?.screens?.length) this.#came(who);
    if (kind === "went" && !this.session.state.members[who]?.screens?.length) this.#went(who);
    return kind === "came" || kind === "went";
  }

  /** @param {string} who */
  #came(who) {
    const leaving = this.#leaving.get(who);
    clearTimeout(leaving);
    this.#leaving.delete(who);
    const name = this.session.state.members[who]?.name;
    if (leaving === undefined && name && who !== this.session.me.member) this.#tell("came", name);
  }

  /** @param {string} who */
  #went(who) {
    this.#leaving.set(who, setTimeout(() => {
      this.#leaving.delete(who);
      const m = this.session.state.members[who];
      if (m && !m.removed && !m.screens?.length) this.#tell("went", m.name);
    }, MAYBE_BACK));
  }

  /** @param {string} kind @param {string} name */
  #tell(kind, name) {
    const crowd = Object.keys(this.session.state.members).length > CROWD;
    const n = crowd && this.#run?.kind === kind && isLast(this.#run.el) ? this.#run.n + 1 : 0;
    const el = n ? line(`event.${kind}More`, { name, n }) : line(`event.${kind}`, { name });
    if (crowd) el.dataset.once = kind;
    this.#run = { kind, el, n };
    this.say(el);
  }
}

/** Whether nothing but what is on its way stands behind a line. @param {Element} el */
function isLast(el) {
  let next = el.isConnected ? el.nextElementSibling : el;
  while (next?.classList.contains("on-its-way")) next = next.nextElementSibling;
  return !next;
}

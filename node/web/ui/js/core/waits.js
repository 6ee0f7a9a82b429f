// Whom a held start waits for, as the house tells at every change and every second.

import { Emitter } from "./emitter.js";

/** @import {Session} from "./session.js" */

/** @typedef {{member: string, screen: string, why: string, since: number}} Waited `since` in host time */

/** @extends {Emitter<{changed: Waits}>} */
export class Waits extends Emitter {
  /** @type {Waited[]} */
  for = [];
  until = 0; // host time
  ready = 0; // members who are
  #session;

  /** @param {Session} session */
  constructor(session) {
    super();
    this.#session = session;
    session.on("signal", (s) => s.waiting && this.#told(s.waiting));
    session.on("welcome", () => this.#told({}));
    session.watch((s) => [s.timeline, s.urged, s.members, s.policy, s.ended], () => this.emit("changed", this));
  }

  /** Whether the film waits for somebody now. */
  get held() {
    const { timeline, ended } = this.#session.state;
    return Boolean(timeline.hold && this.for.length && !ended);
  }

  /** @param {Partial<{for: Waited[], until: number, ready: number}>} told */
  #told(told) {
    this.for = told.for ?? [];
    this.until = told.until ?? 0;
    this.ready = told.ready ?? 0;
    this.emit("changed", this);
  }

  /** Whether a screen is this page: behind a guest's node it has the node's name in front. @param {string} screen */
  mine(screen) {
    const { screen: own } = this.#session;
    return screen === own || screen.endsWith(`/${own}`);
  }

  /** Why a member is waited for; undefined where they are not. @param {string} member */
  why(member) {
    return this.held ? this.for.find((w) => w.member === member)?.why : undefined;
  }
}

/**
 * One entry for each member, this page's first, then who is waited for longest.
 * @param {Waited[]} list
 * @param {(screen: string) => boolean} mine
 */
export function grouped(list, mine) {
  /** @type {Map<string, Waited & {mine: boolean}>} */
  const members = new Map();
  for (const w of list) {
    const one = { ...w, mine: mine(w.screen) };
    const old = members.get(w.member);
    if (!old || (one.mine && !old.mine) || (one.mine === old.mine && one.since < old.since)) members.set(w.member, one);
  }
  return [...members.values()].sort((a, b) => Number(b.mine) - Number(a.mine) || a.since - b.since);
}

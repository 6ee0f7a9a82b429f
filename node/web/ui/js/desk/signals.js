// What each screen last said of itself: drift and what it does. Worth nothing after a few seconds.

/** @import {Session} from "../core/session.js" */

const FRESH = 6000; // ms

/** @typedef {{ms: number, state: string, why?: string, at: number}} Said */

export class Signals {
  /** @type {Map<string, Map<string, Said>>} by member and screen */
  #last = new Map();

  /** @param {Session} session */
  constructor(session) {
    session.on("signal", (s) => s.drift && this.#heard(s.by ?? "", s.screen ?? "", { ...s.drift, at: Date.now() }));
    session.on("welcome", () => this.#last.clear());
  }

  /** @param {string} by @param {string} screen @param {Said} said */
  #heard(by, screen, said) {
    const screens = this.#last.get(by) ?? new Map();
    this.#last.set(by, screens.set(screen, said));
  }

  /** The member's screen that is worst off, of those heard lately. @param {string} member */
  of(member) {
    const screens = this.#last.get(member) ?? new Map();
    const late = Date.now() - FRESH;
    for (const [screen, said] of screens) if (said.at < late) screens.delete(screen);
    return [...screens.values()].sort((a, b) => Math.abs(b.ms) - Math.abs(a.ms))[0];
  }
}

// What each screen last said of itself: drift and what it does. Worth nothing after a few seconds.

/** @import {Session} from "../core/session.js" */

const FRESH = 6000; // ms

export class Signals {
  /** @type {Map<string, {by: string, ms: number, state: string, at: number}>} by screen */
  #last = new Map();

  /** @param {Session} session */
  constructor(session) {
    session.on("signal", (s) => s.drift && this.#last.set(s.screen ?? s.by ?? "", { by: s.by ?? "", ...s.drift, at: Date.now() }));
    session.on("welcome", () => this.#last.clear());
  }

  /** The member's screen that is worst off, of those heard lately. @param {string} member */
  of(member) {
    const now = Date.now();
    for (const [screen, s] of this.#last) if (now - s.at > FRESH) this.#last.delete(screen);
    return [...this.#last.values()].filter((s) => s.by === member).sort((a, b) => Math.abs(b.ms) - Math.abs(a.ms))[0];
  }
}

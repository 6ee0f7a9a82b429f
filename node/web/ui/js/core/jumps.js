// Quick jumps add up: the next one starts from where the last one was wished to, until the host has
// said yes or no. One is on its way at a time; what is pressed meanwhile goes as one when it lands.

/** @import {Session} from "./session.js" */

export class Jumps {
  #session;
  #flying = "";
  #landsAt = 0;
  /** @type {number|null} */
  #next = null;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    session.on("done", (wish) => wish.nonce === this.#flying && this.#landed());
    session.on("refused", (wish) => wish.nonce === this.#flying && this.#refused());
  }

  /** Where the film is wished to be, in seconds; null when it is where it should be. */
  get wished() {
    return this.#next ?? (this.#flying ? this.#landsAt : null);
  }

  /** @param {number} seconds */
  to(seconds) {
    const position = Math.round(seconds * 1000) / 1000;
    if (this.#flying) {
      this.#next = position;
      return;
    }
    this.#landsAt = position;
    this.#flying = this.#session.wish("seek", { position });
  }

  #landed() {
    const next = this.#next;
    this.#refused();
    if (next !== null) this.to(next);
  }

  #refused() {
    this.#flying = "";
    this.#next = null;
  }
}

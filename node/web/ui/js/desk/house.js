// What the host's machine tells its desk: addresses, link and PIN, the catalog's health.

import { Emitter } from "../core/emitter.js";
import { get } from "../core/api.js";

/** @import {Session} from "../core/session.js" */

const AGAIN = 15000; // ms: the PIN rotates

/** @extends {Emitter<{changed: any}>} */
export class Desk extends Emitter {
  /** @type {{name?: string, urls?: string[], link?: string, pin?: string, qr?: string[], version?: string, catalog?: {file?: string, problems?: Problem[]}}} */
  facts = {};

  /** @typedef {{file?: string, line?: number, text: string, hint?: string, warning?: boolean}} Problem */

  /** @param {Session} session */
  constructor(session) {
    super();
    session.on("welcome", () => this.refresh());
    session.on("signal", (s) => s.catalog && this.refresh());
    setInterval(() => session.status === "live" && !document.hidden && this.refresh(), AGAIN);
  }

  async refresh() {
    const facts = await get("/api/desk").catch(() => null);
    if (!facts) return;
    this.facts = facts;
    this.emit("changed", facts);
  }

  get problems() {
    return this.facts.catalog?.problems ?? [];
  }
}

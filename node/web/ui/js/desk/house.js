// What the host's machine tells its desk: addresses, link and PIN, the catalog's health.

import { Emitter } from "../core/emitter.js";
import { get } from "../core/api.js";
import { t } from "../i18n/index.js";
import { toast } from "../parts/toast.js";

/** @import {Session} from "../core/session.js" */
/** @typedef {{id: string, title: string, file: string}} NewTitle */
/** @typedef {{file: string, code: string, reason: string}} LeftOut */
/** @typedef {{folder: string, watched: string[], running: boolean, done: number, of: number, file?: string, at?: string, dry: boolean, found: number, count: number, new: NewTitle[], moved: number, offline: number, leftOut: LeftOut[], fault?: {code: string, reason: string}}} Library */
/** @typedef {{kind: string, who?: string, n: number, at: string}} Mishap */
/** @typedef {{file?: string, line?: number, text: string, hint?: string, warning?: boolean}} Problem */

const AGAIN = 15000; // ms: the PIN rotates

/** @extends {Emitter<{changed: any}>} */
export class Desk extends Emitter {
  /** @type {{name?: string, urls?: string[], https?: string[]|null, certificate?: string, remote?: import("./remote.js").Remote, link?: string, pin?: string, qr?: string[], version?: string, catalog?: {file?: string, problems?: Problem[]}, library?: Library|null, mishaps?: Mishap[]}} */
  facts = {};

  /** @param {Session} session */
  constructor(session) {
    super();
    session.on("welcome", () => this.refresh());
    session.on("signal", (s) => {
      if (s.pin) this.refresh().then(() => this.facts.pin && toast(t("pinRotated", { pin: this.facts.pin.replace(/^(\d{3})/, "$1 ") })));
      else if (s.catalog || s.emotes || s.library && !s.library.running) this.refresh();
      else if (s.library && this.facts.library) {
        Object.assign(this.facts.library, s.library);
        this.emit("changed", this.facts);
      }
    });
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

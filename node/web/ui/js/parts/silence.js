// Why one may not write just now, and for how long: muted, in a time-out, slow mode, known people only. By the host's time.

import { h } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { nextLine, silent } from "../core/log.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

export class Silence {
  #session; #form;
  #tick = 0;
  el = h("p", { class: "muted-note", hidden: true, role: "status" });

  /** @param {Session} session @param {HTMLElement} form that is hidden while nothing can be written */
  constructor(session, form) {
    this.#session = session;
    this.#form = form;
    session.watch((s) => [s.members, s.ended, s.rules], () => this.#draw());
    onLanguage(() => this.#draw());
  }

  #draw() {
    clearTimeout(this.#tick);
    const { why, until } = this.#why();
    const left = Math.ceil((until - this.#session.clock.now()) / 1000);
    this.el.textContent = why && t(why, { time: clockTime(left) });
    this.el.hidden = !why;
    this.el.ariaLive = until ? "off" : "polite"; // nobody wants a countdown read aloud
    this.#form.hidden = Boolean(this.#session.state.ended) || (Boolean(why) && why !== "slowWait");
    this.#form.classList.toggle("waits", why === "slowWait");
    if (until) this.#tick = window.setTimeout(() => this.#draw(), 1000);
  }

  /** @returns {{why: string, until: number}} a sentence's key and the moment at which it is over, 0: nobody knows */
  #why() {
    const { state, myself, me, clock } = this.#session;
    const now = clock.now();
    if (!myself || state.ended) return { why: "", until: 0 };
    if (silent(myself, now)) return myself.mutedUntil ? { why: "timeoutLeft", until: myself.mutedUntil } : { why: "WP-MUTED", until: 0 };
    if (state.rules?.known === "chat" && myself.first && myself.role === "guest") return { why: "WP-KNOWN", until: 0 };
    const next = nextLine(state, me.member, now);
    return next ? { why: "slowWait", until: next } : { why: "", until: 0 };
  }
}

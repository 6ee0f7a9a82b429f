// What the room votes on about the film, over the film: who asks for what, how it stands, and the two answers. What came of
// it stands for a moment.

import { avatar, fill, h } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { tally } from "../core/motion.js";
import { onLanguage, rich, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Motion as Asked} from "../core/motion.js" */

const DRAWN = 250; // ms between looks at the clock
const WHOLE = 15000; // ms that a vote takes at most, as the house has it
const STANDS = 4000; // ms that a result stands

/** What is asked for, in words. @param {{what: string, pos?: number}} m @param {string} key */
export const asked = ({ what, pos }, key) => t(`${key}.${what}`, { at: clockTime(pos ?? 0) });

export class Motion {
  #session;
  #who = h("div", { class: "held-who" });
  #sum = h("p", { class: "held-when" });
  #bar = h("div", { class: "motion-bar", "aria-hidden": "true" }, h("span", { class: "motion-yes" }), h("span", { class: "motion-no" }));
  #rule = h("p", { class: "held-why", text: () => t("motion.rule") });
  #yes = h("button", { type: "button", class: "small held-go", onclick: () => this.#say(true), text: () => t("motion.yes") });
  #no = h("button", { type: "button", class: "small", onclick: () => this.#say(false), text: () => t("motion.no") });
  #choice = h("div", { class: "coming-choice" }, this.#no, this.#yes);
  #line = h("div", { class: "held-line", "aria-hidden": "true" }, h("span"));
  #said = h("p", { class: "unseen", role: "status" });
  #beat = 0;
  #told = "";

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.card = h("section", { class: "held-card motion-card", "aria-label": () => t("motion"), hidden: true, ondblclick: (/** @type {Event} */ e) => e.stopPropagation() },
      this.#who, this.#bar, h("div", { class: "held-foot" }, this.#sum, this.#choice), this.#rule, this.#line);
    this.el = h("div", { class: "held motion" }, this.#said, this.card);
    const look = perFrame(() => this.#look());
    session.watch((s) => [s.motion, s.members, s.ended], look);
    onLanguage(look);
  }

  #look() {
    const { motion: m, ended } = this.#session.state;
    clearInterval(this.#beat);
    const over = m?.closed && m.closed + STANDS < this.#session.clock.now();
    this.card.hidden = !m || Boolean(over || ended);
    if (!m || this.card.hidden) return;
    this.card.classList.toggle("is-over", Boolean(m.closed));
    this.#words(m);
    const { yes, no, of } = tally(this.#session.state);
    this.#sum.textContent = t("motion.sum", { yes, no, of });
    this.#bar.style.setProperty("--yes", String(yes / Math.max(of, 1)));
    this.#bar.style.setProperty("--no", String(no / Math.max(of, 1)));
    const mine = m.votes?.[this.#session.me.member];
    this.#yes.setAttribute("aria-pressed", String(mine === true));
    this.#no.setAttribute("aria-pressed", String(mine === false));
    this.#choice.hidden = Boolean(m.closed) || !this.#session.may("chat");
    this.#rule.hidden = this.#line.hidden = Boolean(m.closed);
    this.#beat = setInterval(() => this.#tick(m), DRAWN);
    this.#tick(m);
  }

  /** @param {Asked} m */
  #words(m) {
    const name = this.#session.state.members[m.by]?.name ?? t("somebody");
    const said = m.closed ? asked(m, m.passed ? "motion.passed" : "motion.failed") : asked(m, "motion.what");
    const key = `${m.id} ${said} ${document.documentElement.lang}`;
    if (key === this.#told) return;
    this.#told = key;
    fill(this.#who, avatar(name, m.by), h("div", { class: "held-words" }, !m.closed && h("p", { class: "held-why" }, ...rich("motion.asks", { name })), h("p", { class: "held-title", text: said })));
    this.#said.textContent = m.closed ? said : `${t("motion.asks", { name })} ${said}`;
  }

  /** @param {boolean} yes */
  #say(yes) {
    const { motion: m } = this.#session.state;
    if (m && !m.closed && m.votes?.[this.#session.me.member] !== yes) this.#session.wish("back", { motion: m.id, yes });
  }

  /** @param {Asked} m */
  #tick(m) {
    const now = this.#session.clock.now();
    if (m.closed && m.closed + STANDS < now) this.#look();
    else this.#line.style.setProperty("--left", String(Math.min(Math.max((m.until - now) / WHOLE, 0), 1)));
  }
}

// The host's goal as a bar that fills; reached, it is said once, in the chat and over the film.

import { bdi, fill, h, icon } from "../core/dom.js";
import { amount } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { onLanguage, rich, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

const STANDS = 10000; // ms that it stands over the film

export class Goal {
  #session;
  #text = h("bdi", { class: "goal-text" });
  #sum = h("span", { class: "goal-sum" });
  #bar = h("div", { class: "meter", role: "progressbar", "aria-valuemin": "0" }, h("span"));
  #timer = 0;
  el = h("section", { class: "goal", "aria-label": () => t("goal"), hidden: true }, h("p", { class: "goal-words" }, icon("goal"), this.#text, this.#sum), this.#bar);
  banner = h("p", { class: "goal-banner", role: "status", hidden: true });

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    session.watch((s) => [s.goal, s.ended], perFrame(() => this.#draw()));
    onLanguage(() => this.#draw());
  }

  /** Says once that it is reached, after the line that did it. @param {(line: HTMLElement) => void} say */
  tell(say) {
    this.#session.on("record", ({ before }) => {
      const { goal } = this.#session.state;
      if (goal?.reached && before.goal && !before.goal.reached) this.#reached(goal.text, say);
    });
  }

  #draw() {
    const { goal, ended } = this.#session.state;
    this.el.hidden = !goal || Boolean(ended);
    if (!goal) return;
    this.#text.textContent = goal.text;
    this.#sum.textContent = goal.reached ? t("goalReachedShort") : t("goalSum", { got: amount(goal.got), of: amount(goal.bits) });
    this.el.classList.toggle("is-reached", Boolean(goal.reached));
    this.#bar.style.setProperty("--full", String(Math.min(goal.got / goal.bits, 1)));
    this.#bar.setAttribute("aria-label", goal.text);
    this.#bar.setAttribute("aria-valuemax", String(goal.bits));
    this.#bar.setAttribute("aria-valuenow", String(Math.min(goal.got, goal.bits)));
  }

  /** @param {string} text @param {(line: HTMLElement) => void} say */
  #reached(text, say) {
    say(h("p", { class: "event goal-line" }, icon("goal"), h("span", {}, ...rich("goalReached", { text }))));
    fill(this.banner, icon("goal"), h("span", {}, t("goalReachedShort")), bdi(text));
    this.banner.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.banner.hidden = true), STANDS);
  }
}

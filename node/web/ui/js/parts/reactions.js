// Reactions: one tap, and it floats over everybody's film. How many, and where in the film, is kept; who is not.

import { Crowd } from "../core/crowd.js";
import { h, icon } from "../core/dom.js";
import { beside } from "../core/popover.js";
import { t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Reached} from "./filmtime.js" */

/** What a tap offers, with the word that says it. */
const OFFERED = { "❤️": "love", "😂": "laugh", "😮": "gasp", "😢": "cry", "👏": "clap", "🔥": "fire", "🎉": "party", "👍": "yes" };
const CROWD = 99; // more than that look the same
const SEEN = 4000; // ms that one floats, as css/reactions.css has it

export class Reactions {
  #crowd = new Crowd();
  /** @type {WeakMap<import("../core/crowd.js").Afloat, HTMLElement>} */
  #els = new WeakMap();

  /** @param {Session} session @param {Reached} reached */
  constructor(session, reached) {
    this.el = h("div", { class: "reactions", "aria-hidden": "true" });
    this.menu = h("div", { class: "menu reaction-menu", popover: "auto", role: "group", "aria-label": () => t("react") },
      ...Object.entries(OFFERED).map(([sign, word]) => h("button", {
        type: "button", class: "reaction", "aria-label": () => t(`react.${word}`), title: () => t(`react.${word}`), onclick: () => session.signal("react", { with: sign }), text: sign,
      })));
    this.button = h("button", { type: "button", class: "round react", "aria-label": () => t("react"), title: () => t("react"), "aria-haspopup": "true" }, icon("heart"));
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", () => beside(this.menu, this.button));
    session.on("signal", (s) => typeof s.react?.with === "string" && reached.later(() => this.#show(s.react.with, session.state.members[s.by ?? ""]?.name ?? "")));
  }

  /** What people reacted at an evening that is past. @param {string} sign @param {number} n */
  again(sign, n) {
    for (let i = 0; i < Math.min(n, CROWD); i++) this.#show(sign, "");
  }

  /** @param {string} sign @param {string} name */
  #show(sign, name) {
    const added = this.#crowd.add(sign, performance.now());
    if (!added) return;
    const { one, fresh } = added;
    if (!fresh) return this.#grow(one);
    const el = h("span", { class: "afloat" }, h("span", { class: "afloat-sign", text: sign }), h("bdi", { class: "afloat-name", text: name }));
    el.style.setProperty("--lane", String(Math.random()));
    this.#els.set(one, el);
    this.el.append(el);
    setTimeout(() => {
      this.#crowd.gone(one);
      el.remove();
    }, SEEN);
  }

  /** @param {import("../core/crowd.js").Afloat} one */
  #grow(one) {
    const el = this.#els.get(one);
    const words = el?.querySelector(".afloat-name");
    if (el && words) words.textContent = `×${one.count}`;
    el?.style.setProperty("--crowd", String(Math.min(1 + Math.log2(one.count) / 4, 2)));
  }
}

// The line on top of the chat, which moderators pin and take down; everybody may fold it away.

import { bdi, fill, h, icon, iconButton } from "../core/dom.js";
import { recall, remember } from "../core/prefs.js";
import { onLanguage, t } from "../i18n/index.js";
import { nameOf, wordsOf } from "./said.js";

/** @import {Session} from "../core/session.js" */
/** @import {LineMenu} from "./linemenu.js" */
/** @import {World} from "./said.js" */

export class Pinned {
  #session; #world;
  el = h("section", { class: "pinned", hidden: true, "aria-label": () => t("pinned") });

  /** @param {World} world @param {LineMenu} menu */
  constructor(world, menu) {
    this.#world = world;
    const session = this.#session = world.session;
    const pinned = () => session.state.pinned?.seq;
    menu.add({ sign: "pin", name: () => t("pinLine"), may: (m) => Boolean(m.text) && session.may("moderate") && m.seq !== pinned(), act: (m) => void session.wish("pin", { line: m.seq }) });
    menu.add({ sign: "pin", name: () => t("unpinLine"), may: (m) => session.may("moderate") && m.seq === pinned(), act: () => void session.wish("pin") });
    session.watch((s) => [s.pinned, s.pinned && s.members, s.ended], () => this.#draw());
    onLanguage(() => this.#draw());
  }

  #draw() {
    const m = this.#session.state.pinned;
    this.el.hidden = !m?.text;
    if (!m?.text) return fill(this.el);
    const folded = recall("pinFolded", 0) === m.seq;
    this.el.classList.toggle("folded", folded);
    const fold = iconButton(folded ? "down" : "up", () => t(folded ? "pinUnfold" : "pinFold"), () => {
      remember("pinFolded", folded ? 0 : m.seq);
      this.#draw();
      /** @type {HTMLElement|null} */ (this.el.querySelector(".pin-fold"))?.focus();
    }, { class: "pin-fold", "aria-expanded": String(!folded) });
    fill(this.el, icon("pin"), h("p", { class: "pinned-text", dir: "auto", onclick: (/** @type {MouseEvent} */ e) => e.target instanceof Element && !e.target.closest("button") && this.#world.jump(m.seq) },
      bdi(nameOf(m.by, this.#session)), " ", ...wordsOf(m, this.#world)),
    this.#session.may("moderate") && iconButton("close", () => t("unpinLine"), () => void this.#session.wish("pin")), fold);
  }
}

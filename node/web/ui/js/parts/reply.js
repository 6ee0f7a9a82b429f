// Answering a line: what it says stands over the field until the answer is sent.

import { bdi, fill, h, icon, iconButton } from "../core/dom.js";
import { t } from "../i18n/index.js";
import { inShort, nameOf } from "./said.js";

/** @import {Session} from "../core/session.js" */
/** @import {Message} from "../core/types.js" */

export class Reply {
  #session; #input;
  #seq = 0;
  #words = h("p", { class: "replying-words", role: "status" });
  el = h("div", { class: "replying", hidden: true }, icon("reply"), this.#words, iconButton("close", () => t("replyNot"), () => this.clear()));

  /** @param {Session} session @param {HTMLInputElement} input */
  constructor(session, input) {
    this.#session = session;
    this.#input = input;
    input.addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || !this.#seq || e.defaultPrevented) return;
      e.preventDefault();
      this.clear();
    });
  }

  /** @param {Message} m */
  to(m) {
    this.#seq = m.seq;
    fill(this.#words, `${t("replyTo")} `, bdi(nameOf(m.by, this.#session)), h("span", { class: "quote-text" }, ...inShort(m)));
    this.el.hidden = false;
    this.#input.focus();
  }

  clear() {
    this.#seq = 0;
    this.el.hidden = true;
    fill(this.#words);
  }

  /** The line that is answered; 0: none. */
  get line() {
    return this.#seq;
  }

  /** What goes with the line that is sent now; the next one answers nothing. */
  take() {
    const re = this.#seq;
    this.clear();
    return re ? { re } : {};
  }
}

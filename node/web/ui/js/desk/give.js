// Bits from the host's hand: how many somebody holds, and some more.

import { h, icon, fill } from "../core/dom.js";
import { amount } from "../core/format.js";
import { refusal, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member} from "../core/types.js" */

export class Give {
  #session; #id;
  #held = h("span", { class: "hint" });
  #note = h("p", { class: "trouble", role: "alert" });
  #bits = h("input", { id: "give-bits", type: "number", min: "-1000000", max: "1000000", step: "1", value: "500", required: true });
  #go = h("button", { type: "submit", class: "plain", text: () => t("giveBits") });

  /** @param {Session} session @param {Member} m */
  constructor(session, m) {
    this.#session = session;
    this.#id = m.id;
    this.el = h("form", { class: "field", oninput: () => fill(this.#go, t("giveBits")), onsubmit: (/** @type {Event} */ e) => this.#submit(e) },
      h("label", { for: "give-bits", text: "Bits" }), h("div", { class: "field-row" }, this.#bits, this.#go), this.#held, this.#note);
    this.update(m);
  }

  /** @param {Member} m */
  update(m) {
    this.#held.textContent = t("bitsHeld", { n: m.bits ?? 0, bits: amount(m.bits ?? 0) });
  }

  /** @param {Event} e */
  async #submit(e) {
    e.preventDefault();
    this.#go.disabled = true;
    const no = await this.#session.ask("credit", { member: this.#id, bits: Number(this.#bits.value) });
    this.#go.disabled = false;
    this.#note.textContent = no ? refusal(no) : "";
    if (!no) fill(this.#go, icon("check"), t("given"));
  }
}

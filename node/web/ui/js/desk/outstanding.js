// The invitations that are out: whom they let in, and until when. Each can be taken back.

import { get, post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { dayAndTime, regionName } from "../core/format.js";
import { onLanguage, refusal, t } from "../i18n/index.js";

/** @typedef {{id: string, role: string, region: string, tiers: string[]|null, uses: number, rating?: number, expires?: number}} Invitation */

export class Outstanding {
  #trouble = h("p", { class: "trouble", role: "alert", hidden: true });
  #list = h("ul", { class: "outstanding" });
  /** @type {Invitation[]} */
  #all = [];
  el = h("section", { hidden: true }, h("h3", { class: "label", text: () => t("invitesOut") }), this.#list, this.#trouble);

  constructor() {
    onLanguage(() => this.#draw());
  }

  async refresh() {
    this.#trouble.hidden = true;
    try {
      this.#all = (await get("/api/invites")).invitations ?? [];
    } catch (no) {
      this.#say(no);
    }
    this.#draw();
  }

  #draw() {
    this.el.hidden = this.#all.length === 0 && this.#trouble.hidden;
    fill(this.#list, ...this.#all.map((i) => h("li", {},
      h("div", { class: "person" },
        h("p", { class: "person-name", text: [t(`role.${i.role}`), i.region && regionName(i.region), ...(i.tiers ?? []), i.rating && `${t("rating")} ${i.rating}`].filter(Boolean).join(" · ") }),
        h("p", { class: "person-facts", text: [i.uses < 0 ? t("usesAny") : t("usesLeft", { n: i.uses }), i.expires && t("validUntil", { when: dayAndTime(i.expires) })].filter(Boolean).join(" · ") })),
      h("button", { type: "button", class: "small danger", text: () => t("takeBack"), onclick: () => this.#takeBack(i) }))));
  }

  /** @param {Invitation} i */
  async #takeBack(i) {
    try {
      await post(`/api/invites/${i.id}/revoke`, {});
    } catch (no) {
      this.#say(no);
      return;
    }
    await this.refresh();
  }

  /** @param {any} no */
  #say(no) {
    this.#trouble.hidden = false;
    this.#trouble.textContent = refusal({ code: no.code, reason: no.reason });
  }
}

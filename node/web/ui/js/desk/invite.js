// Inviting: QR code, link, PIN and addresses together; and links with their own terms.

import { fill, h } from "../core/dom.js";
import { dayAndTime } from "../core/format.js";
import { post } from "../core/api.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, refusal, t } from "../i18n/index.js";
import { copyField } from "../core/copy.js";
import { qr } from "../core/qr.js";
import { Outstanding } from "./outstanding.js";
import { elsewhere, fromElsewhere } from "./remote.js";
import { readTiers } from "./tiers.js";

/** @import {Desk} from "./house.js" */

export class Invite {
  #desk;
  #main = h("div", { class: "invite-main" });
  #made = h("div", { class: "invite-made" });
  #out = new Outstanding();
  #sheet;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.#sheet = sheet({ title: () => t("invite"), kind: "wide" }, this.#main, this.#terms(), this.#out.el);
    desk.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
  }

  open() {
    this.#desk.refresh();
    this.#out.refresh();
    this.#draw();
    this.#sheet.open();
  }

  #draw() {
    const { link = "", pin = "", qr: rows = [], urls = [], https, certificate = "", remote } = this.#desk.facts;
    fill(this.#main,
      h("div", { class: "qr-frame" }, qr(rows, t("qr"))),
      h("div", { class: "invite-words" },
        h("p", { class: "invite-lead", text: t("inviteLead") }),
        pin && h("div", { class: "field" }, h("span", { class: "label", text: t("pin") }), h("p", { class: "pin", text: pin.replace(/^(\d{3})(\d{3})$/, "$1 $2") })),
        link && h("div", { class: "field" }, h("span", { class: "label", text: t("link") }), copyField(link, t("link"))),
        h("div", { class: "field" }, h("span", { class: "label", text: t("addresses") }), h("ul", { class: "addresses" }, ...urls.map((/** @type {string} */ u) => h("li", { text: u })))),
        https && https.length > 0 && h("div", { class: "field" }, h("span", { class: "label", text: t("addressCamera") }), h("p", { class: "addresses", text: https[0] }),
          h("p", { class: "hint", text: t("addressWarns", { where: `${urls[0]}trust` }) }), h("p", { class: "hint", text: `${t("fingerprint")}: ${certificate}` })),
        remote && elsewhere(remote)));
  }

  #terms() {
    const region = h("input", { id: "invite-region", type: "text", maxlength: "2", pattern: "[A-Za-z]{2}", autocapitalize: "characters" });
    const tiers = h("input", { id: "invite-tiers", type: "text", autocapitalize: "none" });
    const option = (/** @type {string} */ value, /** @type {string} */ key) => h("option", { value, text: () => t(key) });
    const role = h("select", { id: "invite-role" }, ...["guest", "trusted", "moderator"].map((r) => option(r, `role.${r}`)));
    const uses = h("input", { id: "invite-uses", type: "number", min: "1", max: "1000", value: "1" });
    const ttl = h("select", { id: "invite-ttl" }, ...["1h", "24h", "168h"].map((x) => option(x, `ttl.${x}`)));
    ttl.value = "24h";
    const field = (/** @type {HTMLElement} */ input, /** @type {string} */ key, /** @type {string} */ hint = "") =>
      h("div", { class: "field" }, h("label", { for: input.id, text: () => t(key) }), input, hint && h("p", { class: "hint", text: () => t(hint) }));
    const form = h("form", { class: "terms-form" }, field(region, "region", "regionHint"), field(tiers, "memberships", "membershipsHint"),
      field(role, "role"), field(uses, "uses"), field(ttl, "validFor"), h("button", { type: "submit", class: "primary", text: () => t("makeLink") }));
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      const { tiers: read, wrong, part } = readTiers(tiers.value);
      const dated = read.some((x) => x.until);
      if (wrong || dated) return this.#refuse(t(wrong ?? "tierNoDay", { part: part ?? tiers.value.match(/@[^,\s]+/)?.[0] }));
      this.#make({ region: region.value.toUpperCase(), tiers: read.map((x) => x.tier), role: role.value, uses: Number(uses.value), ttl: ttl.value });
    });
    return h("details", { class: "terms" }, h("summary", { text: () => t("ownInvite") }), h("p", { class: "hint", text: () => t("ownInviteHint") }), form, this.#made);
  }

  /** @param {any} terms */
  async #make(terms) {
    try {
      const made = await post("/api/invites", terms);
      fill(this.#made, made.qr && h("div", { class: "qr-frame small-qr" }, qr(made.qr, t("qr"))),
        h("div", { class: "invite-words" }, copyField(made.link, t("link")), made.outside && fromElsewhere(made.outside), made.expires && h("p", { class: "hint", text: t("validUntil", { when: dayAndTime(made.expires) }) })));
    } catch (no) {
      const { code, reason } = /** @type {any} */ (no);
      return this.#refuse(refusal({ code, reason, kind: "invite", body: terms }));
    }
    this.#made.scrollIntoView({ block: "nearest" });
    this.#out.refresh();
  }

  /** @param {string} why */
  #refuse(why) {
    fill(this.#made, h("p", { class: "trouble", role: "alert", text: why }));
    this.#made.scrollIntoView({ block: "nearest" });
  }
}

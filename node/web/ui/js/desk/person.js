// One person, in the host's hands: role, region, memberships; mute, remove.

import { avatar, bdi, fill, h, icon } from "../core/dom.js";
import { sheet } from "../core/sheet.js";
import { ROLES, outranks } from "../core/log.js";
import { t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member, Membership} from "../core/types.js" */

/** "prime, gold@2027-01-01" as memberships. @param {string} text @returns {Membership[]} */
export function readTiers(text) {
  return text.split(/[,\s]+/).filter(Boolean).map((part) => {
    const [tier, day] = part.split("@");
    return /^\d{4}-\d{2}-\d{2}$/.test(day ?? "") ? { tier, until: new Date(`${day}T00:00`).toISOString() } : { tier };
  });
}

/** @param {Membership[]|null} tiers */
export function writeTiers(tiers) {
  return (tiers ?? []).map(({ tier, until }) => (until ? `${tier}@${until.slice(0, 10)}` : tier)).join(", ");
}

export class Person {
  #session;
  #id = "";
  #sheet = sheet({ title: () => this.#member?.name ?? "" });

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    session.on("record", ({ kind, record }) => {
      const about = record.joined?.id ?? record.muted?.member ?? record.removed?.member;
      if (about !== this.#id || !this.#sheet.el.open) return;
      if (kind === "removed") this.#sheet.close();
      else this.#draw();
    });
  }

  /** @returns {Member|undefined} */
  get #member() {
    return this.#session?.state.members[this.#id];
  }

  /** @param {string} id */
  open(id) {
    this.#id = id;
    this.#draw();
    this.#sheet.open();
  }

  #draw() {
    const m = this.#member;
    if (!m) return;
    this.#sheet.heading.textContent = m.name;
    this.#sheet.el.setAttribute("aria-label", m.name);
    const below = outranks(this.#session.state, this.#session.me.member, m.id);
    fill(this.#sheet.inside,
      h("div", { class: "person-head" }, avatar(m.name, m.id), h("div", {}, h("p", { class: "person-name" }, bdi(m.name)), h("p", { class: "person-facts", text: t(`role.${m.role}`) }))),
      this.#session.may("manage") && below && this.#roles(m), this.#session.may("manage") && this.#grant(m), below && this.#acts(m));
  }

  /** @param {Member} m */
  #roles(m) {
    return h("div", { class: "field" }, h("span", { class: "label", text: t("role") }),
      h("div", { class: "choices", role: "group", "aria-label": t("role") }, ...ROLES.slice(0, 3).map((role) =>
        h("button", { type: "button", class: "choice", "aria-pressed": String(m.role === role), onclick: () => this.#session.wish("role", { member: m.id, role }), text: t(`role.${role}`) }))));
  }

  /** @param {Member} m */
  #grant(m) {
    const region = h("input", { id: "grant-region", type: "text", maxlength: "2", minlength: "2", pattern: "[A-Za-z]{2}", autocapitalize: "characters", value: m.region ?? "", class: "region-field" });
    const tiers = h("input", { id: "grant-tiers", type: "text", autocapitalize: "none", value: writeTiers(m.tiers) });
    const rating = h("input", { id: "grant-rating", type: "number", min: "0", max: "21", value: String(m.rating ?? 0), class: "region-field" });
    const save = h("button", { type: "submit", class: "plain", text: t("grantSave") });
    const field = (/** @type {HTMLElement} */ input, /** @type {string} */ label, /** @type {string} */ hint) =>
      h("div", { class: "field" }, h("label", { for: input.id, text: t(label) }), input, h("p", { class: "hint", text: t(hint) }));
    return h("form", {
      class: "grant", onsubmit: (/** @type {Event} */ e) => {
        e.preventDefault();
        const wish = { member: m.id, tiers: readTiers(tiers.value), rating: Number(rating.value) || 0 };
        this.#session.wish("grant", region.value ? { ...wish, region: region.value.toUpperCase() } : wish);
        fill(save, icon("check"), t("saved"));
      },
    }, h("div", { class: "field-pair" }, field(region, "region", "regionHint"), field(rating, "rating", "ratingHint")), field(tiers, "memberships", "untilHint"), save);
  }

  /** @param {Member} m */
  #acts(m) {
    const remove = h("button", { type: "button", class: "plain danger" }, icon("door"), h("span", { text: t("remove") }));
    remove.addEventListener("click", () => {
      if (remove.dataset.sure) return void this.#session.wish("remove", { member: m.id });
      remove.dataset.sure = "yes";
      fill(remove, icon("warning"), h("span", { text: t("removeSure") }));
    });
    return h("div", { class: "acts person-acts" },
      h("button", { type: "button", class: "plain", onclick: () => this.#session.wish(m.muted ? "unmute" : "mute", { member: m.id }), text: t(m.muted ? "unmuteMember" : "muteMember") }), remove);
  }
}

// One person, in the host's hands: role, region, memberships; mute, remove.

import { avatar, bdi, fill, h, refill } from "../core/dom.js";
import { sheet } from "../core/sheet.js";
import { ROLES, outranks } from "../core/log.js";
import { t } from "../i18n/index.js";
import { Device } from "../parts/device.js";
import { moderator } from "../parts/moderate.js";
import { sofaField } from "../parts/sofa.js";
import { Removal } from "../parts/removal.js";
import { Give } from "./give.js";
import { Grant } from "./grant.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member} from "../core/types.js" */

export class Person {
  #session;
  #id = "";
  #removal;
  /** @type {Grant|null} stays while the sheet is open: somebody may be typing */
  #grant = null;
  /** @type {Give|null} */
  #give = null;
  #head = h("div", { class: "loose" });
  #foot = h("div", { class: "loose" });
  #device; #sofa;
  #sheet = sheet({ title: () => this.#member?.name ?? "", onclose: () => (this.#removal.forget(), this.#device.forget()) });

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#removal = new Removal(session);
    this.#device = new Device(session, () => this.#id);
    this.#sofa = sofaField(session, () => this.#id);
    session.on("record", ({ kind, record }) => {
      const about = record.joined?.id ?? record.muted?.member ?? record.removed?.member ?? record.banned?.member ?? record.credited?.member ?? (record.renamed && record.by);
      if (about !== this.#id || !this.#sheet.el.open) return;
      if (kind === "removed" || kind === "banned") this.#sheet.close();
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
    const m = this.#member;
    this.#grant = m && this.#session.may("manage") ? new Grant(this.#session, m) : null;
    this.#give = m && this.#session.may("manage") ? new Give(this.#session, m) : null;
    fill(this.#sheet.inside, this.#head, this.#grant?.el, this.#give?.el, ...(m && this.#session.may("manage") ? [this.#sofa.el, this.#device.el] : []), this.#foot);
    this.#draw();
    this.#sofa.update();
    this.#sheet.open();
  }

  #draw() {
    const m = this.#member;
    if (!m) return;
    this.#sheet.heading.textContent = m.name;
    this.#sheet.el.setAttribute("aria-label", m.name);
    const below = outranks(this.#session.state, this.#session.me.member, m.id);
    const may = this.#session.may("manage");
    this.#grant?.update(m);
    this.#give?.update(m);
    refill(this.#head,
      h("div", { class: "person-head" }, avatar(m.name, m.id), h("div", {}, h("p", { class: "person-name" }, bdi(m.name)), h("p", { class: "person-facts", text: t(`role.${m.role}`) }))),
      may && below && this.#roles(m));
    refill(this.#foot, below && this.#acts(m));
  }

  /** @param {Member} m */
  #roles(m) {
    return h("div", { class: "field" }, h("span", { class: "label", text: t("role") }),
      h("div", { class: "choices", role: "group", "aria-label": t("role") }, ...ROLES.slice(0, 3).map((role) =>
        h("button", { type: "button", class: "choice", "data-key": role, "aria-pressed": String(m.role === role), onclick: () => this.#session.wish("role", { member: m.id, role }), text: t(`role.${role}`) }))));
  }

  /** @param {Member} m */
  #acts(m) {
    return h("div", { class: "acts person-acts" },
      h("button", { type: "button", class: "plain", "data-key": "mute", onclick: () => this.#session.wish(m.muted ? "unmute" : "mute", { member: m.id }), text: t(m.muted ? "unmuteMember" : "muteMember") }),
      this.#removal.button(m, "plain"),
      h("button", { type: "button", class: "plain", "data-key": "moderate", onclick: () => moderator(this.#session).open(m.id), text: t("moderateMore") }));
  }
}

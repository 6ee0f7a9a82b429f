// What a moderator may do to somebody below them: time-out, mute, remove, ban, and why; and delete a line.

import { avatar, bdi, fill, h } from "../core/dom.js";
import { outranks, silent } from "../core/log.js";
import { sheet } from "../core/sheet.js";
import { refusal, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {LineMenu} from "./linemenu.js" */
/** @import {Member, Message} from "../core/types.js" */

const TIMEOUTS = [60, 600, 3600, 86400]; // seconds

/** @param {Session} session @param {string} id */
export const mayModerate = (session, id) => session.may("moderate") && id !== session.me.member && outranks(session.state, session.me.member, id);

export class Moderate {
  #session;
  #id = "";
  #sure = "";
  #why = h("input", { type: "text", id: "moderate-why", maxlength: "200", autocomplete: "off", placeholder: () => t("whyHint") });
  #note = h("p", { class: "trouble", role: "alert" });
  #head = h("div", { class: "person-head" });
  #acts = h("div", { class: "moderate-acts" });
  #sheet = sheet({ title: () => t("moderate"), kind: "small" }, this.#head,
    h("div", { class: "field" }, h("label", { for: "moderate-why", text: () => t("why") }), this.#why), this.#acts, this.#note);

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    session.watch((s) => [s.members], () => this.#sheet.el.open && this.#draw());
  }

  /** @param {string} id */
  open(id) {
    this.#id = id;
    this.#sure = this.#why.value = this.#note.textContent = "";
    this.#draw();
    this.#sheet.open();
  }

  /** The items of a line's menu. @param {LineMenu} menu */
  lines(menu) {
    const { me } = this.#session;
    menu.add({
      sign: "trash", danger: true, name: () => t("deleteLine"), may: (m) => Boolean(m.seq && m.text) && (m.by === me.member || mayModerate(this.#session, m.by)),
      act: (m) => void this.#session.wish("erase", { line: m.seq }),
    });
    menu.add({
      sign: "shield", name: (m) => t("moderateName", { name: this.#session.state.members[m.by]?.name ?? "" }),
      may: (m) => mayModerate(this.#session, m.by), act: (m) => this.open(m.by),
    });
  }

  #draw() {
    const m = this.#session.state.members[this.#id];
    if (!m || m.removed) return void this.#sheet.close();
    fill(this.#head, avatar(m.name, m.id), h("div", {}, h("p", { class: "person-name" }, bdi(m.name)), h("p", { class: "person-facts", text: t(`role.${m.role}`) })));
    const muted = silent(m, this.#session.clock.now());
    fill(this.#acts,
      h("div", { class: "field" }, h("span", { class: "label", text: t("timeout") }), h("div", { class: "choices", role: "group", "aria-label": t("timeout") },
        ...TIMEOUTS.map((seconds) => h("button", { type: "button", class: "choice", onclick: () => this.#do("mute", { seconds }), text: t(`timeout.${seconds}`) })))),
      h("div", { class: "choices" },
        h("button", { type: "button", class: "choice", "data-key": "mute", onclick: () => this.#do(muted ? "unmute" : "mute"), text: t(muted ? "unmuteMember" : "muteMember") }),
        this.#twice("remove", "remove", "removeSure"), this.#twice("ban", "ban", "banSure")),
      h("p", { class: "hint", text: t("banHint") }));
  }

  /** A button that asks twice. @param {string} kind @param {string} ask @param {string} sure */
  #twice(kind, ask, sure) {
    const now = this.#sure === kind;
    return h("button", { type: "button", class: "choice danger", "data-key": kind, "data-sure": now ? "yes" : undefined, text: t(now ? sure : ask), onclick: () => {
      if (now) return this.#do(kind);
      this.#sure = kind;
      this.#draw();
    } });
  }

  /** @param {string} kind @param {object} [more] */
  async #do(kind, more = {}) {
    const no = await this.#session.ask(kind, { member: this.#id, why: this.#why.value.trim() || undefined, ...more });
    this.#note.textContent = no ? refusal(no) : "";
    if (!no) this.#sheet.close();
  }
}

/** @type {WeakMap<Session, Moderate>} */
const sheets = new WeakMap();

/** The one sheet of a page. @param {Session} session */
export function moderator(session) {
  const it = sheets.get(session) ?? new Moderate(session);
  sheets.set(session, it);
  return it;
}

/** Takes what was deleted off the page. @param {HTMLElement} list @param {number} seq */
export function strike(list, seq) {
  const text = list.querySelector(`.said[data-seq="${seq}"] .text`);
  text?.nextElementSibling?.matches(".more-text") && text.nextElementSibling.remove();
  text?.replaceWith(h("p", { class: "text gone", text: t("lineGone") }));
}

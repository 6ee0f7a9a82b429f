// Who is here. A few faces in the bar, all of them in a sheet; moderators may act on people there.

import { avatar, bdi, fill, h, icon } from "../core/dom.js";
import { onLanguage, t } from "../i18n/index.js";
import { sheet } from "../core/sheet.js";
import { outranks } from "../core/log.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member, State} from "../core/types.js" */

const FACES = 4;

/** Those who belong here, present ones first, then by name. @param {State} state @returns {Member[]} */
export function people(state) {
  const here = (/** @type {Member} */ m) => (m.screens?.length ? 0 : 1);
  return Object.values(state.members).filter((m) => !m.removed)
    .sort((a, b) => here(a) - here(b) || Number(b.role === "host") - Number(a.role === "host") || a.name.localeCompare(b.name));
}

/** Screens that play without a page say so. @param {Member} m */
export function presence(m) {
  if (!m.screens?.length) return t("away");
  return m.screens.some((s) => s.kind === "mpv") ? t("hereMpv") : t("here");
}

export class Roster {
  #session;
  #faces = h("span", { class: "faces" });
  #count = h("span", { class: "count" });
  #list = h("ul", { class: "people" });
  #sheet = sheet({ title: () => t("whoIsHere") }, this.#list);

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.button = h("button", { type: "button", class: "bar-button who", onclick: () => this.#sheet.open() }, this.#faces, this.#count);
    session.watch((s) => [s.members, s.ended], () => this.#draw());
    onLanguage(() => this.#draw());
  }

  #draw() {
    const all = people(this.#session.state);
    const here = all.filter((m) => m.screens?.length);
    fill(this.#faces, ...here.slice(0, FACES).map((m) => avatar(m.name, m.id)));
    this.#count.textContent = String(here.length);
    this.button.setAttribute("aria-label", t("peopleHere", { n: here.length }));
    this.button.title = t("whoIsHere");
    fill(this.#list, ...all.map((m) => this.#person(m)));
  }

  /** @param {Member} m */
  #person(m) {
    const { me, state } = this.#session;
    const mine = m.id === me.member;
    const details = [t(`role.${m.role}`), m.screens?.length ? "" : t("away"), m.muted ? t("mutedShort") : ""].filter(Boolean).join(" · ");
    const el = h("li", { class: m.screens?.length ? "" : "is-away" }, avatar(m.name, m.id),
      h("div", { class: "person" }, h("p", { class: "person-name" }, bdi(m.name), mine && h("span", { class: "you", text: t("you") })),
        h("p", { class: "person-facts", text: details })));
    if (!mine && this.#session.may("moderate") && outranks(state, me.member, m.id)) el.append(this.#acts(m));
    return el;
  }

  /** @param {Member} m */
  #acts(m) {
    const act = (/** @type {string} */ kind, /** @type {string} */ text, /** @type {string} */ sort = "") =>
      h("button", { type: "button", class: `small ${sort}`, "aria-label": `${text}: ${m.name}`, onclick: () => this.#session.wish(kind, { member: m.id }), text });
    const remove = h("button", { type: "button", class: "small danger", "aria-label": `${t("remove")}: ${m.name}`, text: t("remove") });
    remove.addEventListener("click", () => {
      if (remove.dataset.sure) return void this.#session.wish("remove", { member: m.id });
      remove.dataset.sure = "yes";
      fill(remove, icon("warning"), t("removeSure"));
    });
    return h("div", { class: "acts" }, m.muted ? act("unmute", t("unmuteMember")) : act("mute", t("muteMember")), remove);
  }
}

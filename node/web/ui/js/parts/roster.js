// Who is here. A few faces in the bar, all of them in a sheet; moderators may act on people there.

import { avatar, bdi, fill, h, refill } from "../core/dom.js";
import { paced } from "../core/frame.js";
import { onLanguage, t } from "../i18n/index.js";
import { sheet } from "../core/sheet.js";
import { onStage, outranks, silent } from "../core/log.js";
import { badges } from "./badges.js";
import { moderator } from "./moderate.js";
import { heads } from "./sofa.js";
import { Removal } from "./removal.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member, State} from "../core/types.js" */

const FACES = 4;
const HERE = 100; // people drawn; a search finds the others
const AWAY = 20;
const CALM = 1000; // ms between drawings where more people are than are drawn
const MANY = 20; // people from which on a search field helps

const sorter = new Intl.Collator();
/** @type {WeakMap<State["members"], Member[]>} */
const sorted = new WeakMap();

/** Those who belong here, present ones first, then by name. @param {State} state @returns {Member[]} */
export function people({ members }) {
  const known = sorted.get(members);
  if (known) return known;
  const here = (/** @type {Member} */ m) => (m.screens?.length ? 0 : 1);
  const list = Object.values(members).filter((m) => !m.removed)
    .sort((a, b) => here(a) - here(b) || Number(b.role === "host") - Number(a.role === "host") || sorter.compare(a.name, b.name));
  sorted.set(members, list);
  return list;
}

/** How long a list of people may be left as it is: each who comes to a crowd would have it drawn anew. @param {State} state */
export const calm = ({ members }) => (Object.keys(members).length > HERE ? CALM : 0);

/** A field that narrows a list of people. @param {() => void} draw */
export function searchField(draw) {
  return h("input", { type: "search", hidden: true, "aria-label": () => t("findPerson"), placeholder: () => t("findPerson"), oninput: draw });
}

/**
 * As many people as a page can draw in one go. The field is shown when it is of use.
 * @param {State} state
 * @param {HTMLInputElement} [search]
 */
export function company(state, search) {
  const all = people(state);
  if (search) search.hidden = all.length < MANY;
  const words = search?.value.trim().toLocaleLowerCase() ?? "";
  const found = words ? all.filter((m) => m.name.toLocaleLowerCase().includes(words)) : all;
  const present = found.filter((m) => m.screens?.length);
  const here = present.slice(0, HERE);
  const away = found.slice(present.length, present.length + AWAY);
  return { here, away, present: present.length, all: all.length, moreHere: present.length - here.length, more: found.length - here.length - away.length };
}

/** Screens that play without a page say so. @param {Member} m */
export function presence(m) {
  if (!m.screens?.length) return t("away");
  return m.screens.some((s) => s.kind === "mpv") ? t("hereMpv") : t("here");
}

export class Roster {
  #session; #removal;
  #faces = h("span", { class: "heads" });
  #count = h("span", { class: "count" });
  #search = searchField(() => this.#draw());
  #lists = h("div", { class: "roster" });
  #sheet = sheet({ title: () => t("whoIsHere"), onclose: () => this.#removal.forget() }, this.#search, this.#lists);

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#removal = new Removal(session);
    this.button = h("button", { type: "button", class: "bar-button who", onclick: () => this.#open() }, this.#faces, this.#count);
    session.watch((s) => [s.members, s.stage, s.ended], paced(() => this.#draw(), () => calm(session.state)));
    onLanguage(() => this.#draw());
  }

  #open() {
    this.#search.value = "";
    this.#sheet.open();
    this.#draw();
  }

  #draw() {
    const { here, present } = company(this.#session.state);
    fill(this.#faces, ...here.slice(0, FACES).map((m) => avatar(m.name, m.id)));
    this.#count.textContent = String(present);
    this.button.setAttribute("aria-label", t("peopleHere", { n: present }));
    this.button.title = t("whoIsHere");
    if (this.#sheet.el.open) this.#list();
  }

  #list() {
    const { here, away, more, moreHere } = company(this.#session.state, this.#search);
    const moreAway = more - moreHere;
    const rest = (/** @type {number} */ n) => n > 0 && h("p", { class: "empty-note", text: t("andMore", { n }) });
    refill(this.#lists,
      h("ul", { class: "people" }, ...here.map((m) => this.#person(m))), rest(moreHere),
      away.length > 0 && h("section", { class: "people-away", "aria-label": t("away") }, h("h3", { class: "eyebrow", text: t("away") }),
        h("ul", { class: "people" }, ...away.map((m) => this.#person(m))), rest(moreAway)));
  }

  /** @param {Member} m */
  #person(m) {
    const { me, state } = this.#session;
    const mine = m.id === me.member;
    const details = [t(`role.${m.role}`), silent(m, this.#session.clock.now()) ? t("mutedShort") : ""].filter(Boolean).join(" · ");
    const el = h("li", { class: m.screens?.length ? "" : "is-away" }, avatar(m.name, m.id),
      h("div", { class: "person" }, h("p", { class: "person-name" }, bdi(m.name), heads(m), badges(m, this.#session.clock.now()), mine && h("span", { class: "you", text: t("you") })),
        h("p", { class: "person-facts", text: details })));
    if (!mine && this.#session.may("moderate") && outranks(state, me.member, m.id)) el.append(this.#acts(m));
    return el;
  }

  /** Calls somebody to the stage, or takes them off. @param {Member} m */
  #stage(m) {
    const face = onStage(this.#session.state, m.id);
    if (!face && (!this.#session.may("manage") || !m.screens?.length)) return "";
    const text = t(face ? "takeOff" : "callUp");
    return h("button", { type: "button", class: "small", "data-key": `stage ${m.id}`, "aria-label": `${text}: ${m.name}`, onclick: () => this.#session.wish(face ? "bow" : "beckon", { member: m.id }), text });
  }

  /** Keeps somebody's sound on stage back, or no longer. @param {Member} m */
  #hush(m) {
    const face = onStage(this.#session.state, m.id);
    if (!face?.since) return "";
    const text = t(face.hushed ? "unhushFace" : "hushFace");
    return h("button", { type: "button", class: "small", "data-key": `hush ${m.id}`, "aria-label": `${text}: ${m.name}`, onclick: () => this.#session.wish("hush", { member: m.id, off: face.hushed }), text });
  }

  /** @param {Member} m */
  #acts(m) {
    const text = t(m.muted ? "unmuteMember" : "muteMember");
    return h("div", { class: "acts" },
      h("button", { type: "button", class: "small", "data-key": `mute ${m.id}`, "aria-label": `${text}: ${m.name}`, onclick: () => this.#session.wish(m.muted ? "unmute" : "mute", { member: m.id }), text }),
      this.#hush(m), this.#stage(m), this.#removal.button(m, "small"),
      h("button", { type: "button", class: "small", "data-key": `moderate ${m.id}`, "aria-label": t("moderateName", { name: m.name }), onclick: () => moderator(this.#session).open(m.id), text: t("moderateMore") }));
  }
}

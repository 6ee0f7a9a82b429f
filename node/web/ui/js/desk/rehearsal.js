// The dress rehearsal: how a title is going to get onto everybody's screen, what that costs the host's
// machine, and who will see nothing, before the lights go down.

import { get } from "../core/api.js";
import { bdi, fill, h } from "../core/dom.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, hostSays, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */

/** @typedef {{member: string, screen?: string, player?: string, light: "green"|"amber"|"red", way: string, slow?: boolean, rendition?: string, code?: string, reason?: string}} Screen */
/** @typedef {{title: string, screens: Screen[], rate: number, convert: string[], load: number, drawn: boolean, working: number, waiting: number, fault?: {code: string, reason: string}}} Facts */

const AGAIN = 4000; // ms between looks while it is shown: guests come and go

export class Rehearsal {
  #session;
  #of = "";
  /** @type {Facts|null} */
  #facts = null;
  #words = h("div", { class: "rehearsal-words" });
  #list = h("ul", { class: "rehearsal-screens" });
  el = h("section", { class: "rehearsal", "aria-label": () => t("rehearsal"), hidden: true },
    h("h4", { class: "eyebrow", text: () => t("rehearsal") }), this.#words, this.#list);

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    setInterval(() => this.el.isConnected && this.el.offsetParent && this.#look(), AGAIN);
    onLanguage(() => this.#draw());
  }

  /** Shows that of a title. @param {string} id @returns {HTMLElement} */
  show(id) {
    if (id !== this.#of) {
      this.#of = id;
      this.#facts = null;
      this.el.hidden = true;
    }
    this.#look();
    return this.el;
  }

  async #look() {
    const id = this.#of;
    if (!id) return;
    const facts = await get(`/api/desk/rehearsal?title=${encodeURIComponent(id)}`).catch(() => null);
    if (id !== this.#of || !facts) return;
    this.#facts = facts;
    this.#draw();
  }

  #draw() {
    const f = this.#facts;
    this.el.hidden = !f;
    if (!f) return;
    fill(this.#words, h("p", { class: "rehearsal-sum", text: this.#sum(f) }), h("p", { class: "hint", text: costs(f).join(" · ") }));
    fill(this.#list, ...f.screens.map((s) => this.#screen(s)));
  }

  /** @param {Facts} f */
  #sum(f) {
    if (f.fault) return hostSays(f.fault);
    const bad = f.screens.filter((s) => s.light === "red").length;
    if (!f.screens.length) return t("rehearsal.nobody");
    return bad ? t("rehearsal.bad", { n: bad, of: f.screens.length }) : t("rehearsal.well", { n: f.screens.length });
  }

  /** @param {Screen} s */
  #screen(s) {
    const { members, me } = { members: this.#session.state.members, me: this.#session.me.member };
    const name = members[s.member]?.name ?? s.member;
    return h("li", {}, h("span", { class: `lamp lamp-${s.light}`, "aria-label": t(`lamp.${s.light}`), role: "img" }),
      h("div", {}, h("p", { class: "person-name" }, bdi(name), s.member === me && h("span", { class: "you", text: t("you") }), s.player === "mpv" && h("span", { class: "chip", text: "mpv" })),
        h("p", { class: "hint", text: reason(s) })));
  }
}

/** @param {Screen} s */
function reason(s) {
  if (s.code) return hostSays(/** @type {any} */ (s));
  if (s.slow) return t("way.slow");
  return t(`way.${s.way}`, { size: s.rendition ?? "" });
}

/** What it costs the host. @param {Facts} f */
function costs(f) {
  const all = [];
  if (f.rate) all.push(t("rehearsal.rate", { n: Math.max(1, Math.round(f.rate / 1e6)) }));
  if (f.convert.length) all.push(t("rehearsal.convert", { n: f.convert.length }));
  if (f.load) all.push(t("rehearsal.load", { n: Math.max(1, Math.round(f.load * 100)) }));
  if (f.drawn) all.push(t("rehearsal.drawn"));
  if (f.working) all.push(t("rehearsal.working", { n: f.working }));
  if (f.waiting) all.push(t("rehearsal.queue", { n: f.waiting }));
  return all;
}

/** The same for what is on, in a sheet. @param {Session} session @param {Listing} listing */
export function rehearsalSheet(session, listing) {
  const rehearsal = new Rehearsal(session);
  const name = h("p", { class: "lead" });
  const it = sheet({ title: () => t("rehearsal") }, name, rehearsal.el);
  return {
    open() {
      const id = session.state.timeline.title ?? "";
      name.textContent = id ? listing.name(id) : t("rehearsal.none");
      rehearsal.show(id);
      if (!id) rehearsal.el.hidden = true;
      it.open();
    },
  };
}

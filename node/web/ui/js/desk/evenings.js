// Beside a title on the desk: the evenings at which it was watched, whose chat may come again with it, or be taken home.

import { get, token } from "../core/api.js";
import { bdi, fill, h } from "../core/dom.js";
import { amount, day } from "../core/format.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

/** @typedef {{id: string, name: string, opened: number, lines: number, reactions: number}} Heard */

export class Evenings {
  #session;
  #of = "";
  /** @type {Heard[]} */
  #all = [];
  #list = h("ul", { class: "evenings-list" });
  el = h("section", { class: "evenings", hidden: true, "aria-label": () => t("evenings") }, h("h4", { class: "eyebrow", text: () => t("evenings") }), this.#list);

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    session.watch((s) => [s.recalled], () => this.#draw());
    onLanguage(() => this.#draw());
  }

  /** Shows those of a title. @param {string} id @returns {HTMLElement} */
  show(id) {
    if (id !== this.#of) this.#look(id);
    return this.el;
  }

  /** @param {string} id */
  async #look(id) {
    this.#of = id;
    this.#all = [];
    this.#draw();
    const { evenings } = await get(`/api/desk/evenings?title=${encodeURIComponent(id)}`).catch(() => ({ evenings: [] }));
    if (id !== this.#of) return;
    this.#all = evenings;
    this.#draw();
  }

  #draw() {
    this.el.hidden = !this.#all.length;
    fill(this.#list, ...this.#all.map((e) => this.#evening(e)));
  }

  /** @param {Heard} e */
  #evening(e) {
    const { recalled } = this.#session.state;
    const on = recalled?.evening === e.id && recalled.title === this.#of;
    const counts = [t("sum.lines", { n: e.lines, lines: amount(e.lines) }), e.reactions ? t("reactions", { n: e.reactions, reactions: amount(e.reactions) }) : ""].filter(Boolean).join(" · ");
    return h("li", {}, h("div", { class: "evenings-words" }, bdi(e.name), h("span", { class: "item-facts", text: `${day(e.opened)} · ${counts}` })),
      h("button", { type: "button", class: "choice", "aria-pressed": String(on), onclick: () => this.#session.wish("recall", on ? {} : { title: this.#of, evening: e.id }), text: t("evenings.again") }),
      ...["json", "vtt"].map((kind) => h("button", { type: "button", class: "small", "aria-label": t("evenings.save", { kind: kind.toUpperCase() }), onclick: () => save(e, kind), text: kind.toUpperCase() })));
  }
}

/** Saves the chat of an evening as a file. @param {Heard} e @param {string} kind json or vtt */
async function save(e, kind) {
  const answer = await fetch(`/api/history/${encodeURIComponent(e.id)}/chat.${kind}`, { headers: { "Authorization": `Bearer ${token()}` }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const url = URL.createObjectURL(await answer.blob());
  h("a", { href: url, download: `${new Date(e.opened).toLocaleDateString("sv")} ${e.name}.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

// Who waits at the door, for the host and moderators: a name, what they come with, and a yes or a no.

import { bdi, h, icon, refill } from "../core/dom.js";
import { onLanguage, t } from "../i18n/index.js";
import { toast } from "./toast.js";

/** @import {Session} from "../core/session.js" */

/** @typedef {{id: string, name: string, agent?: string, key?: string, by?: ""|"link"|"pin", since: number}} Knock */

const ALL = "*";
const MOST = 4; // that are shown at once
const AGAIN = 3000; // ms until an answer that was lost may be given again

export class Knocks {
  #session;
  /** @type {Knock[]} */
  #waiting = [];
  /** @type {Map<string, number>} those answered, and when */
  #answered = new Map();
  /** @type {Set<string>} */
  #known = new Set();
  #list = h("ul", { class: "knock-list" });
  #more = h("p", { class: "hint" });
  #status = h("p", { class: "unseen", role: "status" });
  #all;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#all = h("button", { type: "button", class: "small", onclick: () => this.#answer(ALL, true), text: () => t("knock.all") });
    this.el = h("section", { class: "knocks", hidden: true, "aria-label": () => t("knock.title") },
      h("div", { class: "knock-head" }, h("h3", { class: "eyebrow" }, icon("door"), h("span", { text: () => t("knock.title") })), this.#all), this.#list, this.#more, this.#status);
    session.on("signal", (s) => s.knocks && this.#told(s.knocks.waiting ?? []));
    session.on("welcome", () => session.may("moderate") && session.signal("answer"));
    session.watch((s) => [s.policy, s.members[session.me.member]?.role], () => this.#role());
    onLanguage(() => this.#draw());
  }

  #role() {
    if (!this.#session.may("moderate")) this.#told([]);
    else if (this.#session.status === "live") this.#session.signal("answer");
  }

  /** @param {Knock[]} waiting */
  #told(waiting) {
    const came = waiting.filter((k) => !this.#known.has(k.id));
    this.#known = new Set(waiting.map((k) => k.id));
    for (const id of this.#answered.keys()) if (!this.#known.has(id)) this.#answered.delete(id);
    this.#waiting = waiting;
    this.#draw();
    const last = came.at(-1);
    if (!last) return;
    const said = came.length > 1 ? t("knock.several", { n: waiting.length }) : t("knock.came", { name: last.name });
    this.#status.textContent = said;
    if (!this.#seen()) toast(said);
  }

  /** Whether the list is before the viewer's eyes. */
  #seen() {
    const { top, bottom } = this.el.getBoundingClientRect();
    return this.el.offsetParent !== null && top < innerHeight && bottom > 0 && !document.querySelector("dialog[open]");
  }

  /** @param {string} id @param {boolean} yes */
  #answer(id, yes) {
    for (const k of this.#waiting) if (id === ALL || k.id === id) this.#answered.set(k.id, Date.now());
    this.#session.signal("answer", { id, in: yes });
    this.#draw();
    setTimeout(() => {
      for (const [one, at] of this.#answered) if (Date.now() - at >= AGAIN) this.#answered.delete(one);
      this.#draw();
    }, AGAIN);
  }

  #draw() {
    this.el.hidden = this.#waiting.length === 0;
    this.#all.hidden = this.#waiting.length < 2;
    refill(this.#list, ...this.#waiting.slice(0, MOST).map((k) => this.#row(k)));
    this.#more.hidden = this.#waiting.length <= MOST;
    this.#more.textContent = t("knock.more", { n: this.#waiting.length - MOST });
  }

  /** @param {Knock} k */
  #row(k) {
    const facts = [k.key ? t("knock.node") : k.agent || t("knock.browser"), t(`knock.by.${k.by || "sight"}`)].join(" · ");
    const button = (/** @type {boolean} */ yes) => h("button", {
      type: "button", class: yes ? "primary" : "small", "data-key": `${yes} ${k.id}`, disabled: this.#answered.has(k.id),
      "aria-label": `${t(yes ? "knock.yes" : "knock.no")}: ${k.name}`, onclick: () => this.#answer(k.id, yes), text: t(yes ? "knock.yes" : "knock.no"),
    });
    return h("li", {}, h("div", { class: "person" }, h("p", { class: "person-name" }, bdi(k.name)), h("p", { class: "person-facts", text: facts })),
    h("div", { class: "acts" }, button(false), button(true)),
    k.key ? h("p", { class: "knock-key" }, h("span", { text: t("knock.key") }), h("code", { text: k.key.replace(/(.{4})(?=.)/g, "$1 ") })) : null);
  }
}

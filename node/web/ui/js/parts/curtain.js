// The curtain: what covers everything when there is nothing more to watch here. And the small pill
// that says that the connection is being sought, while the film goes on.

import { fill, h, icon } from "../core/dom.js";
import { keepToken } from "../core/api.js";
import { onLanguage, refusal, t } from "../i18n/index.js";
import { toast } from "./toast.js";

/** @import {Session} from "../core/session.js" */

const HOPELESS = 10; // tries after which a program on this very machine is not coming back by itself
const READ = 8000; // ms that a word about the road stands where it would lie on the film
const UNNOTICED = 1500; // ms that a break may last before it is worth a word

export class Curtain {
  el = h("div", { class: "curtain", hidden: true, role: "alertdialog", "aria-modal": "true" });
  #session;
  #behind;
  /** @type {(() => (Node|false)[])|null} */
  #words = null;

  /** @param {Session} session @param {HTMLElement} behind @param {{over?: () => (Node|false)[], sum?: () => Node|false}} [own] */
  constructor(session, behind, own = {}) {
    this.#session = session;
    this.#behind = behind;
    this.over = own.over ?? (() => [this.#again()]);
    this.sum = own.sum ?? (() => false);
    document.body.append(this.el);
    session.watch((s) => [s.id, s.ended, s.evening], ({ ended }) => (ended ? this.#close(() => this.#thanks()) : this.#lift()));
    session.on("welcome", ({ ended }) => !ended && this.#lift());
    session.on("lost", (tries) => tries === HOPELESS && session.me.node === "guest" && this.#close(() => this.#nobody()));
    session.on("bye", (bye) => this.#bye(bye));
    onLanguage(() => this.#words && this.#close(this.#words));
  }

  /** @param {() => (Node|false)[]} words */
  #close(words) {
    this.#words = words;
    fill(this.el, h("div", { class: "curtain-card" }, ...words().filter((w) => w instanceof Node)));
    this.el.setAttribute("aria-label", this.el.querySelector("h2")?.textContent ?? "");
    this.el.hidden = false;
    this.#behind.inert = true;
    for (const p of document.querySelectorAll("[popover]:popover-open")) /** @type {HTMLElement} */ (p).hidePopover();
    for (const d of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (d).close();
    this.el.querySelector("button")?.focus({ preventScroll: true }); // what the evening came to is read from its top
  }

  #lift() {
    if (this.el.hidden) return;
    this.#words = null;
    this.el.hidden = true;
    this.#behind.inert = false;
  }

  #thanks() {
    return [h("span", { class: "card-sign" }, icon("mark")), h("p", { class: "eyebrow", text: this.#session.state.name }),
      h("h2", { text: t("overTitle") }), h("p", { text: t("overText") }), this.sum(), ...this.over()];
  }

  /** A guest's own program was stopped, or runs at another address now; looking goes on behind the curtain. */
  #nobody() {
    return [h("span", { class: "card-sign" }, icon("warning")), h("h2", { text: t("nodeGoneTitle") }), h("p", { text: t("nodeGone") }),
      h("button", { type: "button", class: "plain", onclick: () => this.#session.hurry(), text: t("lookAgain") })];
  }

  #again() {
    return h("button", { type: "button", class: "plain", onclick: () => location.reload(), text: t("anotherParty") });
  }

  /** @param {{code: string, reason: string}} bye */
  #bye(bye) {
    if (bye.code === "WP-ENDED") return this.#close(() => this.#thanks());
    const forget = bye.code === "WP-REMOVED" || bye.code === "WP-PASS";
    if (forget) keepToken(null);
    this.#close(() => [
      h("span", { class: "card-sign" }, icon(bye.code === "WP-REMOVED" ? "door" : "warning")),
      h("h2", { text: t(bye.code === "WP-REMOVED" ? "removedTitle" : bye.code === "WP-PASS" ? "passTitle" : "stoppedTitle") }),
      h("p", { text: refusal(bye) }),
      h("button", { type: "button", class: "plain", onclick: () => location.reload(), text: t(forget ? "toDoor" : "lookAgain") }),
    ]);
  }
}

let waiting = 0;

/** While the host cannot be reached before anything was shown. @returns {() => void} lifts it */
export function waitingCurtain() {
  if (waiting++ === 0) {
    document.body.append(h("div", { class: "curtain waiting-curtain", role: "status" },
      h("div", { class: "curtain-card" }, h("span", { class: "card-sign" }, icon("mark")), h("p", {}, h("span", { class: "breath", "aria-hidden": "true" }), h("span", { text: () => t("reconnecting") })))));
  }
  return () => --waiting === 0 && document.querySelector(".waiting-curtain")?.remove();
}

/** @param {Session} session */
export function connectionPill(session) {
  const words = h("span", {});
  const el = h("button", { type: "button", class: "pill connection", hidden: true, onclick: () => (el.classList.contains("settled") ? toast(el.title) : session.hurry()) },
    h("span", { class: "breath", "aria-hidden": "true" }), words);
  const said = h("div", { role: "status", class: "connection-place" }, el);
  let timer = 0;
  let away = false; // a guest's own node says that its host is not reached
  let roads = session.me.roads; // and by which roads it is
  const detour = () => (roads?.control === "tcp" ? "overTCPWhy" : roads?.media === "tcp" ? "lossyWhy" : "");
  const draw = () => {
    clearTimeout(timer);
    if (!away && (session.status === "live" || session.status === "over")) {
      words.textContent = t("overTCP");
      el.title = detour() && t(detour());
      el.classList.add("settled");
      el.hidden = !detour() || session.status === "over";
      timer = setTimeout(() => (el.hidden ||= el.closest("[data-view]")?.getAttribute("data-view") === "tall"), READ);
      return;
    }
    timer = setTimeout(() => {
      words.textContent = t("reconnecting");
      el.title = t("reconnectNow");
      el.classList.remove("settled");
      el.hidden = false;
    }, UNNOTICED);
  };
  session.on("status", draw);
  session.on("welcome", () => {
    away = false;
    draw();
  });
  session.on("signal", (s) => {
    if (!s.host) return;
    away = Boolean(s.host.away);
    roads = s.host.roads ?? roads;
    draw();
  });
  onLanguage(draw);
  window.addEventListener("online", () => session.hurry());
  document.addEventListener("visibilitychange", () => document.hidden || session.hurry());
  return said;
}

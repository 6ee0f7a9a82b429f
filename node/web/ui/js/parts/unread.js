// What was said while nobody looked: a line before the first of it, and a button that leads there. Lines that call
// this viewer are counted in the tab's title until then.

import { fill, h, icon } from "../core/dom.js";
import { markTitle } from "../core/title.js";
import { onLanguage, t } from "../i18n/index.js";

export class Unread {
  #list; #toEnd; #stuck;
  #count = 0;
  #calls = 0;
  #divider = h("p", { class: "unread-line", "aria-hidden": "true" }, h("span", { text: () => t("unreadLine") }));
  #pill = h("button", { type: "button", class: "pill news", hidden: true, onclick: () => this.#go() });
  el = h("div", { class: "news-at" }, this.#pill);

  /** @param {HTMLElement} list @param {{toEnd: () => void, stuck: () => boolean}} at stuck: whether the list stays at its end */
  constructor(list, { toEnd, stuck }) {
    this.#list = list;
    this.#toEnd = toEnd;
    this.#stuck = stuck;
    document.addEventListener("visibilitychange", () => this.look());
    new IntersectionObserver(() => this.look(), { root: list }).observe(this.#divider);
    new ResizeObserver(() => this.look()).observe(list);
    onLanguage(() => this.#draw());
  }

  get #shown() {
    return document.visibilityState === "visible" && this.#list.clientHeight > 0;
  }

  /** Whether this line was seen as it came. @param {HTMLElement} el the line of somebody else that came last @param {boolean} calls */
  came(el, calls) {
    if (this.#shown && this.#stuck()) return;
    if (!this.#count) this.#list.insertBefore(this.#divider, el);
    this.#count++;
    if (calls) this.#calls++;
    this.#draw();
  }

  /** Whoever speaks has read. */
  spoke() {
    this.#divider.remove();
    this.#read();
  }

  #read() {
    this.#count = this.#calls = 0;
    this.#draw();
  }

  /** Where the line lies: above what is shown, in it, or below. */
  get #where() {
    const at = this.#divider.getBoundingClientRect();
    const box = this.#list.getBoundingClientRect();
    return !this.#divider.isConnected || at.bottom <= box.top ? "above" : at.top >= box.bottom ? "below" : "here";
  }

  look() {
    if (!this.#count) return;
    if (this.#shown && (this.#where === "here" || (!this.#divider.isConnected && this.#stuck()))) return this.#read();
    this.#draw();
  }

  #go() {
    if (this.#where === "above" && this.#divider.isConnected) this.#divider.scrollIntoView({ block: "start" });
    else this.#toEnd();
    this.#read();
  }

  #draw() {
    markTitle(this.#calls);
    this.#pill.hidden = this.#count === 0;
    if (this.#count) fill(this.#pill, icon(this.#where === "above" ? "up" : "down"), h("span", { text: t("newMessages", { n: this.#count }) }));
  }
}

// What one may do with a line of the chat: a menu beside it, by pointer, long press or keyboard. A part adds its item
// with `add`; who may not, does not see it. With Arrow up and down one walks along the lines, Enter opens the menu.

import { fill, h, icon, iconButton } from "../core/dom.js";
import { beside } from "../core/popover.js";
import { t } from "../i18n/index.js";
import { swipes } from "./swipe.js";

/** @import {Message} from "../core/types.js" */

/**
 * @typedef {object} Item
 * @property {string} sign of icons.js
 * @property {(m: Message) => string} name
 * @property {(m: Message) => boolean} may whether this viewer may do it with that line
 * @property {(m: Message) => void} act
 * @property {string} [key] does it while the line has the focus
 * @property {boolean} [close] has a button of its own at the line
 * @property {boolean} [danger]
 */

const HOLD = 450; // ms of a long press
const SLIPS = 8; // px that a finger may slip meanwhile

export class LineMenu {
  #list;
  /** @type {Item[]} */
  #items = [];
  /** @type {WeakMap<Element, Message>} */
  #lines = new WeakMap();
  #tools = h("span", { class: "line-tools", "aria-live": "off" });
  #hold = 0;
  #from = { x: 0, y: 0 };
  /** @type {HTMLElement|null} whose menu is open */
  #at = null;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
    this.el = h("div", { class: "menu line-menu", popover: "manual", role: "menu", "aria-label": () => t("lineMenu"), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#walkMenu(e) });
    list.addEventListener("pointerover", (e) => e.pointerType === "mouse" && this.#put(this.#lineAt(e)));
    list.addEventListener("pointerleave", () => this.#put(this.#lineAt({ target: document.activeElement })));
    list.addEventListener("focusin", (e) => this.#put(this.#lineAt(e)));
    list.addEventListener("contextmenu", (e) => this.#called(e));
    list.addEventListener("keydown", (e) => this.#key(e));
    list.addEventListener("pointerdown", (e) => this.#press(e));
    for (const end of ["pointerup", "pointercancel", "scroll"]) list.addEventListener(end, () => clearTimeout(this.#hold), { passive: true });
    list.addEventListener("pointermove", (e) => Math.hypot(e.x - this.#from.x, e.y - this.#from.y) > SLIPS && clearTimeout(this.#hold), { passive: true });
    list.addEventListener("scroll", () => this.#follow(), { passive: true });
    swipes(list, (target) => this.#lineAt({ target }), (line) => this.#closest(line));
    document.addEventListener("pointerdown", (e) => e.target instanceof Node && !this.el.contains(e.target) && this.close(), true);
  }

  /** @param {Item} item */
  add(item) {
    this.#items.push(item);
  }

  /** @param {HTMLElement} el that shows it @param {Message} m */
  of(el, m) {
    this.#lines.set(el, m);
    el.tabIndex = -1;
  }

  /** @param {Item} item @param {Message} m */
  act(item, m) {
    this.close();
    item.act(m);
  }

  close() {
    if (!this.#at) return;
    const line = this.#at;
    this.#at = null;
    if (this.el.contains(document.activeElement)) line.focus({ preventScroll: true });
    this.el.hidePopover();
  }

  /** In a busy chat a line moves under who is choosing: the menu goes with it, as long as it can be seen. */
  #follow() {
    if (!this.#at) return;
    const line = this.#at.getBoundingClientRect();
    const { top, bottom } = this.#list.getBoundingClientRect();
    if (line.bottom > top && line.top < bottom) beside(this.el, this.#at);
    else this.close();
  }

  /** @param {{target: EventTarget|null}} e @returns {HTMLElement|null} */
  #lineAt({ target }) {
    const el = target instanceof Element ? target.closest(".said") : null;
    return el instanceof HTMLElement && this.#lines.has(el) ? el : null;
  }

  /** @param {Message} m */
  #offered(m) {
    return this.#items.filter((item) => item.may(m));
  }

  /** What has a button of its own is also a swipe. @param {HTMLElement} line */
  #closest(line) {
    const m = this.#lines.get(line);
    const item = m && this.#offered(m).find((one) => one.close);
    if (item) this.act(item, m);
  }

  /** The buttons at a line: there is one set of them, where the viewer is. @param {HTMLElement|null} line */
  #put(line) {
    if (!line) return this.#tools.remove();
    if (this.#tools.parentElement === line) return;
    const m = /** @type {Message} */ (this.#lines.get(line));
    const offered = this.#offered(m);
    fill(this.#tools, ...offered.filter((item) => item.close).map((item) => iconButton(item.sign, () => item.name(m), () => this.act(item, m), { tabindex: "-1" })),
      offered.length > 0 && iconButton("more", () => t("lineMenu"), () => this.open(line), { tabindex: "-1", "aria-haspopup": "menu" }));
    line.append(this.#tools);
  }

  /** @param {HTMLElement} line */
  open(line) {
    const m = this.#lines.get(line);
    if (!m) return;
    const offered = this.#offered(m);
    if (!offered.length) return;
    this.close();
    fill(this.el, ...offered.map((item) => h("button", { type: "button", class: `choice line-act${item.danger ? " danger" : ""}`, role: "menuitem", tabindex: "-1", onclick: () => this.act(item, m) },
      icon(item.sign), h("span", { text: item.name(m) }))));
    this.#at = line;
    this.el.showPopover();
    beside(this.el, line);
    /** @type {HTMLElement} */ (this.el.firstElementChild).focus({ preventScroll: true });
  }

  /** @param {MouseEvent} e */
  #called(e) {
    const line = this.#lineAt(e);
    if (!line || getSelection()?.toString()) return; // of selected text the browser knows more
    e.preventDefault();
    clearTimeout(this.#hold);
    if (this.#at !== line) this.open(line);
  }

  /** @param {PointerEvent} e */
  #press(e) {
    clearTimeout(this.#hold);
    const line = this.#lineAt(e);
    if (!line || e.pointerType !== "touch") return;
    this.#from = { x: e.x, y: e.y };
    this.#hold = window.setTimeout(() => this.open(line), HOLD);
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const line = this.#lineAt(e);
    if (e.ctrlKey || e.metaKey || e.altKey || (e.target !== line && e.target !== this.#list)) return;
    if (!this.#walk(e.key, line) && !this.#does(e.key, line)) return;
    e.preventDefault();
    e.stopPropagation();
  }

  /** @param {string} key @param {HTMLElement|null} line */
  #does(key, line) {
    const m = line && this.#lines.get(line);
    if (!line || !m) return false;
    if (key === "Enter" || key === " ") return this.open(line), true;
    const item = this.#offered(m).find((one) => one.key === key.toLowerCase());
    if (item) this.act(item, m);
    return Boolean(item);
  }

  /** @param {string} key @param {HTMLElement|null} line */
  #walk(key, line) {
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[key];
    if (!step) return false;
    const all = [...this.#list.querySelectorAll(".said")].filter((el) => this.#lines.has(el));
    const to = line ? all.indexOf(line) + step : step > 0 && key !== "End" ? all.length : all.length - 1;
    const next = all[key === "Home" ? 0 : Math.min(Math.max(to, 0), all.length - 1)];
    if (next instanceof HTMLElement) next.focus();
    return true;
  }

  /** @param {KeyboardEvent} e */
  #walkMenu(e) {
    const all = /** @type {HTMLElement[]} */ ([...this.el.children]);
    const at = all.findIndex((el) => el === document.activeElement);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[e.key];
    if (to !== undefined) all[(to + all.length) % all.length].focus();
    else if (e.key === "Escape" || e.key === "Tab") this.close();
    else return;
    e.preventDefault();
    e.stopPropagation();
  }
}

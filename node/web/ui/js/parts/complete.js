// What could be meant while one writes: names after @, signs after :, commands after /. A source looks at what stands
// before the cursor. (ARIA Authoring Practices: combobox with list autocomplete.)

import { fill, h } from "../core/dom.js";
import { t } from "../i18n/index.js";

const MOST = 8; // offered at once

/** @typedef {{put: string, words: (Node|string)[]}} Offer what is put in the place of what was written, and how it is shown */
/** @typedef {(before: string) => {from: number, offers: Offer[]}|null} Source from: where that begins */

/**
 * The word that begins with a sign and ends at the cursor.
 * @param {string} before @param {RegExp} pattern with the sign and the word as its groups
 */
export function begun(before, pattern) {
  const found = pattern.exec(before);
  return found && { from: found.index + found[0].length - found[1].length - found[2].length, word: found[2] };
}

export class Complete {
  #input;
  /** @type {Source[]} */
  #sources = [];
  /** @type {Offer[]} */
  #offers = [];
  #from = 0;
  #at = 0;
  el = h("div", { class: "offers", id: "offers", role: "listbox", hidden: true, "aria-label": () => t("offers") });

  /** @param {HTMLInputElement} input */
  constructor(input) {
    this.#input = input;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "offers" })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.#look());
    input.addEventListener("click", () => this.#look());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (e) => this.#key(e));
    this.el.addEventListener("pointerdown", (e) => e.preventDefault()); // the field keeps the focus, and a phone its keyboard
  }

  /** @param {Source} source */
  add(source) {
    this.#sources.push(source);
  }

  close() {
    this.#offers = [];
    this.#draw();
  }

  #look() {
    const { value, selectionStart } = this.#input;
    const before = value.slice(0, selectionStart ?? value.length);
    this.#offers = [];
    for (const source of this.#sources) {
      const found = source(before);
      if (!found?.offers.length) continue;
      this.#from = found.from;
      this.#offers = found.offers.slice(0, MOST);
      break;
    }
    if (this.#offers.length === 1 && before.slice(this.#from) === this.#offers[0].put.trimEnd()) this.#offers = []; // it is there already
    this.#at = 0;
    this.#draw();
  }

  #draw() {
    const open = this.#offers.length > 0;
    this.el.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open));
    if (!open) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `offer-${this.#at}`);
    fill(this.el, ...this.#offers.map((offer, i) => h("div", { class: "offer", id: `offer-${i}`, role: "option", "aria-selected": String(i === this.#at), onclick: () => this.#take(i) }, ...offer.words)));
    this.el.children[this.#at]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} i */
  #take(i) {
    const { value, selectionStart } = this.#input;
    const start = value.slice(0, this.#from) + this.#offers[i].put;
    this.#input.value = (start + value.slice(selectionStart ?? value.length)).slice(0, this.#input.maxLength);
    this.#input.setSelectionRange(start.length, start.length);
    this.#input.focus();
    this.#input.dispatchEvent(new Event("input"));
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const n = this.#offers.length;
    if (!n || e.isComposing) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      this.#at = (this.#at + (e.key === "ArrowDown" ? 1 : n - 1)) % n;
      this.#draw();
    } else if (e.key === "Enter" || e.key === "Tab") this.#take(this.#at);
    else if (e.key === "Escape") this.close();
    else return;
    e.preventDefault();
    e.stopImmediatePropagation();
  }
}

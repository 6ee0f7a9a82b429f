// Emoji and the house's emotes for a line: to pick from, to search by name, and offered after a colon.

import { findEmoji } from "../core/emoji.js";
import { emotes } from "../core/emotes.js";
import { fill, h, icon } from "../core/dom.js";
import { beside } from "../core/popover.js";
import { language, onLanguage, t } from "../i18n/index.js";
import { begun } from "./complete.js";
import { picture } from "./emotes.js";

/** @import {Emoji} from "../core/emoji.js" */

/** @param {Emoji} e */
const nameOf = (e) => (language() === "fr" ? e.also : e.name.replaceAll("_", " "));

/** @type {import("./complete.js").Source} */
export const signs = (before) => {
  const found = begun(before, /(?:^|\s)(:)([\p{L}\p{N}_]{2,24})$/u);
  if (!found) return null;
  const own = emotes.search(found.word).map((e) => ({ put: `:${e.code}: `, words: [picture(e, ""), h("span", { text: `:${e.code}:` })] }));
  return { from: found.from, offers: own.concat(findEmoji(found.word).map((e) => ({ put: `${e.sign} `, words: [h("span", { class: "offer-sign", text: e.sign }), h("span", { text: nameOf(e) })] }))) };
};

export class EmojiPicker {
  #input;
  #grid = h("div", { class: "emoji-grid" });
  #search = h("input", { type: "search", "aria-label": () => t("emojiFind"), placeholder: () => t("emojiFind"), oninput: () => this.#draw(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e) });

  /** @param {HTMLInputElement} input where a line is written */
  constructor(input) {
    this.#input = input;
    this.menu = h("div", { class: "menu emoji-menu", popover: "auto", role: "group", "aria-label": () => t("emoji") }, this.#search, this.#grid);
    this.button = h("button", { type: "button", class: "round emoji", "aria-label": () => t("emoji"), title: () => t("emoji"), "aria-haspopup": "true" }, icon("smile"));
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", (e) => {
      if (/** @type {ToggleEvent} */ (e).newState !== "open") return;
      this.#search.value = "";
      this.#draw();
      beside(this.menu, this.button);
      if (matchMedia("(pointer: fine)").matches) this.#search.focus();
    });
    emotes.on("changed", () => this.menu.matches(":popover-open") && this.#draw());
    onLanguage(() => this.#draw());
  }

  #draw() {
    const found = findEmoji(this.#search.value);
    const own = emotes.search(this.#search.value);
    fill(this.#grid, ...own.map((e) => h("button", { type: "button", class: "reaction", "aria-label": e.code.replaceAll("_", " "), title: `:${e.code}:`, onclick: () => this.#put(`:${e.code}: `) }, picture(e, ""))),
      ...found.map((e) => h("button", { type: "button", class: "reaction", "aria-label": nameOf(e), title: `:${e.name}:`, onclick: () => this.#put(e.sign), text: e.sign })),
      found.length + own.length === 0 && h("p", { class: "hint", text: t("nothingFound") }));
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    if (e.key !== "Enter") return;
    e.preventDefault();
    this.#grid.querySelector("button")?.click();
  }

  /** At the cursor. @param {string} sign */
  #put(sign) {
    const at = this.#input.selectionStart ?? this.#input.value.length;
    this.#input.setRangeText(sign, at, this.#input.selectionEnd ?? at, "end");
    this.menu.hidePopover();
    this.#input.focus();
    this.#input.dispatchEvent(new Event("input"));
  }
}

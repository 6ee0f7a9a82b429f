// How much the film makes room while somebody on stage speaks: everybody's own choice, on each device.

import { fill, h, iconButton } from "../core/dom.js";
import { beside } from "../core/popover.js";
import { recall, remember } from "../core/prefs.js";
import { onLanguage, t } from "../i18n/index.js";

/** How much of its volume the film gives up. @type {Record<string, number>} */
const PARTS = { off: 0, little: 0.5, much: 0.85 };

export class Duck {
  #changed;
  #choices = h("div", { class: "choices" });
  menu = h("div", { class: "menu words", popover: "auto", role: "group", "aria-label": () => t("duck") }, h("p", { class: "menu-head", text: () => t("duck") }), this.#choices);
  button = iconButton("tune", () => t("duck"), () => {}, { "aria-haspopup": "true" });

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", () => beside(this.menu, this.button));
    onLanguage(() => this.#draw());
    this.#draw();
  }

  #draw() {
    const now = this.part;
    fill(this.#choices, ...Object.entries(PARTS).map(([name, part]) => h("button", {
      type: "button", class: "choice", "aria-pressed": String(part === now), text: t(`duck.${name}`), onclick: () => this.#choose(name),
    })));
  }

  /** From 0 to 1. */
  get part() {
    return PARTS[recall("duck", "little")] ?? PARTS.little;
  }

  /** @param {string} name */
  #choose(name) {
    remember("duck", name);
    this.#draw();
    this.#changed();
  }
}

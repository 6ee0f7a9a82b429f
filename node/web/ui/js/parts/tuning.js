// Sound and picture of this one screen: how late its sound is heard, and how well it keeps up.

import { h, icon } from "../core/dom.js";
import { beside } from "../core/popover.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Film} from "./film.js" */

const MOST = 500; // ms either way
const STEP = 5; // ms
const SETTLED = 250; // ms without a hand until the film is moved
const DRAWN = 500; // ms between looks at the drift

/** With its sign. @param {number} ms */
export function signed(ms) {
  const whole = Math.round(ms);
  return `${whole > 0 ? "+" : whole < 0 ? "−" : ""}${Math.abs(whole)} ms`;
}

/** How far this screen is off, in words. @param {number} ms */
export function inStep(ms) {
  const off = Math.abs(ms) < 10 ? Math.round(Math.abs(ms) * 10) / 10 : Math.round(Math.abs(ms));
  return off < 0.5 ? t("tune.step") : t(ms > 0 ? "tune.ahead" : "tune.late", { ms: off.toLocaleString(document.documentElement.lang || "en") });
}

export class Tuning {
  #film;
  #slider = h("input", { type: "range", id: "sound-late", class: "from-middle", min: String(-MOST), max: String(MOST), step: String(STEP), "aria-describedby": "sound-hint" });
  #value = h("output", { class: "tuning-value", for: "sound-late" });
  #reset = h("button", { type: "button", class: "small", onclick: () => this.#to(0), text: () => t("tune.reset") });
  #drift = h("span", { class: "drift" });
  #doing = h("span", { class: "doing" });
  #timer = 0;
  #beat = 0;

  /** @param {Film} film */
  constructor(film) {
    this.#film = film;
    this.menu = h("div", { class: "menu tuning", popover: "auto", role: "group", "aria-label": () => t("tune") },
      h("p", { class: "menu-head", text: () => t("tune") }),
      h("div", { class: "tuning-row" }, h("label", { for: "sound-late", text: () => t("tune.sound") }), this.#value), this.#slider,
      h("div", { class: "tuning-row" }, h("p", { class: "hint", id: "sound-hint", text: () => t("tune.hint") }), this.#reset),
      h("div", { class: "tuning-row tuning-screen" }, h("span", { class: "quiet-text", text: () => t("tune.screen") }), h("span", { class: "tuning-state" }, this.#doing, this.#drift)));
    this.button = h("button", { type: "button", class: "round", "aria-label": () => t("tune"), title: () => t("tune"), "aria-haspopup": "true" }, icon("tune"));
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", (e) => this.#toggled(/** @type {ToggleEvent} */ (e).newState === "open"));
    this.#slider.addEventListener("input", () => this.#to(Number(this.#slider.value)));
    onLanguage(() => this.#show(this.#film.offset));
    this.#show(film.offset);
  }

  /** @param {boolean} open */
  #toggled(open) {
    clearInterval(this.#beat);
    if (!open) return;
    beside(this.menu, this.button);
    this.#show(this.#film.offset);
    this.#tell();
    this.#beat = setInterval(() => this.#tell(), DRAWN);
  }

  /** @param {number} ms */
  #to(ms) {
    this.#show(ms);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => ms !== this.#film.offset && (this.#film.offset = ms), SETTLED);
  }

  /** @param {number} ms */
  #show(ms) {
    const part = (ms + MOST) / (2 * MOST);
    this.#slider.value = String(ms);
    this.#slider.setAttribute("aria-valuetext", signed(ms));
    this.#slider.style.setProperty("--from", String(Math.min(part, 0.5)));
    this.#slider.style.setProperty("--to", String(Math.max(part, 0.5)));
    this.#value.textContent = signed(ms);
    this.#reset.disabled = ms === 0;
    this.button.classList.toggle("on", ms !== 0);
  }

  #tell() {
    const { doing, behind, drift } = this.#film;
    const state = doing === "playing" && behind ? "behind" : doing;
    this.#doing.textContent = state === "idle" ? "–" : t(`doing.${state}`);
    this.#doing.dataset.state = state;
    this.#drift.textContent = doing === "playing" ? inStep(drift) : "";
  }
}

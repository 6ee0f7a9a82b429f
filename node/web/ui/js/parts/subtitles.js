// What each viewer chooses to hear and to read: the film's sound, their subtitles and how these look.

import { alike, MOST } from "../core/cues.js";
import { fill, h, icon, refill } from "../core/dom.js";
import { beside } from "../core/popover.js";
import { recall, remember } from "../core/prefs.js";
import { language, onLanguage, t } from "../i18n/index.js";
import { Cues } from "./cues.js";

/** @import {Film} from "./film.js" */
/** @import {Sound} from "./source.js" */

const SIZES = ["small", "medium", "large"];
const PLACES = ["bottom", "top"];
const STEP = 0.1; // s
const SETTLED = 150; // ms without a hand until the cues are moved

/** Seconds with their sign. @param {number} s */
export function signed(s) {
  const size = Math.abs(s).toLocaleString(document.documentElement.lang || "en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${s > 0 ? "+" : s < 0 ? "−" : ""}${size} s`;
}

/** The same in words. @param {number} s */
export function inWords(s) {
  return s === 0 ? t("timing.none") : t(s > 0 ? "timing.later" : "timing.earlier", { s: signed(Math.abs(s)).replace(/^\+| s$/g, "") });
}

/** What was chosen last, or by an older page; null: nothing. @returns {{lang: string, label: string, drawn?: boolean}|null} */
function chosen() {
  const was = recall("subtitles", /** @type {any} */ (null));
  return typeof was === "string" ? { lang: was, label: "" } : was;
}

/** What a language is called by who reads this. @param {string} label @param {string} lang */
export function tongue(label, lang) {
  if (label && label.toLowerCase() !== lang.toLowerCase()) return label;
  try {
    const name = lang && new Intl.DisplayNames(language(), { type: "language" }).of(lang);
    return name ? name[0].toLocaleUpperCase(language()) + name.slice(1) : label || lang;
  } catch {
    return label || lang;
  }
}

export class Subtitles {
  button;
  menu = h("div", { class: "menu words", popover: "auto", role: "group", "aria-label": () => t("subtitles") });
  #slider = h("input", { type: "range", id: "cues-late", class: "from-middle", min: String(-MOST), max: String(MOST), step: String(STEP), "aria-describedby": "cues-hint" });
  #value = h("output", { class: "tuning-value", for: "cues-late" });
  #reset = h("button", { type: "button", class: "small", onclick: () => this.#late(0), text: () => t("tune.reset") });
  #timing = h("div", { class: "timing" },
    h("div", { class: "tuning-row" }, h("label", { for: "cues-late", class: "menu-head", text: () => t("timing") }), this.#value), this.#slider,
    h("div", { class: "tuning-row" }, h("p", { class: "hint", id: "cues-hint", text: () => t("timing.hint") }), this.#reset));
  #film; #cues;
  /** @type {Sound[]} */
  #sounds = [];
  #timer = 0;

  /** @param {Film} film */
  constructor(film) {
    this.#film = film;
    this.#cues = new Cues(film.video);
    this.el = this.#cues.el;
    this.button = h("button", {
      type: "button", class: "round", hidden: true, "aria-label": () => t("subtitles"), title: () => t("subtitles"), "aria-haspopup": "true",
    }, icon("subtitles"));
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", () => beside(this.menu, this.button));
    this.#slider.addEventListener("input", () => this.#late(Number(this.#slider.value)));
    film.on("title", () => this.#load());
    film.on("found", () => this.#found());
    film.source.on("sounds", (sounds) => this.#heard(sounds));
    onLanguage(() => this.#draw());
  }

  get #list() {
    const { subtitles = [], play } = this.#film.title ?? {};
    return play?.hls ? subtitles : subtitles.filter((s) => !s.drawn);
  }

  #load() {
    this.#pick(alike(this.#list, chosen()));
  }

  /** The host found more in the film meanwhile. */
  #found() {
    if (this.#cues.key) this.#draw();
    else this.#load();
  }

  /** @param {import("../core/types.js").Subtitle} [subtitle] */
  #choose(subtitle) {
    remember("subtitles", subtitle ? { lang: subtitle.lang, label: subtitle.label, drawn: subtitle.drawn } : null);
    this.#pick(subtitle);
  }

  /** @param {Sound[]} sounds */
  #heard(sounds) {
    if (JSON.stringify(sounds) === JSON.stringify(this.#sounds)) return;
    this.#sounds = sounds;
    this.#draw();
  }

  /** @param {import("../core/types.js").Subtitle} [subtitle] */
  #pick(subtitle) {
    clearTimeout(this.#timer);
    this.#cues.show(this.#film.title?.id, subtitle);
    this.#film.draw(subtitle?.drawn ? subtitle.key : "");
    this.button.classList.toggle("on", Boolean(subtitle));
    this.#show(this.#cues.late);
    this.#draw();
  }

  /** @param {number} seconds */
  #late(seconds) {
    this.#show(seconds);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#cues.late = seconds), SETTLED);
  }

  /** @param {number} seconds */
  #show(seconds) {
    const part = (seconds + MOST) / (2 * MOST);
    this.#slider.value = String(seconds);
    this.#slider.setAttribute("aria-valuetext", inWords(seconds));
    this.#slider.style.setProperty("--from", String(Math.min(part, 0.5)));
    this.#slider.style.setProperty("--to", String(Math.max(part, 0.5)));
    this.#value.textContent = signed(seconds);
    this.#reset.disabled = seconds === 0;
  }

  #draw() {
    const several = this.#sounds.length > 1;
    this.button.hidden = !this.#list.length && !several;
    if (this.button.hidden && this.menu.matches(":popover-open")) this.menu.hidePopover();
    if (this.button.hidden) return fill(this.menu);
    const now = this.#cues.key;
    refill(this.menu, ...(several ? this.#soundChoices() : []),
      h("p", { class: "menu-head", text: t("subtitles") }),
      choice("off", t("off"), !now, () => this.#choose()),
      ...this.#list.map((s) => choice(`words ${s.key}`, s.label || s.lang || language(), now === s.key, () => this.#choose(s), s.drawn ? t("drawn") : "")),
      ...(this.#list.some((s) => s.key === now && !s.drawn) ? this.#look() : []));
  }

  #soundChoices() {
    return [h("p", { class: "menu-head", text: t("sound") }),
      ...this.#sounds.map(({ label, lang, on }, i) => choice(`sound ${i}`, tongue(label, lang), on, () => this.#film.hear(i)))];
  }

  /** How the subtitles look, while there are any. */
  #look() {
    const row = (/** @type {"size"|"place"} */ what, /** @type {string} */ name, /** @type {string[]} */ all) => [
      h("p", { class: "menu-head", id: `cues-${what}`, text: name }),
      h("div", { class: "choices", role: "group", "aria-labelledby": `cues-${what}` }, ...all.map((one) =>
        choice(`${what} ${one}`, t(`${what}.${one}`), this.#cues[what] === one, () => {
          this.#cues[what] = one;
          this.#draw();
        })))];
    this.#show(this.#cues.late);
    return [...row("size", t("textSize"), SIZES), ...row("place", t("place"), PLACES), this.#timing];
  }
}

/** @param {string} key @param {string} text @param {boolean} on @param {() => void} onclick @param {string} [note] */
function choice(key, text, on, onclick, note = "") {
  const named = note ? [h("span", { text }), " ", h("small", { text: note })] : [text];
  return h("button", { type: "button", class: "choice", "data-key": key, "aria-pressed": String(on), onclick }, ...named);
}

// Subtitles: each viewer has their own language and size. The browser reads the cues; the page
// shows them, so that they sit well on every screen.

import { h, fill, icon } from "../core/dom.js";
import { above } from "../core/popover.js";
import { recall, remember } from "../core/prefs.js";
import { language, onLanguage, t } from "../i18n/index.js";

/** @import {Film} from "./film.js" */

const SIZES = ["small", "medium", "large"];

export class Subtitles {
  el = h("div", { class: "cues", "aria-hidden": "true" });
  button;
  menu = h("div", { class: "menu", popover: "auto", role: "group", "aria-label": () => t("subtitles") });
  /** @type {TextTrack|null} */
  #track = null;
  #film;

  /** @param {Film} film */
  constructor(film) {
    this.#film = film;
    this.button = h("button", {
      type: "button", class: "round", hidden: true, "aria-label": () => t("subtitles"), title: () => t("subtitles"), "aria-haspopup": "true",
    }, icon("subtitles"));
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", () => above(this.menu, this.button));
    this.el.dataset.size = recall("cueSize", "medium");
    film.on("title", () => this.#load());
    onLanguage(() => this.#draw());
  }

  get #list() {
    return this.#film.title?.subtitles ?? [];
  }

  #load() {
    for (const el of this.#film.video.querySelectorAll("track")) el.remove();
    this.button.hidden = this.#list.length === 0;
    const wanted = recall("subtitles", /** @type {string|null} */ (null));
    this.#pick(wanted === null ? undefined : this.#list.find((s) => s.lang === wanted));
  }

  /** @param {import("../core/types.js").Subtitle} [subtitle] */
  #pick(subtitle) {
    if (this.#track) this.#track.mode = "disabled";
    for (const el of this.#film.video.querySelectorAll("track")) el.remove();
    fill(this.el);
    this.#track = null;
    if (subtitle && this.#film.title) this.#open(subtitle, this.#film.title.id);
    this.button.classList.toggle("on", Boolean(subtitle));
    this.#draw();
  }

  /** @param {import("../core/types.js").Subtitle} subtitle @param {string} id */
  #open({ key, lang, label }, id) {
    const src = `/media/t/${encodeURIComponent(id)}/subtitles/${encodeURIComponent(key)}.vtt`;
    const el = h("track", { kind: "subtitles", srclang: lang, label, src });
    this.#film.video.append(el);
    const track = el.track;
    track.mode = "hidden";
    track.addEventListener("cuechange", () => this.#cues(track));
    this.#track = track;
    this.el.lang = lang;
  }

  /** @param {TextTrack} track */
  #cues(track) {
    if (track !== this.#track) return;
    const cues = /** @type {VTTCue[]} */ ([...(track.activeCues ?? [])]);
    fill(this.el, ...cues.map((cue) => h("p", {}, h("span", {}, cue.getCueAsHTML()))));
  }

  /** @param {string} size */
  #size(size) {
    remember("cueSize", size);
    this.el.dataset.size = size;
    this.#draw();
  }

  #draw() {
    const now = this.#track?.label;
    const one = (/** @type {string} */ text, /** @type {boolean} */ on, /** @type {() => void} */ onclick) =>
      h("button", { type: "button", class: "choice", "aria-pressed": String(on), onclick, text });
    fill(this.menu,
      h("p", { class: "menu-head", text: t("subtitles") }),
      one(t("off"), !this.#track, () => (remember("subtitles", null), this.#pick())),
      ...this.#list.map((s) => one(s.label || s.lang || language(), now === s.label, () => (remember("subtitles", s.lang), this.#pick(s)))),
      h("p", { class: "menu-head", text: t("textSize") }),
      h("div", { class: "choices" }, ...SIZES.map((s) => one(t(`size.${s}`), this.el.dataset.size === s, () => this.#size(s)))));
  }
}

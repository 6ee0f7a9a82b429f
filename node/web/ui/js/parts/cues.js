// The lines of the chosen subtitles, as the page shows them, so that they sit well on every screen.
// The browser reads them; size, place and time are the guest's own.

import { above, moved, shift } from "../core/cues.js";
import { fill, h } from "../core/dom.js";
import { recall, remember } from "../core/prefs.js";

/** @import {Subtitle} from "../core/types.js" */

export class Cues {
  el = h("div", { class: "cues", "aria-hidden": "true" });
  /** @type {TextTrack|null} */
  #track = null;
  #video;
  #title = "";
  /** Key of the subtitles that are shown. @type {string|undefined} */
  key;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
    this.el.dataset.size = recall("cueSize", "medium");
    this.el.dataset.place = recall("cuePlace", "bottom");
  }

  get size() {
    return this.el.dataset.size ?? "";
  }

  set size(size) {
    remember("cueSize", size);
    this.el.dataset.size = size;
  }

  get place() {
    return this.el.dataset.place ?? "";
  }

  set place(place) {
    remember("cuePlace", place);
    this.el.dataset.place = place;
  }

  /** Seconds that they are shown later than they were made for, in this film. @returns {number} */
  get late() {
    return recall("cueTimes", /** @type {Record<string, number>} */ ({}))[this.#title] ?? 0;
  }

  set late(seconds) {
    remember("cueTimes", moved(recall("cueTimes", {}), this.#title, seconds));
    this.#move();
  }

  /** @param {string} [title] @param {Subtitle} [subtitle] none: nothing is shown */
  show(title = "", subtitle) {
    if (this.#track) this.#track.mode = "disabled";
    for (const el of this.#video.querySelectorAll("track")) el.remove();
    fill(this.el);
    this.#track = null;
    this.#title = title;
    this.key = subtitle?.key;
    if (subtitle && !subtitle.drawn) this.#open(subtitle);
  }

  /** @param {Subtitle} subtitle */
  #open({ key, lang, label }) {
    const src = `/media/t/${encodeURIComponent(this.#title)}/subtitles/${encodeURIComponent(key)}.vtt`;
    const el = h("track", { kind: "subtitles", srclang: lang, label, src });
    this.#video.append(el);
    const track = el.track;
    track.mode = "hidden";
    track.addEventListener("cuechange", () => this.#cues(track));
    el.addEventListener("load", () => track === this.#track && this.#move());
    this.#track = track;
    this.el.lang = lang;
  }

  /** A browser that is paused does not look again which cues are due. */
  #move() {
    const cues = /** @type {VTTCue[]} */ ([...(this.#track?.cues ?? [])]);
    shift(cues, this.late);
    const now = this.#video.currentTime;
    this.#draw(cues.filter((cue) => cue.startTime <= now && now < cue.endTime));
  }

  /** @param {TextTrack} track */
  #cues(track) {
    if (track === this.#track) this.#draw(/** @type {VTTCue[]} */ ([...(track.activeCues ?? [])]));
  }

  /** @param {VTTCue[]} cues that are due */
  #draw(cues) {
    const lines = (/** @type {VTTCue[]} */ some) => some.map((cue) => h("p", {}, h("span", {}, cue.getCueAsHTML())));
    const high = lines(cues.filter(above));
    fill(this.el, high.length > 0 && h("div", { class: "cues-above" }, ...high), ...lines(cues.filter((cue) => !above(cue))));
  }
}

// The film's controls. Those who may drive, or ask the room to, have play, seek and the line to drag; everybody else sees
// the line, and has volume, subtitles and full screen.

import { bind, t } from "../i18n/index.js";
import { h, icon, iconButton } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { Jumps } from "../core/jumps.js";
import { recall, remember } from "../core/prefs.js";
import { Peek } from "./peek.js";

/** @import {Session} from "../core/session.js" */
/** @import {Film} from "./film.js" */
/** @import {Live} from "./live.js" */
/** @import {Listing} from "../core/listing.js" */

const JUMP = 10; // seconds
/** Seconds by key on the line itself. @type {Record<string, number>} */
const STEPS = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -60, PageUp: 60 };
const DRAWN = 250; // ms between drawings of the line

export class Controls {
  #session; #film; #jumps; #live;
  #dragging = false;
  #line = h("input", { type: "range", class: "line", min: "0", max: "1", step: "any", "aria-label": () => t("position") });
  #now = h("span", { class: "time", text: "0:00" });
  #length = h("span", { class: "time time-end", text: "0:00" });
  #name = h("span", { class: "grow title-line" }); // where the words under the film have no room
  #peek = new Peek();
  #loud = h("input", { type: "range", class: "loud", min: "0", max: "1", step: "0.05", "aria-label": () => t("volume") });

  /**
   * @param {{session: Session, film: Film, listing: Listing, live: Live}} world
   * @param {{subtitles: HTMLElement, tuning: HTMLElement, full: () => void, chat?: () => void}} others
   */
  constructor({ session, film, listing, live }, { subtitles, tuning, full, chat }) {
    this.#session = session;
    this.#film = film;
    this.#live = live;
    this.#jumps = new Jumps(session);
    this.listing = listing;
    this.play = this.#playButton();
    this.back = iconButton("back", () => t("back10"), () => this.jump(-JUMP));
    this.ahead = iconButton("ahead", () => t("ahead10"), () => this.jump(JUMP));
    this.mute = this.#muteButton();
    this.full = iconButton("full", () => t("full"), full, { class: "full" });
    this.chat = chat && iconButton("chat", () => t("showChat"), chat, { class: "chat-toggle" });
    this.el = h("div", { class: "controls", role: "group", "aria-label": () => t("filmControls") },
      h("div", { class: "line-row" }, this.#now, h("div", { class: "line-box" }, this.#line, this.#peek.el), live.el, this.#length),
      h("div", { class: "buttons" },
        h("div", { class: "drive" }, this.back, this.play, this.ahead),
        h("div", { class: "volume" }, this.mute, this.#loud),
        this.#name, subtitles, tuning, this.chat, this.full));
    this.#wire();
  }

  #playButton() {
    const button = h("button", { type: "button", class: "round play", onclick: () => this.toggle() }, icon("play"), icon("pause"));
    bind(button, () => this.#namePlay(button));
    return button;
  }

  /** @param {HTMLElement} [button] */
  #namePlay(button = this.play) {
    const name = t(this.#wanted ? "pause" : "play");
    button.setAttribute("aria-label", name);
    button.title = name;
  }

  #muteButton() {
    const button = h("button", { type: "button", class: "round", onclick: () => this.hush() }, icon("volume"), icon("silent"));
    bind(button, () => this.#nameMute(button));
    return button;
  }

  /** @param {HTMLElement} [button] */
  #nameMute(button = this.mute) {
    const { video } = this.#film;
    const silent = video.muted || this.#film.volume === 0;
    button.classList.toggle("silent", silent);
    button.setAttribute("aria-label", t(silent ? "unmute" : "mute"));
    button.title = t(silent ? "unmute" : "mute");
  }

  #wire() {
    const { video } = this.#film;
    this.#film.volume = recall("volume", 1);
    video.muted = recall("muted", false);
    this.#loud.addEventListener("input", () => {
      this.#film.volume = Number(this.#loud.value);
      video.muted = false;
    });
    video.addEventListener("volumechange", () => this.#volume());
    this.#volume();
    this.#line.addEventListener("pointerdown", () => (this.#dragging = true));
    this.#line.addEventListener("input", () => this.#drag());
    this.#line.addEventListener("change", () => this.#dropped());
    this.#line.addEventListener("keydown", (e) => this.#stepped(e));
    this.#line.addEventListener("pointerup", () => (this.#dragging = false));
    for (const name of ["pointerenter", "pointermove"]) this.#line.addEventListener(name, (e) => this.#hover(/** @type {PointerEvent} */ (e)));
    for (const name of ["pointerleave", "pointercancel", "change"]) this.#line.addEventListener(name, () => this.#peek.hide());
    this.#session.watch((s) => [s.timeline, s.members, s.policy, s.ended], perFrame(() => this.#state()));
    this.listing.on("changed", () => this.#state());
    this.#film.on("title", () => this.#state());
    setInterval(() => this.#draw(), DRAWN);
    this.#state();
  }

  #volume() {
    const { video } = this.#film;
    remember("volume", this.#film.volume);
    remember("muted", video.muted);
    const level = video.muted ? 0 : this.#film.volume;
    this.#loud.value = String(level);
    this.#loud.style.setProperty("--fill", String(level));
    this.#nameMute();
  }

  /** Whether people want the film to run: it does, or waits for its start. */
  get #wanted() {
    const { rate, hold } = this.#session.state.timeline;
    return Boolean(rate || hold);
  }

  /** What can be gone to, in seconds. */
  get #span() {
    const live = this.#live.span;
    return live ? { from: live.from, to: live.edge } : { from: 0, to: this.#duration };
  }

  /** How full the line is at a position, from 0 to 1. @param {number} at */
  #part(at) {
    const { from, to } = this.#span;
    return to > from ? Math.min(Math.max((at - from) / (to - from), 0), 1) : 0;
  }

  get #duration() {
    const { timeline } = this.#session.state;
    return timeline.length || this.listing.find(timeline.title)?.duration || this.#film.player.duration || 0;
  }

  #state() {
    const { timeline, ended } = this.#session.state;
    const drives = this.#session.steers;
    this.el.classList.toggle("drives", drives);
    this.el.classList.toggle("empty", !timeline.title || Boolean(ended));
    this.play.classList.toggle("running", this.#wanted);
    this.#line.disabled = !drives || !timeline.title;
    for (const b of [this.back, this.ahead, this.play]) b.hidden = !drives;
    this.#name.textContent = this.listing.find(timeline.title)?.title ?? "";
    this.#namePlay();
    this.#draw();
  }

  #draw() {
    const { from, to } = this.#span;
    const at = this.#session.state.timeline.title ? this.#jumps.wished ?? this.#film.position : 0;
    this.#length.textContent = clockTime(to);
    if (this.#dragging) return;
    this.#now.textContent = clockTime(at);
    this.#line.min = String(from);
    this.#line.max = String(to || 1);
    this.#line.value = String(at);
    this.#line.style.setProperty("--fill", String(this.#part(at)));
    this.#line.setAttribute("aria-valuetext", t("positionOf", { at: clockTime(at), of: clockTime(to) }));
  }

  #drag() {
    const at = Number(this.#line.value);
    this.#now.textContent = clockTime(at);
    this.#line.style.setProperty("--fill", String(this.#part(at)));
    if (this.#dragging) this.#peek.show(this.#title, at, this.#part(at));
  }

  get #title() {
    return this.listing.find(this.#session.state.timeline.title);
  }

  #dropped() {
    this.#dragging = false;
    this.#live.to(Number(this.#line.value), (at) => this.#jumps.to(at));
  }

  /** @param {KeyboardEvent} e */
  #stepped(e) {
    const step = STEPS[e.key];
    if (!step || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    this.jump(step);
  }

  /** @param {PointerEvent} e */
  #hover(e) {
    const { from, to } = this.#span;
    if (this.#dragging || e.pointerType === "touch" || to <= from) return;
    const box = this.#line.getBoundingClientRect();
    const part = Math.min(Math.max((e.clientX - box.left) / box.width, 0), 1);
    this.#peek.show(this.#title, from + part * (to - from), part);
  }

  toggle() {
    const { timeline } = this.#session.state;
    if (timeline.title && this.#session.steers) this.#session.wish(this.#wanted ? "pause" : "play");
  }

  /** @param {number} seconds */
  jump(seconds) {
    if (!this.#session.state.timeline.title || !this.#session.steers) return;
    const { from, to } = this.#span;
    this.#live.to(Math.min(Math.max((this.#jumps.wished ?? this.#film.position) + seconds, from), to || Infinity), (at) => this.#jumps.to(at));
    this.#draw();
  }

  hush() {
    const { video } = this.#film;
    if (this.#film.volume === 0) this.#film.volume = 0.6;
    else video.muted = !video.muted;
  }

  /** @param {number} by */
  louder(by) {
    const { video } = this.#film;
    video.muted = false;
    this.#film.volume = Math.round((this.#film.volume + by) * 20) / 20;
  }
}

// Bits: what somebody holds, a cheer with one tap, and how a cheer shines in the chat. Its sound is off until asked for.

import { subscriber } from "../core/badges.js";
import { TIERS, cheered, tier } from "../core/bits.js";
import { bdi, fill, h, icon } from "../core/dom.js";
import { amount, day } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { beside } from "../core/popover.js";
import { recall, remember } from "../core/prefs.js";
import { onLanguage, t } from "../i18n/index.js";
import { Subs } from "./subs.js";

/** @import {Session} from "../core/session.js" */

const OFFERED = [1, 100, 1000, 5000, 10000];
const NOTES = [523.25, 659.25, 783.99, 1046.5, 1318.5]; // Hz: C5, E5, G5, C6, E6; a higher tier plays more of them
const TOP = 3; // names shown
const NOTE = 0.09; // seconds from one to the next

/** A cheer as a jewel with its number. @param {number} bits */
export function jewel(bits) {
  const el = h("span", { class: "cheer", role: "img", "aria-label": t("bits", { n: bits, bits: amount(bits) }), title: t("bits", { n: bits, bits: amount(bits) }) }, icon("bit"), h("span", { text: amount(bits) }));
  el.dataset.tier = String(tier(bits));
  return el;
}

/** What a record's author gave the host with it. @param {Record<string, any>} record @returns {number} */
const spent = ({ said, subscribed, gifted }) => said?.bits ?? subscribed?.price ?? (gifted ? gifted.price * gifted.to.length : 0);

export class Bits {
  #session;
  #input;
  #own = h("p", { class: "bits-own" });
  #until = h("p", { class: "hint" });
  #weekly = h("p", { class: "hint" });
  #cost = h("p", { class: "bits-cost", role: "status" });
  #sound = h("button", { type: "button", class: "choice", text: () => t("cheerSound"), onclick: () => this.#soundOn(!recall("cheerSound", false)) });
  #top = h("p", { class: "top-cheers", hidden: true });
  /** @type {AudioContext|undefined} */
  #audio;

  /** @param {Session} session @param {HTMLInputElement} input where a line is written */
  constructor(session, input) {
    this.#session = session;
    this.#input = input;
    this.#sound.setAttribute("aria-pressed", String(recall("cheerSound", false)));
    const subs = new Subs(session);
    this.menu = h("div", { class: "menu bits-menu", popover: "auto", role: "group", "aria-label": () => t("cheer") }, this.#own, this.#until, this.#weekly,
      h("div", { class: "bits-offers" }, ...OFFERED.map((bits) => this.#offer(bits))),
      h("p", { class: "hint", text: () => t("cheerHow") }),
      h("button", { type: "button", class: "choice sub-open", onclick: () => (this.menu.hidePopover(), subs.open()) }, icon("sub3"), h("span", { text: () => t("subOpen") })),
      this.#sound);
    this.button = h("button", { type: "button", class: "round bits", "aria-label": () => t("cheer"), title: () => t("cheer"), "aria-haspopup": "true" }, icon("bit"));
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", () => beside(this.menu, this.button));
    this.cost = this.#cost;
    this.top = this.#top;
    input.addEventListener("input", () => this.tell());
    session.watch((s) => [s.members, s.policy], perFrame(() => this.#draw()));
    session.on("record", ({ record }) => this.#sing(spent(record)));
    onLanguage(() => this.#draw());
  }

  /** @param {number} bits */
  #offer(bits) {
    const el = h("button", { type: "button", class: "bits-offer", "aria-label": () => t("cheerBits", { n: bits, bits: amount(bits) }), onclick: () => this.#put(bits) }, icon("bit"), h("span", { text: () => amount(bits) }));
    el.dataset.tier = String(bits);
    return el;
  }

  get #least() {
    return this.#session.state.policy.least || 1;
  }

  get #held() {
    return this.#session.myself?.bits ?? 0;
  }

  #draw() {
    const me = this.#session.myself;
    this.#own.textContent = t(me?.role === "host" ? "bitsReceived" : "bitsOwn", { n: this.#held, bits: amount(this.#held) });
    const running = subscriber(me, this.#session.clock.now());
    this.#until.hidden = !running;
    this.#until.textContent = running ? t("subUntil", { day: day(me?.until ?? 0) }) : "";
    const { weekly } = this.#session.state.policy;
    this.#weekly.hidden = !weekly || me?.role === "host";
    this.#weekly.textContent = t("weekly", { bits: amount(weekly ?? 0) });
    for (const el of this.menu.querySelectorAll(".bits-offer")) {
      const bits = Number(/** @type {HTMLElement} */ (el).dataset.tier);
      el.toggleAttribute("disabled", me?.role === "host" || bits > this.#held || bits < this.#least);
    }
    this.#drawTop();
    this.tell();
  }

  /** Who has cheered most this evening. */
  #drawTop() {
    const most = Object.values(this.#session.state.members).filter((m) => m.cheered).sort((a, b) => (b.cheered ?? 0) - (a.cheered ?? 0)).slice(0, TOP);
    this.#top.hidden = most.length === 0;
    fill(this.#top, icon("bit"), t("topCheers"), ...most.flatMap((m, i) => [i ? ", " : " ", bdi(m.name), ` ${amount(m.cheered ?? 0)}`]));
  }

  /** Into the line that is being written: it cheers when it is sent. @param {number} bits */
  #put(bits) {
    const before = this.#input.value.trimEnd();
    this.#input.value = `${before}${before && " "}Cheer${bits} `;
    this.menu.hidePopover();
    this.#input.focus();
    this.tell();
  }

  /** What the line costs, before it is sent. */
  tell() {
    const bits = cheered(this.#input.value);
    this.#cost.hidden = bits === 0;
    const short = bits < this.#least ? "cheerLeast" : bits > this.#held ? "cheerShort" : "";
    this.#cost.dataset.short = String(Boolean(short));
    this.#cost.textContent = bits ? t(short || "cheerCosts", { bits: amount(bits), least: amount(this.#least), left: amount(this.#held - bits), held: amount(this.#held) }) : "";
  }

  /** @param {boolean} on */
  #soundOn(on) {
    remember("cheerSound", on);
    this.#sound.setAttribute("aria-pressed", String(on));
    this.#sing(100);
  }

  /** A few soft notes, if somebody wants to hear them. @param {number} bits */
  #sing(bits) {
    if (!bits || !recall("cheerSound", false)) return;
    this.#audio ??= new AudioContext();
    const count = NOTES.length - TIERS.indexOf(tier(bits));
    for (let i = 0; i < count; i++) {
      const at = this.#audio.currentTime + i * NOTE;
      const loud = new GainNode(this.#audio, { gain: 0 });
      loud.gain.setValueAtTime(0.06, at);
      loud.gain.exponentialRampToValueAtTime(0.0005, at + 0.5);
      const tone = new OscillatorNode(this.#audio, { type: "sine", frequency: NOTES[i] });
      tone.connect(loud).connect(this.#audio.destination);
      tone.start(at);
      tone.stop(at + 0.5);
    }
  }
}

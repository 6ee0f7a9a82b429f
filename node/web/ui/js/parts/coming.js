// The next episode: a card with a countdown that everybody sees. The house begins it; who may drive
// can begin it at once, or say that it shall not come.

import { fill, h } from "../core/dom.js";
import { onLanguage, t } from "../i18n/index.js";
import { cover } from "./cover.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */

const DRAWN = 250; // ms between looks at the clock
const WHOLE = 10000; // ms that a countdown takes, as the house has it

export class Coming {
  #session; #listing;
  #cover = h("div", { class: "coming-cover" });
  #name = h("p", { class: "held-title" });
  #facts = h("p", { class: "held-why" });
  #count = h("p", { class: "held-when" });
  #said = h("p", { class: "unseen", role: "status" });
  #line = h("div", { class: "held-line", "aria-hidden": "true" }, h("span"));
  #now = h("button", { type: "button", class: "small held-go", onclick: () => this.#begin(), text: () => t("coming.now") });
  #stay = h("button", { type: "button", class: "small", onclick: () => this.#session.wish("stay"), text: () => t("coming.stay") });
  #choice = h("div", { class: "coming-choice" }, this.#stay, this.#now);
  #beat = 0;
  #shown = "";

  /** @param {{session: Session, listing: Listing}} world */
  constructor({ session, listing }) {
    this.#session = session;
    this.#listing = listing;
    this.card = h("section", { class: "held-card coming-card", "aria-label": () => t("nextEpisode"), hidden: true, ondblclick: (/** @type {Event} */ e) => e.stopPropagation() },
      h("div", { class: "coming-what" }, this.#cover, h("div", { class: "held-words" }, h("p", { class: "eyebrow", text: () => t("nextEpisode") }), this.#name, this.#facts)),
      h("div", { class: "held-foot" }, this.#count, this.#choice), this.#line);
    this.el = h("div", { class: "held coming" }, this.#said, this.card);
    session.watch((s) => [s.coming, s.timeline, s.members, s.policy, s.ended], () => this.#look());
    listing.on("changed", () => this.#look());
    onLanguage(() => this.#look());
  }

  #look() {
    const { coming, ended, timeline } = this.#session.state;
    clearInterval(this.#beat);
    this.card.hidden = !coming || Boolean(ended) || timeline.rate > 0; // a track that follows at once has no countdown
    if (!coming || this.card.hidden) {
      this.#said.textContent = this.#shown = "";
      return;
    }
    const title = this.#listing.find(coming.title) ?? { id: coming.title, title: this.#listing.name(coming.title) };
    fill(this.#cover, cover(title));
    this.#name.textContent = title.title;
    this.#facts.textContent = "season" in title ? t("episodeShort", { s: title.season ?? 1, e: title.episode ?? 1 }) : "";
    this.#choice.hidden = !this.#session.may("drive");
    this.#say(title.title);
    this.#beat = setInterval(() => this.#tick(), DRAWN);
    this.#tick();
  }

  /** Said once, not with every second. @param {string} name */
  #say(name) {
    const key = `${name} ${document.documentElement.lang}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#said.textContent = `${t("nextEpisode")}: ${name}. ${this.#in(this.#left())}`;
  }

  #begin() {
    const { coming } = this.#session.state;
    if (coming) this.#session.wish("cue", { title: coming.title, play: true });
  }

  #left() {
    return Math.max((this.#session.state.coming?.at ?? 0) - this.#session.clock.now(), 0);
  }

  /** @param {number} ms */
  #in(ms) {
    return t("coming.in", { n: Math.ceil(ms / 1000) });
  }

  #tick() {
    const left = this.#left();
    const text = this.#in(left);
    if (this.#count.textContent !== text) this.#count.textContent = text;
    this.#line.style.setProperty("--left", String(Math.min(left / WHOLE, 1)));
  }
}

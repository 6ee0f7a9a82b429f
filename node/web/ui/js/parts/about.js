// What is on, in words, under the film; in the document's title and on the lock screen of a phone.

import { fill, h } from "../core/dom.js";
import { facts } from "../core/format.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Controls} from "./controls.js" */

export class About {
  el = h("section", { class: "about", "aria-label": () => t("onNow") });
  #session; #listing; #controls;

  /** @param {{session: Session, listing: Listing}} world @param {Controls} controls */
  constructor({ session, listing }, controls) {
    this.#session = session;
    this.#listing = listing;
    this.#controls = controls;
    session.watch((s) => [s.name, s.timeline.title], () => this.#draw());
    listing.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
    this.#media();
  }

  #draw() {
    const { timeline, name } = this.#session.state;
    const title = this.#listing.find(timeline.title);
    const episode = title?.series ? t("episodeShort", { s: title.season ?? 1, e: title.episode ?? 1 }) : "";
    document.title = [title?.title, name, "watchparty"].filter(Boolean).join(" · ");
    this.el.hidden = !title;
    if (!title) return;
    fill(this.el, title.seriesTitle && h("p", { class: "eyebrow", text: `${title.seriesTitle} · ${episode}` }),
      h("h1", { text: title.title }), h("p", { class: "about-facts", text: facts(title) }),
      title.synopsis && h("p", { class: "synopsis", text: title.synopsis }));
    this.#lockScreen(title);
  }

  /** @param {import("../core/types.js").Title} title */
  #lockScreen(title) {
    if (!("mediaSession" in navigator)) return;
    const artwork = title.poster && title.allowed ? [{ src: new URL(title.poster, location.href).href }] : [];
    navigator.mediaSession.metadata = new MediaMetadata({ title: title.title, artist: title.seriesTitle || this.#session.state.name, album: "watchparty", artwork });
  }

  /** The keys of a headset wish like everybody else's buttons. */
  #media() {
    if (!("mediaSession" in navigator)) return;
    const running = () => Boolean(this.#session.state.timeline.rate || this.#session.state.timeline.hold);
    /** @type {[MediaSessionAction, () => void][]} */
    const actions = [
      ["play", () => !running() && this.#controls.toggle()], ["pause", () => running() && this.#controls.toggle()],
      ["seekbackward", () => this.#controls.jump(-10)], ["seekforward", () => this.#controls.jump(10)],
    ];
    for (const [action, act] of actions) {
      try {
        navigator.mediaSession.setActionHandler(action, act);
      } catch {
        // Not every browser knows every key.
      }
    }
  }
}

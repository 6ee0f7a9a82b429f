// What is on, in words, under the film; in the document's title and on the lock screen of a phone.

import { fill, h } from "../core/dom.js";
import { facts } from "../core/format.js";
import { entitle } from "../core/title.js";
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
    entitle([title?.title, name, "watchparty"].filter(Boolean).join(" · "));
    this.el.hidden = !title;
    if (!title) return;
    const whose = title.seriesTitle ? `${title.seriesTitle} · ${episode}` : [title.artist, title.albumTitle].filter(Boolean).join(" · ");
    fill(this.el, (title.live || title.kind === "sport") && h("p", { class: "eyebrow", text: t(`one.${title.kind}`) }), whose && h("p", { class: "eyebrow", text: whose }),
      h("h1", { text: title.title }), h("p", { class: "about-facts", text: facts(title) }),
      title.synopsis && h("p", { class: "synopsis", text: title.synopsis }));
    this.#lockScreen(title);
  }

  /** @param {import("../core/types.js").Title} title */
  #lockScreen(title) {
    if (!("mediaSession" in navigator)) return;
    const poster = title.poster || this.#listing.album(title.album)?.poster;
    const artwork = poster && title.allowed ? [{ src: new URL(poster, location.href).href }] : [];
    navigator.mediaSession.metadata = new MediaMetadata({ title: title.title, artist: title.artist || title.seriesTitle || this.#session.state.name, album: title.albumTitle || "watchparty", artwork });
  }

  /** Another track of the album that is on. @param {number} by */
  #track(by) {
    const { title } = this.#session.state.timeline;
    const all = this.#listing.album(this.#listing.find(title)?.album)?.tracks ?? [];
    const other = all[all.findIndex((x) => x.id === title) + by];
    if (other && this.#session.may("drive")) this.#session.wish("cue", { title: other.id, play: true });
  }

  /** The keys of a headset wish like everybody else's buttons. */
  #media() {
    if (!("mediaSession" in navigator)) return;
    const running = () => Boolean(this.#session.state.timeline.rate || this.#session.state.timeline.hold);
    /** @type {[MediaSessionAction, () => void][]} */
    const actions = [
      ["play", () => !running() && this.#controls.toggle()], ["pause", () => running() && this.#controls.toggle()],
      ["previoustrack", () => this.#track(-1)], ["nexttrack", () => this.#track(1)],
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

// What is live: the sign that says so and how far behind the party is, the way to the edge for all
// together, and a sentence when the source gives nothing.

import { h } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { NEAR, span } from "../core/live.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Film} from "./film.js" */

const LOOKED = 500; // ms between looks at the clock
const MISSED = 15; // seconds behind the edge from which on a silent source is not seen yet
/** What is worth a sentence. @type {Record<string, string>} */
const SENTENCES = { opening: "live.opening", silent: "live.silent", gone: "live.gone", full: "live.full" };

export class Live {
  #session; #film; #listing;
  #late = h("span", { class: "time live-late" });
  #button = h("button", { type: "button", class: "live-sign", onclick: () => this.#session.wish("live") }, h("span", { class: "live-dot", "aria-hidden": "true" }), h("span", { text: () => t("live") }));
  #text = h("p", { class: "missed-text", role: "status" });
  note = h("div", { class: "note live-note", hidden: true }, this.#text);
  el = h("div", { class: "live", hidden: true }, this.#late, this.#button);

  /** @param {{session: Session, film: Film, listing: Listing}} world */
  constructor({ session, film, listing }) {
    this.#session = session;
    this.#film = film;
    this.#listing = listing;
    session.watch((s) => [s.timeline, s.members, s.policy, s.ended], () => this.#draw());
    listing.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
    setInterval(() => this.#draw(), LOOKED);
  }

  /** What can be watched now of what is on; undefined where that is not live. */
  get span() {
    const { timeline, ended } = this.#session.state;
    return ended ? undefined : span(this.#listing.find(timeline.title), this.#session.clock.now());
  }

  /** Goes to a place, or to the edge where it lies there. @param {number} seconds @param {(seconds: number) => void} seek */
  to(seconds, seek) {
    const { edge } = this.span ?? { edge: Infinity };
    if (seconds > edge - 1) this.#session.wish("live");
    else seek(seconds);
  }

  #draw() {
    const { span: now } = this;
    this.el.hidden = !now;
    const behind = now ? now.edge - this.#film.position : 0;
    const near = behind < NEAR;
    const drives = this.#session.may("drive");
    this.el.classList.toggle("near", near);
    put(this.#late, near ? "" : `−${clockTime(behind)}`);
    this.#button.disabled = !drives || (near && this.#session.state.timeline.rate > 0);
    this.#button.setAttribute("aria-label", t(this.#button.disabled ? "live" : "toLive"));
    this.#button.title = this.#button.disabled ? "" : t("toLive");
    const { state = "" } = this.#listing.find(this.#session.state.timeline.title)?.live ?? {};
    const say = now && this.#film.title && (behind < MISSED || state === "full") && SENTENCES[state];
    this.note.hidden = !say;
    put(this.#text, say ? t(say) : "");
  }
}

/** @param {HTMLElement} el @param {string} text */
function put(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

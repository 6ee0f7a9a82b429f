// The chat in film time: who is behind reads a line when they come to it, and is told quietly how many wait.

import { chatTime } from "../core/chattime.js";
import { h } from "../core/dom.js";
import { Emitter } from "../core/emitter.js";
import { FilmTime, SLACK } from "../core/filmtime.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Message} from "../core/types.js" */
/** @import {Film} from "./film.js" */

const LOOKED = 250; // ms between looks
const SEES = ["playing", "paused", "waiting", "seeking"]; // what a screen does whose player says where its viewer is
const HELD = 100; // reactions that wait
const MARKED = 2000; // lines on the page that could be taken off it

/** @extends {Emitter<{show: {line: Message, quiet: boolean}, hide: Message}>} */
export class Reached extends Emitter {
  /** @type {Map<string, HTMLElement>} by the line's evening and place in the log */
  #els = new Map();
  #lines = new FilmTime();
  /** @type {{at: number, title: string|undefined, then: () => void}[]} */
  #held = [];
  #session; #film; #listing;
  #words = h("span", { class: "ahead-words" });
  hint = h("p", { class: "ahead", hidden: true }, this.#words, h("button", { type: "button", class: "small", onclick: () => (chatTime.asWritten = true), text: () => t("ahead.read") }));

  /** @param {{session: Session, film: Film, listing: Listing}} world */
  constructor({ session, film, listing }) {
    super();
    this.#session = session;
    this.#film = film;
    this.#listing = listing;
    setInterval(() => this.#look(), LOOKED);
    for (const name of /** @type {("behind"|"title"|"doing")[]} */ (["behind", "title", "doing"])) film.on(name, () => this.#look());
    chatTime.on("changed", () => this.#look());
    onLanguage(() => this.#tell());
  }

  /** Seconds of the film that this viewer sees. */
  get at() {
    const { film } = { film: this.#film };
    const player = SEES.includes(film.doing) && film.player.readyState > 0;
    return player ? film.player.currentTime : film.position - film.behind;
  }

  /** Whether this viewer sees the film that is on; before the list is there it is thought so. */
  get #title() {
    const { title, trouble } = this.#film;
    return this.#listing.loaded ? (trouble ? undefined : title?.id) : this.#session.state.timeline.title;
  }

  get #place() {
    return { title: this.#title, at: this.at, me: this.#session.me.member, asWritten: chatTime.asWritten };
  }

  /** Seconds that this viewer is behind the others; 0 for who is with them. */
  get late() {
    const late = this.#film.position - this.at;
    return this.#title && late > SLACK ? late : 0;
  }

  /** Where a line belongs that is said here: nothing for who is with the others. */
  get said() {
    return this.late ? { pos: Math.max(Math.round(this.at * 1000) / 1000, 0.001) } : {};
  }

  /** Whether a line waits until the film has come to it. @param {Message} line */
  waits(line) {
    const waits = this.#lines.waits(line, this.#place);
    if (waits) this.#tell();
    return waits;
  }

  /** @param {Message} line @param {HTMLElement} el that shows it */
  drawn(line, el) {
    this.#els.delete(keyOf(line));
    this.#els.set(keyOf(line), el);
    if (this.#els.size > MARKED) this.#els.delete(this.#els.keys().next().value ?? "");
  }

  /** A line was deleted. @param {number} seq */
  erase(seq) {
    this.#lines.erase(seq);
  }

  /** Does something when this viewer has come to where the others are now. @param {() => void} then */
  later(then) {
    if (!this.late || chatTime.asWritten) return then();
    this.#held.push({ at: this.#film.position, title: this.#title, then });
    if (this.#held.length > HELD) this.#held.shift();
  }

  /** Lines of an evening that is past, which come with the film. @param {Message[]} lines */
  add(lines) {
    this.#lines.add(lines);
    this.#look();
  }

  /** The page draws all lines anew. */
  again() {
    this.#lines.again();
    this.#els.clear();
    this.#tell();
  }

  /** Forgets lines, and takes them off the page. @param {(line: Message) => boolean} which */
  drop(which) {
    for (const line of this.#lines.drop(which)) this.#remove(line);
    this.#tell();
  }

  /** @param {Message} line */
  #remove(line) {
    this.#els.get(keyOf(line))?.remove();
    this.#els.delete(keyOf(line));
  }

  #look() {
    const place = this.#place;
    const { hide, show } = this.#lines.look(place);
    for (const line of hide) {
      this.#remove(line);
      this.emit("hide", line);
    }
    for (const one of show) this.emit("show", one);
    if (hide.length || show.length) this.#tell();
    if (!this.#held.length) return;
    const due = this.#held.filter((x) => x.title === place.title && x.at <= place.at + SLACK);
    this.#held = this.#held.filter((x) => x.title === place.title && x.at > place.at + SLACK);
    for (const { then } of due) then();
  }

  #tell() {
    const n = this.#lines.count;
    this.hint.hidden = n === 0;
    const words = n ? t("ahead", { n }) : "";
    if (this.#words.textContent !== words) this.#words.textContent = words;
  }
}

/** @param {Message} line */
const keyOf = (line) => `${line.evening ?? ""}/${line.seq}`;

/** The viewer's choice. */
export function chatTimeChoice() {
  const buttons = [false, true].map((asWritten) => h("button", { type: "button", class: "choice", onclick: () => (chatTime.asWritten = asWritten), text: () => t(asWritten ? "chatTime.written" : "chatTime.film") }));
  const mark = () => buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(chatTime.asWritten === Boolean(i))));
  mark();
  chatTime.on("changed", mark);
  return h("div", { class: "field" }, h("span", { class: "label", text: () => t("chat") }), h("div", { class: "choices", role: "group", "aria-label": () => t("chat") }, ...buttons));
}

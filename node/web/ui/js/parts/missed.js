// For who was late: what they missed, for a moment, and the way back to it; and, while they stay
// behind the others by choice, how far, and the way to them.

import { h, iconButton } from "../core/dom.js";
import { runningTime } from "../core/format.js";
import { Loss } from "../core/loss.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Film} from "./film.js" */
/** @import {PartyRecord} from "../core/types.js" */

const STANDS = 12000; // ms
const LOOKED = 250; // ms between looks while something is missing
const ELSEWHERE = ["cue", "seek", "live", "end", "resume"]; // nobody wants what was before

export class Missed {
  #session; #film;
  #loss = new Loss();
  #doing = "idle";
  #from = 0;
  #ends = 0;
  #missed = 0;
  #text = h("p", { class: "missed-text", role: "status" });
  #see = h("button", { type: "button", class: "small", onclick: () => this.#stay() });
  #behind = h("span", { class: "behind-text" });

  /** @param {Session} session @param {Film} film */
  constructor(session, film) {
    this.#session = session;
    this.#film = film;
    this.notice = h("div", { class: "note missed" }, this.#text, this.#see, iconButton("close", () => t("dismiss"), () => this.#dismiss(), { class: "quiet" }));
    this.pill = h("div", { class: "note behind", hidden: true, role: "group", "aria-label": () => t("behindLabel") }, this.#behind,
      h("button", { type: "button", class: "small", onclick: () => (film.behind = 0), text: () => t("catchUp") }));
    this.#dismiss();
    film.on("doing", (doing) => this.#happened(doing));
    film.on("behind", () => this.#draw());
    session.on("record", ({ record, kind }) => kind === "timed" && this.#timed(record));
    film.on("title", (title) => title || this.#loss.forget());
    film.on("trouble", (trouble) => trouble && this.#loss.forget());
    setInterval(() => this.#look(), LOOKED);
    onLanguage(() => this.#draw());
  }

  /** Seconds of the film that this screen ought to show. */
  get #target() {
    return this.#film.position - this.#film.behind;
  }

  /** @param {string} doing */
  #happened(doing) {
    if (this.#doing === "playing" && doing === "waiting") this.#loss.dry(this.#film.player.currentTime);
    this.#doing = doing;
    this.#look();
  }

  /** @param {PartyRecord} record */
  #timed({ timed }) {
    if (ELSEWHERE.includes(timed.why)) {
      this.#loss.forget();
      this.#dismiss();
    }
    if (timed.rate) this.#loss.dry(Math.max(timed.pos - this.#film.behind, 0)); // whoever is ready has lost nothing then
  }

  #look() {
    const lost = this.#loss.look(this.#film.doing, this.#film.player.currentTime, this.#target);
    if (lost) this.#tell(lost);
    if (this.notice.hidden) return;
    if (this.notice.matches(":hover, :focus-within")) this.#ends = Math.max(this.#ends, performance.now() + 2000);
    if (performance.now() > this.#ends) this.#dismiss();
    else this.#offer();
  }

  /** @param {{from: number, missed: number}} lost */
  #tell({ from, missed }) {
    this.#from = from;
    this.#missed = missed;
    this.#ends = performance.now() + STANDS;
    this.notice.hidden = false;
    this.#draw();
  }

  /** How far behind is where it stopped: further with every second. */
  get #back() {
    return Math.max(this.#film.position - this.#from, 0);
  }

  #offer() {
    const text = t("missed.see", { time: runningTime(Math.round(this.#back)) });
    if (this.#see.textContent !== text) this.#see.textContent = text;
  }

  #draw() {
    const { behind } = this.#film;
    this.pill.hidden = !behind;
    this.#behind.textContent = behind ? t("behind", { time: runningTime(Math.max(Math.round(behind), 1)) }) : "";
    if (this.notice.hidden) return;
    this.#text.textContent = t("missed", { time: runningTime(Math.round(this.#missed)) });
    this.#offer();
  }

  #stay() {
    this.#film.behind = this.#back;
    this.#dismiss();
  }

  #dismiss() {
    this.notice.hidden = true;
    this.#text.textContent = "";
  }
}

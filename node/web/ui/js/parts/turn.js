// What is said over the film while it does not come: that it catches up, that the host's machine
// converts it, or how many conversions come before and about how long that takes.

import { fill, h } from "../core/dom.js";
import { runningTime } from "../core/format.js";
import { turnAt } from "../core/pieces.js";
import { t } from "../i18n/index.js";

/** @import {Film} from "./film.js" */
/** @import {Turn as Turned} from "../core/pieces.js" */

const PATIENT = 900; // ms until waiting is worth a word
const ASKED = 2000; // ms between questions when the turn comes
const STEP = 5; // seconds in which a guess is told

/** @param {Turned} turn @returns {string} */
export function turnWords({ before, seconds }) {
  if (!before) return t("converting");
  const about = seconds && t("turn.about", { time: runningTime(Math.ceil(seconds / STEP) * STEP) });
  return [t("turn", { n: before }), about].filter(Boolean).join(" · ");
}

export class Turn {
  #film;
  #timer = 0;
  #waits = 0; // how often it has waited
  #told = "";
  /** What comes first, in words, while something does. */
  first = "";
  el = h("p", { class: "waiting", role: "status", hidden: true });

  /** @param {Film} film */
  constructor(film) {
    this.#film = film;
    film.on("doing", (doing) => this.#doing(doing));
  }

  /** @param {string} doing */
  #doing(doing) {
    clearTimeout(this.#timer);
    this.#waits++;
    this.el.hidden = true;
    this.#told = this.first = "";
    if (doing === "waiting" || doing === "seeking") this.#timer = setTimeout(() => this.#look(this.#waits), PATIENT);
  }

  /** @param {number} wait the one that is looked at */
  async #look(wait) {
    const { title, trouble, lacks, source } = this.#film;
    if (!title || trouble) return;
    if (lacks === "convert") {
      if (!this.#told) this.#tell(t("converting"));
      const turn = await turnAt(await source.blamed());
      if (wait !== this.#waits) return;
      this.first = turn.before ? turnWords(turn) : "";
      this.#tell(turnWords(turn));
    } else this.#tell(t("buffering"));
    this.#timer = setTimeout(() => this.#look(wait), ASKED);
  }

  /** @param {string} words */
  #tell(words) {
    if (words !== this.#told) fill(this.el, h("span", { class: "breath", "aria-hidden": "true" }), words);
    this.#told = words;
    this.el.hidden = false;
  }
}

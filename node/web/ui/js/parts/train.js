// The hype train: its level, how full that is, and how long it still runs; after its end, for a moment how far it came.

import { h, icon } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { TRAIN, fullness } from "../core/train.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

const DRAWN = 500; // ms between looks at the clock
const STANDS = 15000; // ms after its end

export class Train {
  #session;
  #words = h("span", { class: "train-words" });
  #left = h("span", { class: "train-left" });
  #bar = h("div", { class: "meter", "aria-hidden": "true" }, h("span"));
  #said = h("p", { class: "unseen", role: "status" });
  #beat = 0;
  #box = h("section", { class: "train", "aria-label": () => t("train"), hidden: true }, h("p", { class: "train-line" }, icon("train"), this.#words, this.#left), this.#bar);
  el = h("div", { class: "train-place" }, this.#said, this.#box);

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    session.watch((s) => [s.train, s.ended], perFrame(() => this.#draw()));
    onLanguage(() => this.#draw());
  }

  #draw() {
    const { train, ended } = this.#session.state;
    const left = train && !ended ? train.until - this.#session.clock.now() : -STANDS;
    const shown = left > -STANDS;
    this.#box.hidden = !shown;
    if (shown !== Boolean(this.#beat)) {
      clearInterval(this.#beat);
      this.#beat = shown ? setInterval(() => this.#draw(), DRAWN) : 0;
    }
    if (!train || !shown) return put(this.#said, "");
    const words = left > 0 ? t("trainLevel", { level: train.level }) : t("trainOver", { level: train.level });
    put(this.#words, words);
    put(this.#said, words);
    put(this.#left, left > 0 ? clockTime(left / 1000) : "");
    this.#box.classList.toggle("is-over", left <= 0);
    this.#bar.style.setProperty("--full", String(fullness(train)));
    this.#box.style.setProperty("--left", String(Math.max(left, 0) / TRAIN));
  }
}

/** @param {HTMLElement} el @param {string} text */
function put(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

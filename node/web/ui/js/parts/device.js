// Bringing another device in as the same person: a QR code, and a short code to type at the door. Good once, for five minutes.

import { post } from "../core/api.js";
import { copyField } from "../core/copy.js";
import { fill, h, icon } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { qr } from "../core/qr.js";
import { onLanguage, refusal, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

const TICK = 500; // ms between looks at the clock

export class Device {
  #session; #whose;
  /** @type {{link: string, code: string, expires: number, qr: string[]}|null} */
  #made = null;
  #beat = 0;
  #place = h("div", { class: "device-made", role: "status" });
  #left = h("p", { class: "hint" });
  el;

  /** @param {Session} session @param {() => string|undefined} [whose] on the desk; else one's own */
  constructor(session, whose = () => undefined) {
    this.#session = session;
    this.#whose = whose;
    this.el = h("div", { class: "field device" }, h("button", { type: "button", class: "plain", onclick: () => this.#make() }, icon("plus"), h("span", { text: () => t("device.link") })), this.#place);
    onLanguage(() => this.#draw());
  }

  /** What was made is not shown any more. */
  forget() {
    this.#made = null;
    this.#draw();
  }

  async #make() {
    try {
      this.#made = await post("/api/link", { member: this.#whose() });
      this.#draw();
    } catch (no) {
      this.#made = null;
      this.#draw();
      fill(this.#place, h("p", { class: "trouble", text: refusal(/** @type {any} */ (no)) }));
    }
    this.#place.scrollIntoView({ block: "nearest" });
  }

  #draw() {
    clearInterval(this.#beat);
    const made = this.#made;
    if (!made) return fill(this.#place);
    fill(this.#place, h("div", { class: "qr-frame small-qr" }, qr(made.qr, t("device.qr"))),
      h("div", { class: "device-words" }, h("p", { text: t(this.#whose() ? "device.leadFor" : "device.lead") }),
        h("p", { class: "device-code", "aria-label": t("device.code"), text: made.code.replace(/^(....)(....)$/, "$1 $2") }), this.#left),
      copyField(made.link, t("link")));
    this.#tick();
    this.#beat = setInterval(() => this.#tick(), TICK);
  }

  #tick() {
    const left = ((this.#made?.expires ?? 0) - this.#session.clock.now()) / 1000;
    if (left <= 0) return this.forget();
    this.#left.textContent = t("device.left", { time: clockTime(left + 0.5) });
  }
}

// Who is writing just now: one by name, two by name, more as several. And telling the others that oneself is.

import { fill, h } from "../core/dom.js";
import { rich, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

const STANDS = 3500; // ms

export class Typing {
  #session; #input;
  #told = 0;
  /** @type {Map<string, any>} */
  #who = new Map();
  el = h("p", { class: "typing-line", "aria-live": "off" });

  /** @param {Session} session @param {HTMLInputElement} input */
  constructor(session, input) {
    this.#session = session;
    this.#input = input;
    input.addEventListener("input", () => this.#tell());
    session.on("signal", (s) => "typing" in s && this.#types(s.by ?? ""));
    session.on("record", ({ kind, record }) => kind === "said" && this.#ends(record.by ?? ""));
  }

  /** What was written is sent: the next letter is told at once. */
  sent() {
    this.#told = 0;
  }

  #tell() {
    const now = Date.now();
    const { value } = this.#input;
    if (!value || value.startsWith("/") || now - this.#told < STANDS - 500) return;
    this.#told = now;
    this.#session.signal("typing");
  }

  /** @param {string} by */
  #types(by) {
    if (!by || by === this.#session.me.member) return;
    clearTimeout(this.#who.get(by));
    this.#who.set(by, setTimeout(() => this.#ends(by), STANDS));
    this.#draw();
  }

  /** @param {string} by */
  #ends(by) {
    clearTimeout(this.#who.get(by));
    if (this.#who.delete(by)) this.#draw();
  }

  #draw() {
    const [name, other, ...more] = [...this.#who.keys()].map((id) => this.#session.state.members[id]?.name).filter(Boolean);
    if (!name) return fill(this.el);
    fill(this.el, ...(more.length ? [t("severalTyping")] : other ? rich("twoTyping", { name, other }) : rich("isTyping", { name })));
  }
}

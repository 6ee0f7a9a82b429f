// Lines that begin with a slash: what they do, their help, and why one was not done.

import { offered, outcome } from "../core/commands.js";
import { h } from "../core/dom.js";
import { t } from "../i18n/index.js";
import { begun } from "./complete.js";

/** @import {Session} from "../core/session.js" */

/** @param {string} name */
const shape = (name) => [`/${name}`, t(`cmd.${name}.args`)].filter(Boolean).join(" ");

/** What a command is for, after its name. @param {Session} session @returns {import("./complete.js").Source} */
export const slashes = (session) => (before) => {
  const found = begun(before, /^(\/)([a-z]*)$/i);
  if (!found) return null;
  const fits = offered(session).filter((name) => name.startsWith(found.word.toLowerCase()));
  return { from: 0, offers: fits.map((name) => ({ put: `/${name} `, words: [h("span", { class: "offer-command", text: shape(name) }), h("span", { class: "offer-what", text: t(`cmd.${name}`) })] })) };
};

export class Commands {
  #session; #append;
  note = h("p", { class: "trouble say-note", role: "alert" });

  /** @param {Session} session @param {HTMLInputElement} input @param {(line: HTMLElement) => void} append a line that only this viewer sees */
  constructor(session, input, append) {
    this.#session = session;
    this.#append = append;
    input.addEventListener("input", () => (this.note.textContent = ""));
  }

  /**
   * What is to be said of a line; null: nothing any more; false: it cannot be done, and the note says why.
   * @param {string} text @param {number} re the line that is answered
   */
  run(text, re) {
    const done = outcome(text, this.#session, re);
    if ("no" in done) {
      this.note.textContent = t(done.no, done.params);
      return false;
    }
    if ("say" in done) return done.say;
    if ("help" in done) this.#append(this.#help());
    else this.#session.wish(done.wish, done.body);
    return null;
  }

  #help() {
    return h("div", { class: "event help" }, h("p", { text: t("cmd.lead") }),
      h("dl", {}, ...offered(this.#session).flatMap((name) => [h("dt", { text: shape(name) }), h("dd", { text: t(`cmd.${name}`) })])));
  }
}

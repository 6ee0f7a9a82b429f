// At the door: the host lets newcomers in one by one, and this one waits. It asks again by itself.

import { h } from "../core/dom.js";
import { post } from "../core/api.js";
import { t } from "../i18n/index.js";

/** @import {Me} from "../core/types.js" */

const AGAIN = 2000; // ms between questions

/**
 * Waits in the place of the door's form.
 * @param {HTMLElement} form
 * @param {HTMLElement} lead the words above it
 * @param {any} request what was asked at the door, and is asked again
 * @returns {Promise<Me|{code: string, reason: string}|null>} who is in, or why not; null: they went away
 */
export function waitAtDoor(form, lead, request) {
  const was = lead.textContent;
  let gone = false;
  /** @type {() => void} */
  let wake = () => {};
  const el = h("div", { class: "at-door" }, h("p", { class: "at-door-lamp", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    h("p", { class: "at-door-words", role: "status", text: () => t("atDoor", { name: request.name }) }),
    h("button", { type: "button", class: "plain", text: () => t("atDoorLeave"), onclick: () => ((gone = true), wake()) }));
  form.hidden = true;
  lead.textContent = "";
  form.after(el);
  const over = (/** @type {any} */ what) => {
    el.remove();
    form.hidden = false;
    lead.textContent = was;
    return what;
  };
  return (async () => {
    for (;;) {
      await new Promise((done) => {
        wake = () => done(null);
        setTimeout(done, AGAIN);
      });
      if (gone) return over(null);
      const answer = await post("/api/join", request).catch((no) => no);
      if (answer.token) return over(answer);
      const away = answer.status === 0 || answer.status >= 500; // the host is away: it knows again whom it had
      if (!away && answer.code !== "WP-WAIT") return over(answer);
    }
  })();
}

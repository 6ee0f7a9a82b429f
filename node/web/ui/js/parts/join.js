// The door: a name, and a PIN for those who came without a link.

import { h, icon } from "../core/dom.js";
import { keepToken, post } from "../core/api.js";
import { recall, remember } from "../core/prefs.js";
import { refusal, t } from "../i18n/index.js";
import { languageSwitch } from "./language.js";

/** @import {Me} from "../core/types.js" */

/**
 * Asks until somebody is let in.
 * @param {string} secret from the link, or empty
 * @param {{code?: string, reason?: string}} [why] what to say at once
 * @returns {Promise<Me>}
 */
export function askIn(secret, why) {
  return new Promise((done) => document.body.append(door(secret, why, done)));
}

/** @param {string} secret @param {{code?: string, reason?: string}|undefined} why @param {(me: Me) => void} done */
function door(secret, why, done) {
  let held = secret;
  const name = h("input", { id: "name", name: "name", type: "text", required: true, maxlength: "32", autocomplete: "nickname", autocapitalize: "words", value: recall("name", "") });
  const pin = h("input", { id: "pin", name: "pin", type: "text", inputmode: "numeric", pattern: "[0-9 ]*", maxlength: "9", autocomplete: "off", required: !held, class: "pin-field" });
  const pinField = h("div", { class: "field", hidden: Boolean(held) }, h("label", { for: "pin", text: () => t("pin") }), pin, h("p", { class: "hint", text: () => t("pinHint") }));
  const trouble = h("p", { class: "trouble", role: "alert" });
  const button = h("button", { type: "submit", class: "primary wide", text: () => t("join") });
  const form = h("form", { class: "door-form" },
    h("div", { class: "field" }, h("label", { for: "name", text: () => t("yourName") }), name), pinField, trouble, button);
  const el = h("main", { class: "door" }, h("div", { class: "beam", "aria-hidden": "true" }),
    h("div", { class: "door-card" }, h("p", { class: "wordmark" }, icon("mark"), "watchparty"),
      h("h1", { text: () => t("doorTitle") }), h("p", { class: "door-lead", text: () => t(held ? "doorLeadLink" : "doorLeadPin") }), form),
    h("footer", { class: "door-foot" }, languageSwitch()));
  const needPin = () => {
    held = "";
    pinField.hidden = false;
    pin.required = true;
  };
  if (why) trouble.textContent = refusal(why);
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    trouble.textContent = "";
    try {
      const key = held ? { secret: held } : { pin: pin.value.replace(/\D/g, "") };
      const me = await post("/api/join", { name: name.value.trim(), ...key });
      remember("name", name.value.trim());
      keepToken(me.token);
      el.classList.add("leaving");
      setTimeout(() => el.remove(), 400);
      done(me);
    } catch (no) {
      trouble.textContent = refusal(/** @type {any} */ (no));
      if (held && /** @type {any} */ (no).code?.startsWith("WP-INVITE")) needPin();
      (held || !pin.value ? name : pin).select();
    } finally {
      button.disabled = false;
    }
  });
  queueMicrotask(() => name.focus({ preventScroll: true }));
  return el;
}

// The door: a name, and a PIN for those who came without a link.

import { h, icon } from "../core/dom.js";
import { keepToken, post } from "../core/api.js";
import { recall, remember } from "../core/prefs.js";
import { forgetSecret, meet } from "../core/secret.js";
import { refusal, t } from "../i18n/index.js";
import { waitAtDoor } from "./atdoor.js";
import { languageSwitch } from "./language.js";

/** @import {Me} from "../core/types.js" */

const AGAIN = "~"; // begins the secret by which another device of somebody's comes in
const CODE = 8; // digits of a code for the same, where a PIN has six

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
  const again = held.startsWith(AGAIN);
  let lead = again ? "doorLeadDevice" : held ? "doorLeadLink" : "doorLeadPin";
  const name = h("input", { id: "name", name: "name", type: "text", required: true, maxlength: "32", autocomplete: "nickname", autocapitalize: "words", value: recall("name", "") });
  const pin = h("input", { id: "pin", name: "pin", type: "text", inputmode: "numeric", pattern: "[0-9 ]*", maxlength: "9", autocomplete: "off", required: !held, class: "pin-field" });
  const pinField = h("div", { class: "field", hidden: Boolean(held) }, h("label", { for: "pin", text: () => t("pin") }), pin, h("p", { class: "hint", text: () => t("pinHint") }));
  const trouble = h("p", { class: "trouble", role: "alert" });
  const button = h("button", { type: "submit", class: "primary wide", text: () => t("join") });
  const nameField = h("div", { class: "field", hidden: again }, h("label", { for: "name", text: () => t("yourName") }), name);
  const form = h("form", { class: "door-form" }, nameField, pinField, trouble, button);
  const digits = () => pin.value.replace(/\D/g, "");
  const needName = () => (name.required = held ? !again : digits().length !== CODE);
  pin.addEventListener("input", needName);
  needName();
  const words = h("p", { class: "door-lead", text: () => t(lead) });
  const el = h("main", { class: "door" }, h("div", { class: "beam", "aria-hidden": "true" }),
    h("div", { class: "door-card" }, h("p", { class: "wordmark" }, icon("mark"), "watchparty"),
      h("h1", { text: () => t("doorTitle") }), words, form),
    h("footer", { class: "door-foot" }, languageSwitch()));
  const needPin = () => {
    held = "";
    lead = "doorLeadAgain";
    words.textContent = t(lead);
    forgetSecret();
    pinField.hidden = false;
    pin.required = true;
    nameField.hidden = false;
    needName();
  };
  /** @param {any} request @returns {Promise<any>} undefined: they waited, and went away */
  const comeIn = async (request) => {
    const asked = await post("/api/join", request).catch((no) => no);
    const it = asked.code === "WP-WAIT" ? await waitAtDoor(form, words, request) : asked;
    if (it && !("token" in it)) throw it;
    return it;
  };
  if (why) trouble.textContent = refusal(why);
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    trouble.textContent = "";
    try {
      const key = held ? { secret: held } : { pin: digits() };
      const me = await comeIn({ name: name.value.trim(), ...key });
      if (!me) return;
      remember("name", me.name);
      keepToken(me.token);
      meet(held);
      forgetSecret();
      el.classList.add("leaving");
      setTimeout(() => el.remove(), 400);
      done(me);
    } catch (no) {
      const { code, reason } = /** @type {any} */ (no);
      trouble.textContent = refusal({ code, reason, kind: "join" });
      if (held && (code?.startsWith("WP-INVITE") || code === "WP-CODE-WRONG")) needPin();
      (held || !pin.value ? name : pin).select();
    } finally {
      button.disabled = false;
    }
  });
  queueMicrotask(() => name.focus({ preventScroll: true }));
  return el;
}

/**
 * Somebody who is in already has opened another invitation: asks once which it shall be.
 * @param {Me} me
 * @param {string} secret
 * @returns {Promise<Me>} as whom to go on
 */
export function askSwap(me, secret) {
  return new Promise((done) => {
    const trouble = h("p", { class: "trouble", role: "alert" });
    const over = (/** @type {Me} */ who) => {
      meet(secret);
      forgetSecret();
      el.remove();
      done(who);
    };
    const use = h("button", { type: "button", class: "primary", text: () => t("swapUse") });
    use.addEventListener("click", async () => {
      use.disabled = true;
      try {
        const now = await post("/api/join", { name: me.name, secret });
        keepToken(now.token);
        over(now);
      } catch (no) {
        trouble.textContent = refusal(/** @type {any} */ (no));
        use.disabled = false;
      }
    });
    const stay = h("button", { type: "button", class: "plain", onclick: () => over(me), text: () => t("swapStay", { name: me.name }) });
    const el = h("main", { class: "curtain" }, h("div", { class: "curtain-card swap" }, h("span", { class: "card-sign" }, icon("mark")),
      h("h2", { text: () => t("swapTitle", { name: me.name }) }), h("p", { text: () => t("swapLead") }), trouble, h("div", { class: "acts" }, use, stay)));
    document.body.append(el);
    stay.focus({ preventScroll: true });
  });
}

import { fill, h, icon } from "./dom.js";
import { t } from "../i18n/index.js";

/**
 * A text with a button that copies it. Plain addresses have no clipboard for pages; there the text is
 * selected and the old command tried.
 * @param {string} text
 * @param {string} name
 */
export function copyField(text, name) {
  const input = h("input", { type: "text", readonly: true, value: text, "aria-label": name, class: "copy-text", onfocus: () => input.select() });
  const button = h("button", { type: "button", class: "plain copy-button", "aria-label": `${t("copy")}: ${name}` });
  const face = (/** @type {string} */ sign, /** @type {string} */ word) => fill(button, icon(sign), h("span", { text: t(word) }));
  face("copy", "copy");
  button.addEventListener("click", async () => {
    if (!(await copy(text, input))) return;
    face("check", "copied");
    setTimeout(() => face("copy", "copy"), 2000);
  });
  return h("div", { class: "field-row" }, input, button);
}

/** @param {string} text @param {HTMLInputElement|HTMLTextAreaElement} input */
async function copy(text, input) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => old(input));
  return old(input);
}

/** @param {HTMLInputElement|HTMLTextAreaElement} input */
function old(input) {
  input.focus();
  input.select();
  return document.execCommand("copy");
}

/** The same of a text that is in no field. @param {string} text */
export async function copyText(text) {
  const field = h("textarea", { class: "unseen", readonly: true });
  field.value = text;
  document.body.append(field);
  const held = document.activeElement;
  const done = await copy(text, field);
  field.remove();
  if (held instanceof HTMLElement) held.focus({ preventScroll: true });
  return done;
}

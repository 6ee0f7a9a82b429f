// How an emote is drawn: its picture, and its code where the house has none of that name, or not any more.

import { fill, h } from "../core/dom.js";
import { emotes } from "../core/emotes.js";

/** @import {Emote} from "../core/emotes.js" */

/** The picture alone. Its code says what it is, to a screen reader and to who copies the line. @param {Emote} e @param {string} [alt] */
export function picture({ code, key, width, height }, alt = `:${code}:`) {
  const el = h("img", { class: "emote-picture", src: `/media/emotes/${encodeURIComponent(key)}`, alt, title: `:${code}:`, width, height, draggable: "false", decoding: "async" });
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) el.addEventListener("load", () => el.replaceWith(still(el)), { once: true });
  return el;
}

/** Its first picture, for who does not want things to move. @param {HTMLImageElement} img */
function still(img) {
  const el = h("canvas", { class: "emote-picture", width: img.naturalWidth, height: img.naturalHeight, title: img.title, ...(img.alt ? { "role": "img", "aria-label": img.alt } : { "aria-hidden": "true" }) });
  el.getContext("2d")?.drawImage(img, 0, 0);
  return el;
}

/** What stands in a line for a code. @param {string} code */
export function emote(code) {
  const el = h("span", { class: "emote", "data-emote": code });
  draw(el);
  return el;
}

/** @param {HTMLElement} el */
function draw(el) {
  const code = el.dataset.emote ?? "";
  const known = emotes.find(code);
  const drawn = known ? picture(known) : `:${code}:`;
  if (drawn instanceof Node) drawn.addEventListener("error", () => fill(el, `:${code}:`), { once: true });
  fill(el, drawn);
}

emotes.on("changed", () => {
  for (const el of document.querySelectorAll("[data-emote]")) draw(/** @type {HTMLElement} */ (el));
});

// A refusal that belongs to no field: a sentence at the foot of the page for a few seconds.

import { h } from "../core/dom.js";
import { refusal } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

const STANDS = 6000; // ms

const place = h("div", { class: "toasts", role: "status", popover: "manual" });

/** @param {string} text */
export function toast(text) {
  const el = h("p", { class: "toast", text });
  place.append(el);
  if (place.isConnected) {
    place.hidePopover(); // shown anew it is above a dialog that was opened since
    place.showPopover();
  }
  setTimeout(() => {
    el.remove();
    if (!place.childElementCount && place.isConnected) place.hidePopover();
  }, STANDS);
}

/** @param {Session} session */
export function toastRefusals(session) {
  document.body.append(place);
  session.on("refused", (wish) => !["say", "rename", "grant", "subscribe", "gift"].includes(wish.kind) && toast(refusal(wish)));
}

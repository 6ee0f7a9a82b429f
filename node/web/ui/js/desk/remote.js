// Friends elsewhere: the way in through the router, the link for it, or why there is none.

import { copyField } from "../core/copy.js";
import { h } from "../core/dom.js";
import { refusal, t } from "../i18n/index.js";

/** @typedef {{on: boolean, link?: string, address?: string, way?: string, within?: boolean, until?: number, code?: string, reason?: string}} Remote */

/** A field for the desk's invitations.
 * @param {Remote} remote */
export function elsewhere({ on, link, within, code, reason }) {
  const field = (/** @type {(HTMLElement|string|undefined|false)[]} */ ...inside) => h("div", { class: "field" }, h("span", { class: "label", text: t("elsewhere") }), ...inside);
  if (!on) return field(h("p", { class: "hint", text: t("elsewhereOff") }));
  if (code) return field(h("p", { class: "trouble", text: refusal({ code, reason }) }));
  if (!link) return field(h("p", { class: "hint", text: t("elsewhereAsking") }));
  return field(copyField(command(link), t("elsewhere")), h("p", { class: "hint", text: t("elsewhereHint") }), !within && h("p", { class: "hint", text: t("elsewhereWithin") }));
}

/** The link of an invitation with its own terms, for a friend elsewhere.
 * @param {string} link */
export function fromElsewhere(link) {
  return h("div", { class: "field" }, h("span", { class: "label", text: t("elsewhere") }), copyField(command(link), t("elsewhere")));
}

const command = (/** @type {string} */ link) => `watchparty join '${link}'`;

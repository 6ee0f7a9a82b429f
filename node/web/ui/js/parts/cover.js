// A title's cover: its poster, or a typographic card. A locked title has a lock and says why.

import { hostSays, t } from "../i18n/index.js";
import { h, hue, icon } from "../core/dom.js";
import { poster } from "./poster.js";

/** @import {Title} from "../core/types.js" */

/**
 * @param {{id: string, title: string, poster?: string, allowed?: boolean, offline?: boolean, live?: object}} title
 * @param {string} [line] small print on a typographic card
 */
export function cover(title, line = "") {
  const el = h("span", { class: "cover" });
  el.dataset.hue = String(hue(title.id));
  const locked = title.allowed === false;
  el.classList.toggle("locked", locked || Boolean(title.offline));
  const drawn = h("span", { class: "cover-text" }, h("span", { class: "cover-title", text: title.title }), line && h("span", { class: "cover-line", text: line }));
  el.append(drawn);
  if (title.poster && !locked) poster(el, title.poster);
  if (title.live && !title.offline) el.append(h("span", { class: "cover-live" }, h("span", { class: "live-dot", "aria-hidden": "true" }), t("live")));
  if (locked || title.offline) el.append(h("span", { class: "cover-lock" }, icon(locked ? "lock" : "warning")));
  return el;
}

/**
 * Why a title may not be watched: a word or two, and the host's sentence.
 * @param {Title} [title]
 */
export function lockWords(title) {
  if (!title) return { short: t("locked"), reason: t("WP-UNKNOWN") };
  if (title.allowed && title.offline) return { short: t("offline"), reason: title.reason || t("offlineWhy") };
  const key = `lock.${title.code}`;
  const short = t(key);
  return { short: short === key ? t("locked") : short, reason: hostSays(title) };
}

// Badges as small drawn shapes, each with its words.

import { badgesOf } from "../core/badges.js";
import { h, icon } from "../core/dom.js";
import { amount } from "../core/format.js";
import { t } from "../i18n/index.js";

/** @import {Member} from "../core/types.js" */

const SIGNS = { host: "crown", moderator: "shield", first: "spark", cheers: "gem" };

/** @param {Member|undefined} m @param {number} now */
export function badges(m, now) {
  const all = badgesOf(m, now).map(({ kind, level }) => {
    const words = kind === "sub" ? t("badge.sub", { n: m?.months ?? 1 }) : kind === "cheers" ? t("badge.cheers", { bits: amount(level) }) : t(`badge.${kind}`);
    const el = h("span", { class: `badge badge-${kind}`, role: "img", "aria-label": words, title: words }, icon(kind === "sub" ? `sub${level}` : SIGNS[kind]));
    if (kind === "cheers") el.dataset.tier = String(level);
    if (kind === "sub") el.dataset.months = String(level);
    return el;
  });
  return all.length > 0 && h("span", { class: "badges" }, ...all);
}

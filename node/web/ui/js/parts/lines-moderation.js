// The words for what moderators do, and for the rules.

import { amount } from "../core/format.js";
import { t } from "../i18n/index.js";

/** @import {Rules} from "../core/types.js" */

/** A time as one says it. @param {number} seconds */
export function span(seconds) {
  const s = Math.round(seconds);
  if (s < 120) return t("span.s", { n: s });
  return s < 7200 ? t("span.m", { n: Math.round(s / 60) }) : t("span.h", { n: Math.round(s / 3600) });
}

/** @param {Rules} r */
export function ruleWords(r) {
  return [
    r.slow && t("rule.every", { time: span(r.slow) }), r.known && t(`rule.known.${r.known}`), r.noLinks && t("rule.links.no"),
    r.words?.length && t("rule.wordCount", { n: amount(r.words.length) }),
  ].filter(Boolean).join(" · ") || t("rule.none");
}

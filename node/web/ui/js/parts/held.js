// What the house knows of somebody, as they read it themselves: region, memberships and until when, the rating, Bits.

import { subscriber } from "../core/badges.js";
import { fill, h } from "../core/dom.js";
import { amount, day, regionName, timeOfDay } from "../core/format.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member, Membership} from "../core/types.js" */

/** A membership and its end; one at midnight ends with the day before. @param {Membership} m @param {number} now */
export function membership({ tier, until }, now) {
  if (!until || until.startsWith("0001")) return tier;
  const end = new Date(until), midnight = end.getHours() + end.getMinutes() === 0;
  const when = midnight ? day(end.getTime() - 1) : `${day(end.getTime())}, ${timeOfDay(end.getTime())}`;
  return t(end.getTime() > now ? "held.until" : "held.ended", { tier, when });
}

/** @param {Session} session */
export function held(session) {
  const list = h("dl", { class: "own-facts" });
  const draw = () => {
    const m = session.myself, now = session.clock.now();
    if (!m) return;
    const row = (/** @type {string} */ key, /** @type {string} */ text) => [h("dt", { text: t(key) }), h("dd", { text })];
    fill(list, ...row("region", m.region === "ZZ" ? t("regionNone") : regionName(m.region)),
      ...row("memberships", (m.tiers ?? []).map((x) => membership(x, now)).join(", ") || t("none")),
      ...(m.rating ? row("held.rating", `${m.rating}`) : []),
      ...row("Bits", amount(m.bits ?? 0)),
      ...(subscriber(m, now) ? row("sub", t("held.sub", { when: day(m.until ?? 0) })) : []));
  };
  session.watch((s) => [s.members], draw);
  onLanguage(draw);
  return h("div", { class: "field" }, h("span", { class: "label", text: () => t("held") }), list);
}

// "We are three on the sofa": how many people are before one's own screens, so that the hours watched count them.

import { h } from "../core/dom.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member} from "../core/types.js" */

const MOST = 20; // people

/** How many, beside a name, where it is not one. @param {Member|{people?: number}} m */
export const heads = (m) => (m.people ?? 1) > 1 && h("span", { class: "heads-many", "aria-label": t("sofa.many", { n: m.people }), text: `×${m.people}` });

/**
 * @param {Session} session
 * @param {() => string|undefined} [whose] on the desk; else one's own
 */
export function sofaField(session, whose = () => undefined) {
  const options = Array.from({ length: MOST }, (_, i) => h("option", { value: String(i + 1) }));
  const id = `sofa-${Math.random().toString(36).slice(2)}`;
  const select = h("select", { id, onchange: () => session.wish("sit", { people: Number(select.value), member: whose() }) }, ...options);
  const words = () => options.forEach((o, i) => (o.textContent = t("sofa.people", { n: i + 1 })));
  const update = () => (select.value = String(session.state.members[whose() ?? session.me.member]?.people ?? 1));
  session.watch((s) => [s.members], update);
  session.on("refused", (w) => w.kind === "sit" && update());
  onLanguage(words);
  words();
  return { el: h("div", { class: "field" }, h("label", { for: id, text: () => t(whose() ? "sofaOf" : "sofa") }), select, h("p", { class: "hint", text: () => t("sofa.hint") })), update };
}

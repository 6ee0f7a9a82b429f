// The host's goal: so many Bits, and what happens then.

import { bdi, fill, h } from "../core/dom.js";
import { amount } from "../core/format.js";
import { onLanguage, refusal, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

/** @param {Session} session */
export function aimForm(session) {
  const bits = h("input", { id: "aim-bits", type: "number", min: "1", max: "100000000", step: "1", value: "2000", inputmode: "numeric", required: true });
  const text = h("input", { id: "aim-text", type: "text", maxlength: "80", required: true, autocomplete: "off", placeholder: () => t("aimExample") });
  const now = h("p", { class: "aim-now" });
  const note = h("p", { class: "trouble", role: "alert" });
  const off = h("button", { type: "button", class: "plain", onclick: () => ask({}), text: () => t("aimOff") });
  /** @param {{bits?: number, text?: string}} goal */
  const ask = async (goal) => {
    const no = await session.ask("aim", goal);
    note.textContent = no ? refusal(no) : "";
    if (!no) text.value = "";
  };
  const submit = (/** @type {Event} */ e) => {
    e.preventDefault();
    ask({ bits: Number(bits.value), text: text.value.trim() });
  };
  const draw = () => {
    const { goal } = session.state;
    off.hidden = !goal;
    now.hidden = !goal;
    if (goal) fill(now, bdi(goal.text), ": ", goal.reached ? t("goalReachedShort") : t("goalSum", { got: amount(goal.got), of: amount(goal.bits) }));
  };
  session.watch((s) => [s.goal], draw);
  onLanguage(draw);
  return h("form", { class: "aim", onsubmit: submit }, h("h3", { class: "eyebrow", text: () => t("goal") }), now,
    h("div", { class: "field" }, h("label", { for: "aim-text", text: () => t("aimText") }), text),
    h("div", { class: "field" }, h("label", { for: "aim-bits", text: () => t("aimBits") }), bits), note,
    h("div", { class: "acts" }, h("button", { type: "submit", class: "plain", text: () => t("aimSet") }), off));
}

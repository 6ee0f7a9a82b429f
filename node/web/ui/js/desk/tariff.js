// What the host has set about Bits; the next party begins with it.

import { price } from "../core/badges.js";
import { h } from "../core/dom.js";
import { amount } from "../core/format.js";
import { sheet } from "../core/sheet.js";
import { refusal, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Policy} from "../core/types.js" */

const MOST = 1000000; // Bits

/** How it stands, in a few words. @param {Policy} policy */
export const tariffWords = (policy) => t("tile.bits", { bits: amount(price(policy)) });

/** @param {Session} session */
export function tariffSheet(session) {
  const note = h("p", { class: "trouble", role: "alert" });
  /** A number that is set when it is changed. @param {"sub"} name @param {number} least @param {(policy: Policy) => number} now */
  const number = (name, least, now) => {
    const input = h("input", { id: `tariff-${name}`, type: "number", min: String(least), max: String(MOST), step: "1", inputmode: "numeric", required: true, onchange: () => told() });
    const draw = () => {
      if (document.activeElement !== input || !input.validity.valid) input.value = String(now(session.state.policy));
    };
    const told = async () => {
      if (!input.validity.valid) return draw();
      const no = await session.ask("set", { [name]: Number(input.value) });
      note.textContent = no ? refusal(no) : "";
      if (no) draw();
    };
    session.watch((s) => [s.policy], draw);
    return h("div", { class: "field" }, h("label", { for: input.id, text: () => t(`tariff.${name}`) }), input);
  };
  return sheet({ title: () => "Bits", kind: "small" }, number("sub", 1, price), note);
}

// What the host has set about Bits; the next party begins with it.

import { price } from "../core/badges.js";
import { h } from "../core/dom.js";
import { amount } from "../core/format.js";
import { sheet } from "../core/sheet.js";
import { refusal, t } from "../i18n/index.js";
import { aimForm } from "./aim.js";

/** @import {Session} from "../core/session.js" */
/** @import {Policy, State} from "../core/types.js" */

const MOST = 1000000; // Bits

/** How it stands, in a few words. @param {State} state */
export function tariffWords({ goal, policy }) {
  return goal ? t("goalSum", { got: amount(goal.got), of: amount(goal.bits) }) : t("tile.bits", { bits: amount(price(policy)) });
}

/** @param {Session} session */
export function tariffSheet(session) {
  const note = h("p", { class: "trouble", role: "alert" });
  const set = async (/** @type {any} */ what) => {
    const no = await session.ask("set", what);
    note.textContent = no ? refusal(no) : "";
    return !no;
  };
  /** A number that is set when it is changed. @param {string} name @param {number} least @param {(policy: Policy) => number} now */
  const number = (name, least, now) => {
    const input = h("input", { id: `tariff-${name}`, type: "number", min: String(least), max: String(MOST), step: "1", inputmode: "numeric", required: true, onchange: () => told() });
    const draw = () => {
      if (document.activeElement !== input || !input.validity.valid) input.value = String(now(session.state.policy));
    };
    const told = async () => {
      if (!input.validity.valid || !await set({ [name]: Number(input.value) })) input.value = String(now(session.state.policy));
    };
    session.watch((s) => [s.policy], draw);
    return h("div", { class: "field" }, h("label", { for: input.id, text: () => t(`tariff.${name}`) }), input);
  };
  const train = h("button", { type: "button", class: "choice", onclick: () => set({ train: Boolean(session.state.policy.noTrain) }), text: () => t("train") });
  session.watch((s) => [s.policy], ({ policy }) => train.setAttribute("aria-pressed", String(!policy.noTrain)));
  return sheet({ title: () => "Bits", kind: "small" }, aimForm(session),
    h("div", { class: "tariff" }, number("sub", 1, price), number("weekly", 0, (p) => p.weekly ?? 0), number("least", 1, (p) => p.least || 1)),
    h("div", { class: "field" }, train, h("p", { class: "hint", text: () => t("tariff.train") })), note);
}

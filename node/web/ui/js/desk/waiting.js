// The party's rule about who is not ready: wait for everybody, go on, or ask the room.

import { h } from "../core/dom.js";
import { sheet } from "../core/sheet.js";
import { t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Policy} from "../core/types.js" */

const RULES = ["all", "go", "vote"];
const USUAL = 5; // seconds, where nobody has said
const MOST = 60;

/** How the rule stands, in a few words. @param {Policy} policy */
export function ruleWords({ wait = "all", patience = USUAL }) {
  return t(`tile.waiting.${wait}`, { time: `${patience} s` });
}

/** Seconds as the host takes them; undefined for what is none. @param {string} text */
export function readPatience(text) {
  const seconds = Number(text);
  return text.trim() && Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST ? seconds : undefined;
}

/** @param {Session} session */
export function waitingSheet(session) {
  /** @type {Map<string, HTMLInputElement>} */
  const radios = new Map();
  const rule = (/** @type {string} */ wait) => {
    const radio = h("input", { type: "radio", name: "wait", id: `wait-${wait}`, "aria-describedby": `wait-${wait}-hint`, onchange: () => session.wish("set", { wait }) });
    radios.set(wait, radio);
    return h("div", { class: "rule" }, radio, h("label", { for: `wait-${wait}`, text: () => t(`policy.${wait}`) }), h("p", { class: "hint", id: `wait-${wait}-hint`, text: () => t(`policy.${wait}.hint`) }));
  };
  const seconds = h("input", { type: "number", id: "patience", min: "1", max: String(MOST), step: "1", inputmode: "numeric", required: true, onchange: () => told() });
  const field = h("div", { class: "field rule-seconds" }, h("label", { for: "patience", text: () => t("patience") }), seconds);
  const told = () => {
    const patience = readPatience(seconds.value);
    if (patience === undefined) return draw();
    if (patience !== (session.state.policy.patience ?? USUAL)) session.wish("set", { patience });
  };
  const draw = () => {
    const { wait = "all", patience = USUAL } = session.state.policy;
    for (const [name, radio] of radios) radio.checked = name === wait;
    field.hidden = wait !== "all";
    if (document.activeElement !== seconds || readPatience(seconds.value) === undefined) seconds.value = String(patience);
  };
  const group = h("div", { class: "rules", role: "radiogroup", "aria-label": () => t("waiting") }, ...RULES.map(rule));
  const it = sheet({ title: () => t("waiting"), kind: "small" }, h("p", { class: "lead", text: () => t("policyLead") }), group, field);
  session.watch((s) => [s.policy], draw);
  session.on("refused", (w) => w.kind === "set" && draw());
  return it;
}

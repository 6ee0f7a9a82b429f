// On stage from OBS or another program: where it sends to, and a key that is good for that alone.

import { post } from "../core/api.js";
import { copyField } from "../core/copy.js";
import { fill, h } from "../core/dom.js";
import { plain } from "../core/https.js";
import { onLanguage, refusal, t } from "../i18n/index.js";

export function program() {
  const el = h("details", { class: "program" });
  let key = "";
  let why = "";
  const field = (/** @type {string} */ name, /** @type {HTMLElement} */ body) => h("div", { class: "field" }, h("span", { class: "label", text: t(name) }), body);
  const make = () => post("/api/stage-key", {}).then((made) => ([key, why] = [made.key, ""]), (no) => (why = refusal(no))).then(draw);
  const draw = () => fill(el, h("summary", { text: t("program") }), h("p", { class: "hint", text: t("programHow") }),
    field("programServer", copyField(plain("/whip"), t("programServer"))),
    field("programKey", key ? copyField(key, t("programKey")) : h("button", { type: "button", class: "plain", onclick: make, text: t("programMake") })),
    key && h("p", { class: "hint", text: t("programOnce") }), why && h("p", { class: "trouble", role: "alert", text: why }));
  onLanguage(draw);
  draw();
  return el;
}

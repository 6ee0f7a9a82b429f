import { h } from "../core/dom.js";
import { language, LANGUAGES, onLanguage, setLanguage, t } from "../i18n/index.js";

/** Buttons for the languages the page speaks, each in its own words. */
export function languageSwitch() {
  const buttons = LANGUAGES.map(({ code, name }) => h("button", { type: "button", class: "choice", lang: code, onclick: () => setLanguage(code), text: name }));
  const mark = () => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.lang === language())));
  mark();
  onLanguage(mark);
  return h("div", { class: "choices languages", role: "group", "aria-label": () => t("language") }, ...buttons);
}

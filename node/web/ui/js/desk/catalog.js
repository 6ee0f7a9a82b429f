// The catalog's health: what is wrong with the file, where, and what to do.

import { fill, h, icon } from "../core/dom.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, t } from "../i18n/index.js";
import { Library } from "./library.js";

/** @import {Desk} from "./house.js" */

export class Catalog {
  #desk;
  #sheet = sheet({ title: () => t("catalog") });
  #health = h("div", { class: "stack" });

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.#sheet.inside.append(this.#health, new Library(desk).el);
    desk.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
  }

  open() {
    this.#draw();
    this.#sheet.open();
  }

  #draw() {
    const { facts, problems } = this.#desk;
    const grave = problems.some((p) => !p.warning);
    fill(this.#health,
      h("div", { class: "field" }, h("span", { class: "label", text: t("catalogFile") }), h("p", { class: "path", text: facts.catalog?.file || t("catalogDemo") })),
      problems.length === 0 && h("p", { class: "all-well" }, icon("check"), h("span", { text: t("catalogFine") })),
      grave && h("p", { class: "trouble", text: t("catalogKept") }),
      h("ul", { class: "problems" }, ...problems.map((p) => h("li", { class: p.warning ? "is-warning" : "" }, icon("warning"),
        h("div", {}, h("p", { text: p.text }), p.hint && h("p", { class: "hint", text: p.hint }),
          h("p", { class: "path", text: [p.file, p.line ? t("line", { n: p.line }) : ""].filter(Boolean).join(" · ") }))))),
      facts.version && h("p", { class: "hint", text: t("version", { v: facts.version }) }));
  }
}

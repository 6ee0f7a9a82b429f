// The folder of films: what is looked through by itself, how far a scan is, what it found.

import { fill, h, icon } from "../core/dom.js";
import { post } from "../core/api.js";
import { onLanguage, refusal, t } from "../i18n/index.js";

/** @import {Desk, Library as Facts} from "./house.js" */

const SHOWN = 12; // new titles by name; the catalog has the rest

export class Library {
  #desk;
  #asked = false; // somebody here wants to know
  /** @type {{code: string, reason: string}|null} */
  #no = null;
  #bar = h("progress", { class: "scan-bar", "aria-label": () => t("scanning") });
  #file = h("p", { class: "path one-line" });
  #count = h("p", { class: "label" });
  #words = h("div", { class: "stack", "aria-live": "polite" });
  #running = h("div", { class: "stack scan-run" }, this.#count, this.#bar, this.#file);

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.el = h("section", { class: "library stack", "aria-label": () => t("library") }, this.#words, this.#running);
    desk.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
    this.#draw();
  }

  /** @param {boolean} add */
  async #scan(add) {
    this.#asked = true;
    this.#no = null;
    try {
      await post("/api/library", { add });
    } catch (no) {
      this.#no = /** @type {any} */ (no);
    }
    this.#draw();
  }

  #draw() {
    const lib = this.#desk.facts.library;
    this.el.hidden = !lib;
    if (!lib) return;
    this.#running.hidden = !lib.running;
    this.#bar.max = Math.max(1, lib.of);
    this.#bar.value = lib.done;
    this.#count.textContent = t("scanned", { done: lib.done, of: lib.of });
    this.#file.textContent = lib.file ?? "";
    const fault = this.#no ?? lib.fault;
    fill(this.#words,
      h("div", { class: "field" }, h("span", { class: "label", text: t("library") }), h("p", { class: "path", text: lib.folder }),
        h("p", { class: "hint", text: lib.watched.length ? t("libraryWatched", { folders: lib.watched.map((f) => f === "." ? t("libraryAll") : f).join(", ") }) : t("libraryUnwatched") })),
      fault && h("p", { class: "trouble", role: "alert", text: refusal(fault) }),
      !lib.running && !fault && lib.at && this.#found(lib),
      !lib.running && h("div", { class: "acts" },
        lib.dry && lib.count > 0 && h("button", { type: "button", class: "primary", onclick: () => this.#scan(true), text: t("scanAdd", { n: lib.count }) }),
        h("button", { type: "button", class: "plain", onclick: () => this.#scan(false), text: t("scan") })));
  }

  /** @param {Facts} lib */
  #found(lib) {
    const fresh = lib.new.slice(0, SHOWN);
    return h("div", { class: "stack" },
      lib.count > 0 ? h("p", { text: t(lib.dry ? "scanNew" : "scanAdded", { n: lib.count }) }) : this.#asked && h("p", { class: "all-well" }, icon("check"), h("span", { text: t("scanNothing", { n: lib.found }) })),
      fresh.length > 0 && h("ul", { class: "scan-new" }, ...fresh.map((x) => h("li", {}, h("span", { text: x.title }), h("span", { class: "path", text: x.file }))),
        lib.count > fresh.length && h("li", { class: "hint", text: t("scanMore", { n: lib.count - fresh.length }) })),
      lib.offline > 0 && h("p", { class: "hint", text: t("scanOffline", { n: lib.offline }) }),
      lib.leftOut.length > 0 && h("details", { class: "scan-left" }, h("summary", { text: t("scanLeft", { n: lib.leftOut.length }) }),
        h("ul", { class: "problems" }, ...lib.leftOut.map((x) => h("li", { class: "is-warning" }, icon("warning"),
          h("div", {}, h("p", { class: "path", text: x.file }), h("p", { class: "hint", text: refusal(x) })))))));
  }
}

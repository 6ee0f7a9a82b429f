// One's own corner: name, language, the keys, and the way out.

import { h, icon, iconButton } from "../core/dom.js";
import { post } from "../core/api.js";
import { forget } from "../core/prefs.js";
import { sheet } from "../core/sheet.js";
import { refusal, t } from "../i18n/index.js";
import { chatTimeChoice } from "./filmtime.js";
import { Device } from "./device.js";
import { held } from "./held.js";
import { languageSwitch } from "./language.js";
import { sofaField } from "./sofa.js";

/** @import {Session} from "../core/session.js" */

const KEYS = [["Space · K", "key.play"], ["← →", "key.seek"], ["↑ ↓", "key.volume"], ["M", "key.mute"], ["F", "key.full"], ["C", "key.chat"]];

export class Self {
  button = iconButton("more", () => t("menu"), () => this.#open(), { class: "bar-round" });
  #session;
  #name = h("input", { id: "own-name", type: "text", maxlength: "32", required: true, autocomplete: "nickname" });
  #note = h("p", { class: "hint", role: "status" });
  #sheet;

  /** @param {Session} session @param {{desk: boolean}} where */
  constructor(session, { desk }) {
    this.#session = session;
    const link = h("a", { class: "plain as-button", href: desk ? "/" : "/desk", hidden: true }, icon(desk ? "seat" : "remote"), h("span", { text: () => t(desk ? "toTheatre" : "toDesk") }));
    session.watch((s) => [s.members], () => (link.hidden = session.myself?.role !== "host"));
    const form = h("form", { class: "field", onsubmit: (/** @type {Event} */ e) => this.#rename(e) }, h("label", { for: "own-name", text: () => t("yourName") }),
      h("div", { class: "field-row" }, this.#name, h("button", { type: "submit", class: "plain", text: () => t("save") })), this.#note);
    const keys = h("dl", { class: "keys" }, ...KEYS.flatMap(([key, what]) => [h("dt", {}, h("kbd", { text: key })), h("dd", { text: () => t(what) })]));
    const device = new Device(session);
    this.#sheet = sheet({ title: () => t("menu"), onclose: () => device.forget() }, form, sofaField(session).el, held(session), device.el,
      h("div", { class: "field" }, h("span", { class: "label", text: () => t("language") }), languageSwitch()), chatTimeChoice(),
      h("div", { class: "field key-help" }, h("span", { class: "label", text: () => t("keyboard") }), keys), link,
      h("button", { type: "button", class: "plain", onclick: () => this.#leave() }, icon("door"), h("span", { text: () => t("leave") })));
    session.on("refused", (w) => w.kind === "rename" && (this.#note.textContent = refusal(w)));
    session.on("record", ({ kind, record }) => kind === "renamed" && record.by === session.me.member && (this.#note.textContent = t("saved")));
  }

  #open() {
    this.#name.value = this.#session.myself?.name ?? "";
    this.#note.textContent = "";
    this.#sheet.open();
  }

  /** @param {Event} e */
  #rename(e) {
    e.preventDefault();
    this.#session.wish("rename", { name: this.#name.value.trim() });
  }

  async #leave() {
    await post("/api/leave", {}).catch(() => {});
    this.#session.stop();
    forget();
    location.replace("/");
  }
}

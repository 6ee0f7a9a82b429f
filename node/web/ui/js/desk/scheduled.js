// Parties to come: a date, a name, perhaps a film; a link that shows a countdown until the doors open.

import { get, post } from "../core/api.js";
import { copyField } from "../core/copy.js";
import { bdi, fill, h } from "../core/dom.js";
import { dayAndTime, runningTime } from "../core/format.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, refusal, t } from "../i18n/index.js";

/** @import {Listing} from "../core/listing.js" */
/** @typedef {{id: string, name: string, title?: string, at: number, doors: number, cancelled?: boolean, opened?: boolean}} Scheduled */

const DOORS = [15, 0, 30, 60]; // minutes before

/** A moment as the field wants it, in this browser's zone. @param {number} ms */
const local = (ms) => new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 16);

/** @param {Listing} listing */
export function scheduledSheet(listing) {
  /** @type {Scheduled[]} */
  let all = [];
  let id = ""; // of the one that is being changed
  const name = h("input", { id: "scheduled-name", type: "text", required: true, maxlength: "32", autocomplete: "off" });
  const title = h("select", { id: "scheduled-title" });
  const at = h("input", { id: "scheduled-at", type: "datetime-local", required: true });
  const doors = h("select", { id: "scheduled-doors" }, ...DOORS.map((n) => h("option", { value: String(n), text: () => (n ? t("scheduled.before", { time: runningTime(n * 60) }) : t("scheduled.doors.0")) })));
  const list = h("ul", { class: "scheduled-list" }), made = h("div"), note = h("p", { class: "trouble", role: "alert" });
  const save = h("button", { type: "submit", class: "primary wide" });

  const ask = async (/** @type {Record<string, any>} */ what) => {
    try {
      const { link } = await post("/api/desk/scheduled", what);
      if (link) fill(made, copyField(link, t("link")));
      note.textContent = "";
      id = "";
      name.value = "";
    } catch (no) {
      note.textContent = refusal(/** @type {any} */ (no));
    }
    look();
  };
  /** @param {Scheduled} p */
  const change = (p) => {
    [id, name.value, title.value, at.value, doors.value] = [p.id, p.name, p.title ?? "", local(p.at), String(p.doors)];
    draw();
    name.focus();
  };
  /** @param {Scheduled} p */
  const row = (p) => {
    const act = (/** @type {string} */ key, /** @type {() => void} */ onclick) => h("button", { type: "button", class: "small", onclick, text: t(key) });
    const state = p.cancelled ? t("scheduled.off") : p.opened ? t("scheduled.isOpen") : "";
    return h("li", { class: p.cancelled ? "off" : "" }, h("p", {}, bdi(p.name), " · ", [dayAndTime(p.at), p.title ? listing.name(p.title) : "", state].filter(Boolean).join(" · ")),
      p.cancelled ? null : h("div", { class: "acts" }, act("scheduled.link", () => ask({ id: p.id, link: true })),
        h("button", { type: "button", class: "small", onclick: () => change(p), text: t("scheduled.save"), "aria-label": t("scheduled.change", { name: p.name }) }),
        p.opened ? null : act("scheduled.open", () => ask({ id: p.id, open: true })), act("scheduled.cancel", () => ask({ id: p.id, cancel: true }))));
  };
  const draw = () => {
    const chosen = title.value;
    fill(title, h("option", { value: "", text: t("scheduled.noTitle") }), ...listing.titles.filter((x) => x.kind !== "music").map((x) => h("option", { value: x.id, text: listing.name(x.id) })));
    title.value = chosen;
    fill(list, ...(all.length ? all.map(row) : [h("li", { class: "hint", text: t("scheduled.none") })]));
    save.textContent = t(id ? "scheduled.save" : "scheduled.add");
  };
  const look = async () => {
    all = (await get("/api/desk/scheduled").catch(() => null))?.scheduled ?? all;
    draw();
  };
  const field = (/** @type {HTMLElement} */ input, /** @type {string} */ key) => h("div", { class: "field" }, h("label", { for: input.id, text: () => t(key) }), input);
  const submit = (/** @type {Event} */ e) => {
    e.preventDefault();
    ask({ id, name: name.value.trim(), title: title.value, at: new Date(at.value).getTime(), doors: Number(doors.value), link: !id });
  };
  const it = sheet({ title: () => t("scheduled") }, h("p", { class: "lead", text: () => t("scheduled.lead") }), list, made,
    h("form", { class: "stack asked-form", onsubmit: submit }, field(name, "scheduled.name"), field(at, "scheduled.at"), field(title, "scheduled.title"), field(doors, "scheduled.doors"), note, save));
  listing.on("changed", () => it.el.open && draw());
  onLanguage(draw);
  return {
    open() {
      fill(made);
      it.open();
      look();
    },
  };
}

// Past evenings: how long people have watched together at all of them, and what each came to.

import { get } from "../core/api.js";
import { fill, h, icon } from "../core/dom.js";
import { day, runningTime } from "../core/format.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, refusal, t } from "../i18n/index.js";
import { eveningCard } from "../parts/evening.js";
import { importSheet } from "./import.js";
import { pastChat } from "./pastchat.js";

/** @import {Listing} from "../core/listing.js" */
/** @import {EveningSum, Member} from "../core/types.js" */
/** @typedef {{id: string, name: string, opened: string, ended: string|null, members: number, evening?: EveningSum}} Past */

/** @param {Listing} listing */
export function pastSheet(listing) {
  /** @type {Past[]} */
  let all = [];
  /** @type {{of: Past, members: Record<string, Member>}|null} */
  let one = null;
  const place = h("div", { class: "past" });
  const reads = importSheet(listing, () => load());
  const it = sheet({ title: () => t("past"), kind: "wide" }, place);

  const draw = () => fill(place, ...(one ? shown(one) : list()));

  const list = () => {
    const held = all.filter((p) => p.evening), ever = held.reduce((sum, p) => sum + (p.evening?.watched ?? 0), 0);
    const more = h("button", { type: "button", class: "small past-import", onclick: () => reads.open(), text: t("import") });
    if (!held.length) return [h("p", { class: "empty-note", text: t("past.none") }), more];
    return [h("p", { class: "sum-grand", text: runningTime(ever) || "0 s" }), h("p", { class: "eyebrow", text: t("past.ever", { n: held.length }) }),
      h("ol", { class: "past-list" }, ...held.map((p) => h("li", {}, h("button", { type: "button", class: "past-row", onclick: () => look(p) },
        h("span", { class: "past-name", text: p.name }), h("span", { class: "past-day", text: day(Date.parse(p.opened)) }),
        h("span", { class: "past-facts", text: [runningTime(p.evening?.watched) || "0 s", t("sum.peak", { n: p.evening?.peak }), named(p)].filter(Boolean).join(" · ") }))))), more];
  };

  const named = (/** @type {Past} */ p) => (p.evening?.shown ?? []).filter((s) => s.ran > 0).slice(0, 2).map((s) => listing.name(s.title)).join(", ");

  /** @param {{of: Past, members: Record<string, Member>}} what */
  const shown = ({ of: p, members }) => [
    h("button", { type: "button", class: "small back-link", onclick: () => back() }, icon("down"), h("span", { text: t("past.all") })),
    h("h3", { class: "detail-title", text: p.name }), h("p", { class: "item-facts", text: day(Date.parse(p.opened)) }),
    eveningCard({ name: p.name, opened: Date.parse(p.opened), members, evening: p.evening }, listing), pastChat(p.id)].filter((x) => x instanceof Node);

  const back = () => {
    one = null;
    draw();
  };

  /** @param {Past} p */
  const look = async (p) => {
    const { members = [] } = await get(`/api/history/${encodeURIComponent(p.id)}`).catch(() => ({}));
    one = { of: p, members: Object.fromEntries(members.map((/** @type {Member} */ m) => [m.id, m])) };
    draw();
    it.inside.scrollTop = 0;
  };

  const load = async () => {
    try {
      all = (await get("/api/history")).parties;
      draw();
    } catch (no) {
      fill(place, h("p", { class: "trouble", role: "alert", text: refusal(/** @type {any} */ (no)) }));
    }
  };

  onLanguage(draw);
  return {
    open() {
      one = null;
      draw();
      it.open();
      return load();
    },
  };
}

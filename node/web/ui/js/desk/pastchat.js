// What was said at a past evening, to read again and to delete from: for good, also from every replay.

import { get, post } from "../core/api.js";
import { bdi, fill, h, iconButton } from "../core/dom.js";
import { timeOfDay } from "../core/format.js";
import { refusal, t } from "../i18n/index.js";

/** @typedef {{seq: number, at: number, name?: string, text?: string}} Line */

/** @param {string} id of the evening */
export function pastChat(id) {
  const path = `/api/history/${encodeURIComponent(id)}`;
  const list = h("ol", { class: "past-chat" }), note = h("p", { class: "trouble", role: "alert" });
  /** @param {Line} line */
  const row = (line) => {
    const el = h("li", {}, h("span", { class: "past-at", text: timeOfDay(line.at) }), h("p", {}, bdi(line.name ?? ""), h("span", { class: "past-said", dir: "auto", text: line.text })),
      iconButton("trash", () => t("deleteLine"), async () => {
        try {
          await post(`${path}/erase`, { line: line.seq });
          fill(note);
          fill(el, h("p", { class: "hint", text: t("lineGone") }));
        } catch (no) {
          fill(note, refusal(/** @type {any} */ (no)));
        }
      }));
    return el;
  };
  const look = async () => {
    const { reels = [] } = await get(`${path}/chat.json`).catch(() => ({}));
    /** @type {Line[]} */
    const lines = reels.flatMap((/** @type {{lines: Line[]}} */ r) => r.lines).filter((/** @type {Line} */ l) => l.text);
    lines.sort((a, b) => a.at - b.at || a.seq - b.seq);
    fill(list, ...(lines.length ? lines.map(row) : [h("li", { class: "hint", text: t("past.quiet") })]));
  };
  const el = h("details", { class: "terms" }, h("summary", { text: t("past.chat") }), note, list);
  el.addEventListener("toggle", () => /** @type {HTMLDetailsElement} */ (el).open && look());
  return el;
}

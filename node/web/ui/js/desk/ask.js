// Putting titles to the vote: those that everybody who is here may watch, no longer than there is time for. The others
// are there too, with who may not watch them and why.

import { get } from "../core/api.js";
import { bdi, h, refill } from "../core/dom.js";
import { runningTime } from "../core/format.js";
import { recall, remember } from "../core/prefs.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, refusal, t } from "../i18n/index.js";
import { cover } from "../parts/cover.js";
import { whyNot } from "./rights.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Title} from "../core/types.js" */
/** @import {Rights} from "./rights.js" */

const LEAST = 2; // titles
const MOST = 24;
const LENGTHS = [0, 60, 90, 120, 150]; // minutes that a film may last; 0: any
const TIMES = [0, 60, 180, 300]; // seconds that the vote takes; 0: until somebody counts

/** How it stands, in a few words. @param {Session} session */
export const askWords = (session) => t(session.state.ballot ? "tile.ballot.on" : "tile.ballot");

/** @param {{session: Session, listing: Listing, rights: Rights}} world */
export function askSheet({ session, listing, rights }) {
  /** @type {Set<string>} */
  const chosen = new Set();
  /** @type {Record<string, string[]>} */
  let seen = {};
  const list = h("ul", { class: "ask-list" });
  const note = h("p", { class: "trouble", role: "alert" });
  const select = (/** @type {string} */ id, /** @type {number[]} */ all, /** @type {(n: number) => string} */ words) =>
    h("select", { id, onchange: () => draw() }, ...all.map((n) => h("option", { value: String(n), text: () => words(n) })));
  const length = select("ask-length", LENGTHS, (n) => (n ? t("ask.upTo", { time: runningTime(n * 60) }) : t("ask.any")));
  const time = select("ask-time", TIMES, (n) => (n ? runningTime(n) : t("ask.untilCount")));
  const start = h("button", { type: "button", class: "primary wide", onclick: () => ask() });

  const unseen = h("input", { type: "checkbox", id: "ask-unseen", onchange: () => (remember("unseen", unseen.checked), draw()) });
  unseen.checked = recall("unseen", false);

  const fits = (/** @type {Title} */ x) => !Number(length.value) || (x.duration ?? 0) <= Number(length.value) * 60;
  const free = (/** @type {Title} */ x) => !rights.of(x.id).length && !x.offline && fits(x) && !(unseen.checked && seen[x.id]);
  const picked = () => listing.titles.filter((x) => chosen.has(x.id) && free(x));

  const ask = async () => {
    const no = await session.ask("ask", { titles: picked().map((x) => x.id), seconds: Number(time.value) });
    note.textContent = no ? refusal(no) : "";
    if (!no) it.close();
  };

  /** @param {Title} x */
  const row = (x) => {
    const all = rights.of(x.id), locked = all[0], open = free(x);
    const why = h("span", { class: "ballot-why" });
    if (locked) why.append(bdi(session.state.members[locked.member]?.name ?? ""), `: ${whyNot(locked)}`, all.length > 1 ? ` ${t("ask.andMore", { n: all.length - 1 })}` : "");
    else why.append(x.offline ? t("offline") : [x.seriesTitle && t("episodeShort", { s: x.season ?? 1, e: x.episode ?? 1 }), runningTime(x.duration)].filter(Boolean).join(" · "));
    const names = (seen[x.id] ?? []).filter((id) => !all.some((no) => no.member === id)).map((id) => bdi(session.state.members[id]?.name ?? ""));
    if (names.length) why.append(why.textContent ? " · " : "", t("ask.seenBy"), " ", ...names.flatMap((name, i) => (i ? [", ", name] : [name])));
    const box = h("input", { type: "checkbox", id: `ask-${x.id}`, "data-key": x.id, disabled: !open, onchange: () => (chosen.has(x.id) ? chosen.delete(x.id) : chosen.add(x.id), draw()) });
    box.checked = open && chosen.has(x.id);
    return h("li", {}, h("label", { class: `ask-row ${open ? "" : "out"}`, for: box.id }, box, cover({ ...x, live: undefined }),
      h("span", { class: "ballot-words" }, h("span", { class: "ballot-title", text: x.seriesTitle ? `${x.seriesTitle} – ${x.title}` : x.title }), why)));
  };

  const draw = () => {
    const all = listing.titles.filter((x) => x.kind !== "music");
    refill(list, ...all.filter(free).map(row), ...all.filter((x) => !free(x)).map(row));
    const n = picked().length;
    start.textContent = n < LEAST ? t("ask.few") : t("ask.start", { n });
    start.disabled = n < LEAST || n > MOST || Boolean(session.state.ballot);
  };

  const it = sheet({ title: () => t("ballot") }, h("p", { class: "lead", text: () => t("ask.lead") }),
    h("div", { class: "ask-choices" }, h("div", { class: "field" }, h("label", { for: "ask-length", text: () => t("ask.length") }), length), h("div", { class: "field" }, h("label", { for: "ask-time", text: () => t("ask.time") }), time)),
    h("label", { class: "ask-row ask-unseen", for: unseen.id }, unseen, h("span", { text: () => t("ask.unseen") })),
    list, note, start);
  const look = rights.whole(() => it.el.open);
  const lookBack = async () => {
    seen = await get("/api/desk/seen").catch(() => seen);
    draw();
  };
  session.watch((s) => [s.ballot], () => it.el.open && draw());
  session.watch((s) => [s.members], () => it.el.open && lookBack());
  listing.on("changed", () => it.el.open && draw());
  rights.on("changed", () => it.el.open && draw());
  onLanguage(draw);
  return {
    open() {
      note.textContent = "";
      it.open();
      draw();
      look();
      lookBack();
    },
  };
}

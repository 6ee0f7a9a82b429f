// Who opens a link to a party that is to come sees when it begins, by their own clock and zone, and is let in when the doors open.

import { post } from "../core/api.js";
import { bdi, fill, h, icon } from "../core/dom.js";
import { clockTime, dayAndTime, timeOfDay } from "../core/format.js";
import { onLanguage, t } from "../i18n/index.js";
import { languageSwitch } from "./language.js";

/** @typedef {{id: string, name: string, title?: string, words?: string, at: number, doors: number, sequence: number, cancelled?: boolean, open: boolean, now: number}} ToCome */

const AGAIN = 3000; // ms between looks whether something has changed
const TICK = 250; // ms
const DAY = 86400; // seconds

/** Waits for the doors, if the link is to a party that is to come. @param {string} secret */
export async function untilDoors(secret) {
  /** @returns {Promise<ToCome|null>} */
  const look = () => post("/api/scheduled", { secret }).catch(() => null);
  let it = await look();
  if (!it || it.open) return;
  let ahead = it.now - Date.now(); // of the host's clock
  const name = h("h1", { dir: "auto" }), film = h("p", { class: "countdown-film" }), left = h("p", { class: "countdown-left", role: "timer" });
  const picture = h("img", { class: "countdown-poster", alt: "", hidden: true }), shown = { title: "" };
  const when = h("p", {}), doors = h("p", { class: "hint" });
  const calendar = h("button", { type: "button", class: "plain wide", text: () => t("countdown.calendar"), onclick: () => keep(secret) });
  const el = h("main", { class: "door countdown" }, h("div", { class: "beam", "aria-hidden": "true" }),
    h("div", { class: "door-card" }, h("p", { class: "wordmark" }, icon("mark"), "watchparty"), picture, name, film, left, when, doors, calendar),
    h("footer", { class: "door-foot" }, languageSwitch()));
  const tick = () => {
    if (!it || it.cancelled) return void (left.textContent = "");
    const s = Math.max(0, Math.ceil((it.at - Date.now() - ahead) / 1000)), days = Math.floor(s / DAY);
    left.textContent = (days ? `${t("countdown.days", { n: days })} ` : "") + clockTime(s % DAY);
    if (it.at - it.doors * 60000 <= Date.now() + ahead) doors.textContent = t("countdown.soon");
  };
  const draw = () => {
    if (!it) return;
    name.textContent = it.name;
    fill(film, it.words ? bdi(it.words) : null);
    film.hidden = !it.words;
    const { title = "" } = it;
    if (title !== shown.title) {
      shown.title = title;
      poster(secret).then((src) => title === shown.title && ((picture.hidden = !src), src && (picture.src = src)));
    }
    when.textContent = it.cancelled ? t("countdown.off") : t("countdown.begins", { when: dayAndTime(it.at) });
    doors.textContent = t("countdown.doors", { when: timeOfDay(it.at - it.doors * 60000) });
    doors.hidden = left.hidden = Boolean(it.cancelled);
    tick();
  };
  onLanguage(draw);
  draw();
  document.body.append(el);
  const beat = setInterval(tick, TICK);
  while (!it?.open) {
    await new Promise((done) => setTimeout(done, AGAIN));
    const now = await look();
    if (!now) continue; // the host is away: it counts on
    [it, ahead] = [now, now.now - Date.now()];
    draw();
  }
  clearInterval(beat);
  el.remove();
}

/** The film's picture, which only those are given who may watch it. @param {string} secret @returns {Promise<string>} */
async function poster(secret) {
  const answer = await fetch("/api/scheduled/poster", {
    method: "POST", headers: { "X-Watchparty": "1", "Content-Type": "application/json" }, body: JSON.stringify({ secret }), cache: "no-store",
  }).catch(() => null);
  return answer?.ok ? URL.createObjectURL(await answer.blob()) : "";
}

/** The party as a file that calendars take. @param {string} secret */
async function keep(secret) {
  const { ics } = await post("/api/scheduled/calendar", { secret });
  const url = URL.createObjectURL(new Blob([ics], { type: "text/calendar" }));
  h("a", { href: url, download: "watchparty.ics" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

// Numbers as people read them.

import { language, t } from "../i18n/index.js";

/** A position in a film: 4:05, 1:02:09. @param {number} seconds */
export function clockTime(seconds) {
  const s = Math.max(0, Math.floor(seconds || 0));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const rest = `${two(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${rest}` : `${Math.floor(s / 60)}:${rest}`;
}

/** A running time: 1 h 34 min, 74 s. @param {number} [seconds] */
export function runningTime(seconds) {
  if (!seconds) return "";
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

/** @param {number} ms Unix milliseconds */
export function timeOfDay(ms) {
  return new Date(ms).toLocaleTimeString(language(), { hour: "numeric", minute: "2-digit" });
}

/** @param {number|string} when */
export function dayAndTime(when) {
  return new Date(when).toLocaleString(language(), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** 12 500 as the viewer writes it. @param {number} n */
export function amount(n) {
  return new Intl.NumberFormat(language()).format(n);
}

/** @param {number} ms Unix milliseconds */
export function day(ms) {
  return new Date(ms).toLocaleDateString(language(), { day: "numeric", month: "long", year: "numeric" });
}

/** The same where there is little room. @param {number} ms Unix milliseconds */
export function shortDay(ms) {
  return new Date(ms).toLocaleDateString(language(), { day: "numeric", month: "short", year: "numeric" });
}

/** "FR" as the viewer would say it. @param {string} code */
export function regionName(code) {
  if (!code) return t("regionNone");
  try {
    return new Intl.DisplayNames([language()], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** The facts under a title: 2021 · 1 h 34 min · 12+. @param {import("./types.js").Title} title */
export function facts(title) {
  return [title.year || "", runningTime(title.duration), title.rating ? `${title.rating}+` : ""].filter(Boolean).join("  ·  ");
}

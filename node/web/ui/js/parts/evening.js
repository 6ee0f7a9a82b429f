// What the evening came to, on the curtain: hours watched together, who and what, where people talked; and as a picture to keep.

import { avatar, bdi, h } from "../core/dom.js";
import { amount, clockTime, day, runningTime } from "../core/format.js";
import { moments } from "../core/pace.js";
import { drawSvg } from "./eveningsvg.js";
import { language, t } from "../i18n/index.js";
import { heads } from "./sofa.js";

/** @import {Listing} from "../core/listing.js" */
/** @import {EveningSum, ShownSum, State} from "../core/types.js" */
/** @typedef {Pick<State, "name"|"opened"|"members"|"evening">} Held a party that is over */

const TITLES = 4; // shown
const PEOPLE = 6;
const [WIDE, HIGH] = [1200, 630]; // pixels of the picture, as link previews have it

/** The numbers, each as words. @param {EveningSum} e @returns {string[]} */
export function numbers(e) {
  return [
    t("sum.peak", { n: e.peak }), t("sum.lines", { n: e.lines, lines: amount(e.lines) }),
    e.bits ? t("sum.bits", { n: e.bits, bits: amount(e.bits) }) : "", e.reports ? t("sum.drift", { ms: amount(Math.ceil(e.drift95)) }) : "",
    e.waits ? t("sum.waits", { n: e.waits, time: `${Math.round(e.waited ?? 0)} s` }) : "",
  ].filter(Boolean);
}

/** @param {Held} held @param {Listing} listing @returns {HTMLElement|false} */
export function eveningCard(held, listing) {
  const e = held.evening;
  if (!e) return false;
  const shown = e.shown.filter((s) => s.ran > 0).slice(0, TITLES);
  return h("section", { class: "sum", "aria-label": t("sum") },
    h("p", { class: "sum-grand", text: runningTime(e.watched) || "0 s" }), h("p", { class: "eyebrow", text: t("sum.watched") }),
    h("p", { class: "sum-numbers", text: numbers(e).join(" · ") }),
    ...shown.map((s) => film(s, listing.name(s.title))),
    people(e, held),
    (e.ever ?? 0) > e.watched && h("p", { class: "hint", text: t("sum.ever", { time: runningTime(e.ever) }) }),
    h("div", { class: "acts" }, h("button", { type: "button", class: "plain", onclick: () => keep(held, listing), text: t("sum.keep") }),
      h("button", { type: "button", class: "plain", onclick: () => save(new Blob([drawSvg(held, listing)], { type: "image/svg+xml" }), held, "svg"), text: t("sum.svg") })));
}

/** @param {ShownSum} s @param {string} name */
function film(s, name) {
  const most = Math.max(1, ...(s.pace ?? [])), tops = moments(s), at = tops.map(clockTime).join(", ");
  const bars = (s.pace ?? []).map((n) => {
    const bar = h("span", {});
    bar.style.setProperty("--talk", String(n / most));
    return bar;
  });
  return h("div", { class: "sum-film" }, h("p", { class: "sum-title" }, bdi(name), h("span", { class: "sum-ran", text: runningTime(s.ran) })),
    tops.length > 0 && h("div", { class: "sum-pace", role: "img", "aria-label": t("sum.pace", { at }) }, ...bars),
    (tops.length > 0 || Boolean(s.waits)) && h("p", { class: "hint", text: [tops.length ? t("sum.pace", { at }) : "", s.waits ? t("sum.waits", { n: s.waits, time: `${Math.round(s.waited ?? 0)} s` }) : ""].filter(Boolean).join(" · ") }));
}

/** @param {EveningSum} e @param {Held} held */
function people(e, { members }) {
  const known = e.people.filter((p) => members[p.member]);
  return h("ul", { class: "sum-people" }, ...known.slice(0, PEOPLE).map(({ member, watched, people: many }) =>
    h("li", {}, avatar(members[member].name, member), bdi(members[member].name), heads({ people: many }), h("span", { class: "sum-ran", text: runningTime(watched) }))),
  known.length > PEOPLE && h("li", { class: "hint", text: t("sum.more", { n: known.length - PEOPLE }) }));
}

/** Draws the evening. @param {Held} state @param {Listing} listing */
export function draw(state, listing) {
  const e = /** @type {EveningSum} */ (state.evening);
  const canvas = h("canvas", { width: WIDE, height: HIGH }), g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const css = getComputedStyle(document.documentElement), colour = (/** @type {string} */ name) => css.getPropertyValue(name).trim();
  const family = getComputedStyle(document.body).fontFamily;
  const write = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ size, /** @type {string} */ what, weight = 300) => {
    g.font = `${weight} ${size}px ${family}`;
    g.fillStyle = colour(what);
    g.fillText(text, x, y, WIDE - x - 60);
  };
  g.fillStyle = colour("--wall-deep");
  g.fillRect(0, 0, WIDE, HIGH);
  const beam = g.createRadialGradient(WIDE * 0.8, -80, 20, WIDE * 0.8, -80, 760);
  beam.addColorStop(0, "rgb(255 224 171 / 40%)");
  beam.addColorStop(1, "rgb(255 224 171 / 0%)");
  g.fillStyle = beam;
  g.fillRect(0, 0, WIDE, HIGH);
  write(state.name, 60, 100, 34, "--text-soft");
  write(day(state.opened), 60, 142, 22, "--text-quiet", 400);
  write(runningTime(e.watched) || "0 s", 60, 270, 104, "--light-bright", 200);
  write(t("sum.watched"), 64, 316, 24, "--text-quiet", 400);
  write(numbers(e).join("   ·   "), 60, 372, 24, "--text-soft", 400);
  const one = e.shown.filter((s) => s.ran > 0).sort((a, b) => b.watched - a.watched)[0];
  if (one) {
    write(listing.name(one.title), 60, 450, 28, "--text");
    strip(g, one, colour("--light"), colour("--edge-strong"));
  }
  write("watchparty", 60, 600, 20, "--text-quiet", 400);
  return canvas;
}

/** Where people talked, as a row of lights. @param {CanvasRenderingContext2D} g @param {ShownSum} s @param {string} light @param {string} dark */
function strip(g, s, light, dark) {
  const pace = s.pace ?? [], most = Math.max(1, ...pace), step = (WIDE - 120) / (pace.length || 1);
  pace.forEach((n, i) => {
    const high = 6 + (n / most) * 70;
    g.fillStyle = n ? light : dark;
    g.globalAlpha = n ? 0.35 + (0.65 * n) / most : 1;
    g.fillRect(60 + i * step, 552 - high, step - 4, high);
  });
  g.globalAlpha = 1;
}

/** @param {Held} held @param {Listing} listing */
function keep(held, listing) {
  draw(held, listing).toBlob((blob) => blob && save(blob, held, "png"), "image/png");
}

/** @param {Blob} blob @param {Held} held @param {string} kind */
function save(blob, held, kind) {
  const url = URL.createObjectURL(blob);
  const date = new Date(held.opened).toLocaleDateString("sv");
  h("a", { href: url, download: `watchparty-${date}.${kind}`, hreflang: language() }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

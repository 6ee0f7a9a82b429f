// The same picture of an evening as a drawing that keeps sharp at every size. Every word in it is text.

import { day, runningTime } from "../core/format.js";
import { t } from "../i18n/index.js";
import { numbers } from "./evening.js";

/** @import {Listing} from "../core/listing.js" */
/** @import {EveningSum} from "../core/types.js" */
/** @import {Held} from "./evening.js" */

const SVG = "http://www.w3.org/2000/svg";
const [WIDE, HIGH] = [1200, 630];
const TITLES = 3; // with where people talked, one below the other

/** @param {string} name @param {Record<string, string|number>} props @param {...(Node|string)} inside */
function el(name, props, ...inside) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(props)) made.setAttribute(key, String(value));
  made.append(...inside);
  return made;
}

/** @param {Held} held @param {Listing} listing @returns {string} */
export function drawSvg(held, listing) {
  const e = /** @type {EveningSum} */ (held.evening), css = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => css.getPropertyValue(name).trim();
  const write = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ size, /** @type {string} */ what, weight = 300) =>
    el("text", { x, y, "font-size": size, "font-weight": weight, fill: colour(what) }, text);
  const shown = e.shown.filter((s) => s.ran > 0).sort((a, b) => b.watched - a.watched).slice(0, TITLES);
  const room = 190 / Math.max(shown.length, 1);
  const strips = shown.flatMap((s, i) => {
    const y = 400 + i * room, pace = s.pace ?? [], most = Math.max(1, ...pace), step = (WIDE - 120) / (pace.length || 1), tall = room - 34;
    return [write(listing.name(s.title), 60, y + 18, 20, "--text", 400), ...pace.map((n, k) => {
      const high = 3 + (n / most) * (tall - 3);
      return el("rect", { x: (60 + k * step).toFixed(1), y: (y + 26 + tall - high).toFixed(1), width: (step - 4).toFixed(1), height: high.toFixed(1), fill: colour(n ? "--light" : "--edge-strong"), "fill-opacity": n ? (0.35 + (0.65 * n) / most).toFixed(2) : 1 });
    })];
  });
  const picture = el("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, width: WIDE, height: HIGH, "font-family": "system-ui, sans-serif" },
    el("title", {}, `${held.name}, ${day(held.opened)}`), el("rect", { width: WIDE, height: HIGH, fill: colour("--wall-deep") }),
    write(held.name, 60, 90, 34, "--text-soft"), write(day(held.opened), 60, 128, 22, "--text-quiet", 400),
    write(runningTime(e.watched) || "0 s", 60, 246, 104, "--light-bright", 200), write(t("sum.watched"), 64, 290, 24, "--text-quiet", 400),
    write(numbers(e).join("   ·   "), 60, 346, 24, "--text-soft", 400), ...strips, write("watchparty", 60, 612, 20, "--text-quiet", 400));
  return new XMLSerializer().serializeToString(picture);
}

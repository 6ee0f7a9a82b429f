// How well all screens keep together, in one line: over the last minute, by what they say of
// themselves, and over the whole evening, by the log.

import { h } from "../core/dom.js";
import { add, count, plus, quantile } from "../core/drift.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Film} from "../parts/film.js" */
/** @import {Drift} from "../core/drift.js" */

const SLICE = 5000; // ms
const SLICES = 12; // a minute
const OWN = 2000; // ms between looks at this page's own film, as often as others report
export const GOOD = 20; // ms: within a frame or so
export const FAIR = 80;

/** What a drift is worth: the classes of the table. @param {number} ms */
export function worth(ms) {
  return Math.abs(ms) <= GOOD ? "yes" : Math.abs(ms) <= FAIR ? "fair" : "no";
}

/** The last minute, in slices of which the oldest is let go. */
export class Minute {
  /** @type {{at: number, drift: Drift|undefined, screens: Set<string>}[]} */
  #slices = [];

  /** @param {string} screen @param {number} ms @param {number} now */
  add(screen, ms, now) {
    this.#forget(now);
    let slice = this.#slices.at(-1);
    if (!slice || now - slice.at >= SLICE) this.#slices.push((slice = { at: now, drift: undefined, screens: new Set() }));
    slice.drift = add(slice.drift, ms);
    slice.screens.add(screen);
  }

  /** @param {number} now */
  #forget(now) {
    while (this.#slices.length && now - this.#slices[0].at >= SLICE * SLICES) this.#slices.shift();
  }

  /** @param {number} now */
  read(now) {
    this.#forget(now);
    const drift = this.#slices.reduce((sum, s) => plus(sum, s.drift), plus());
    const screens = new Set(this.#slices.flatMap((s) => [...s.screens])).size;
    return { screens, drift };
  }
}

/** A bound that nothing counted exceeds, in whole milliseconds. @param {Drift} drift @param {number} q */
const within = (drift, q) => Math.max(Math.ceil(quantile(drift, q)), 1);

export class Sync {
  #session;
  #minute = new Minute();
  #now = h("p", { class: "drift sync-now" });
  #evening = h("p", { class: "sync-evening" });
  el = h("div", { class: "sync" }, this.#now, this.#evening);

  /** @param {Session} session @param {Film} film */
  constructor(session, film) {
    this.#session = session;
    session.on("signal", (s) => s.drift?.state === "playing" && s.drift.why !== "start" && this.#minute.add(`${s.by} ${s.screen}`, s.drift.ms, performance.now()));
    setInterval(() => {
      if (film.doing === "playing" && film.measured && !film.behind) this.#minute.add(`${session.me.member} ${session.screen}`, film.drift, performance.now());
      this.draw();
    }, OWN);
    session.watch((s) => [s.drift], () => this.draw());
    onLanguage(() => this.draw());
  }

  draw() {
    const { screens, drift } = this.#minute.read(performance.now());
    const { drift: evening } = this.#session.state;
    const said = (/** @type {string} */ key, /** @type {Drift} */ d, n = screens) => t(key, { p50: within(d, 0.5), p95: within(d, 0.95), n });
    put(this.#now, screens ? said("sync.now", drift) : t("sync.none"));
    this.#now.dataset.good = screens ? worth(within(drift, 0.95)) : "";
    put(this.#evening, evening && count(evening) ? said("sync.evening", evening) : "");
  }
}

/** @param {HTMLElement} el @param {string} text */
function put(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

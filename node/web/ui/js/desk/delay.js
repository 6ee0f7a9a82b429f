// How far the cameras on stage are behind at everybody's screens, by what these say, in one line.

import { h } from "../core/dom.js";
import { t, onLanguage } from "../i18n/index.js";
import { middle } from "../parts/delay.js";

/** @import {Session} from "../core/session.js" */

const FRESH = 8000; // ms: what was said before is not worth anything
const DRAWN = 1000; // ms between looks
const GOOD = 80; // ms: what is aimed at on one network
const FAIR = 150; // and through a node

/** @typedef {{face: string, ms: number, sends?: boolean}} Said of one screen: what it takes to send a face, or to show it */

/** What is known: the middle of all screens, and the worst. @param {Said[]} all */
export function behind(all) {
  const sent = new Map(all.filter((s) => s.sends).map((s) => [s.face, s.ms]));
  const seen = all.filter((s) => !s.sends).map((s) => s.ms + (sent.get(s.face) ?? 0));
  return seen.length ? { ms: Math.round(middle(seen)), most: Math.round(Math.max(...seen)) } : undefined;
}

export class Delays {
  #session;
  /** @type {Map<string, {said: Said, at: number}>} by screen and face */
  #last = new Map();
  el = h("p", { class: "on-air-delay", hidden: true, title: () => t("delay.how") });

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    session.on("signal", ({ by, screen, delay }) => delay && this.#last.set(`${by} ${screen} ${delay.face} ${delay.sends}`, { said: delay, at: Date.now() }));
    session.watch((s) => [s.stage], () => this.draw());
    setInterval(() => this.draw(), DRAWN);
    onLanguage(() => this.draw());
  }

  draw() {
    const here = new Set((this.#session.state.stage ?? []).filter((f) => f.since).map((f) => f.member));
    const late = Date.now() - FRESH;
    for (const [key, { said, at }] of this.#last) if (at < late || !here.has(said.face)) this.#last.delete(key);
    const known = behind([...this.#last.values()].map(({ said }) => said));
    this.el.hidden = !known;
    if (!known) return;
    this.el.textContent = t(known.most > known.ms ? "delay.most" : "delay", known);
    this.el.dataset.good = known.ms <= GOOD ? "yes" : known.ms <= FAIR ? "fair" : "no";
  }
}

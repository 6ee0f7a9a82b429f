// The room's rights: for every title, who of those present may watch it, and who may not and why, in a line that keeps
// itself up to date as people come and go and rules change.

import { get } from "../core/api.js";
import { bdi, h, icon, refill } from "../core/dom.js";
import { Emitter } from "../core/emitter.js";
import { dayAndTime, regionName } from "../core/format.js";
import { onLanguage, t } from "../i18n/index.js";
import { present } from "../parts/ballot.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @typedef {{member: string, code: string, reason: string, region?: string, needs?: string, opens?: number}} Locked */

const AGAIN = 20000; // ms between looks of themselves: windows open and memberships end
const GATHER = 120; // ms in which what changes is asked about once

/** Why somebody may not watch, in a few words. @param {Locked} locked */
export function whyNot({ code, reason, region, needs, opens }) {
  if (code === "WP-REGION") return region && region !== "ZZ" ? t("rights.region", { region: regionName(region) }) : t("rights.noRegion");
  if (code === "WP-WINDOW" && opens) return t("rights.opens", { when: dayAndTime(opens) });
  if (code === "WP-MEMBERSHIP" && needs) return t("rights.needs", { tier: needs });
  return code === "WP-RATING" ? t("rights.rating") : reason;
}

/** @extends {Emitter<{changed: undefined}>} */
export class Rights extends Emitter {
  /** About what is on. */
  now = h("p", { class: "rights-now" });
  #session;
  /** @type {Record<string, Locked[]>} */
  #locked = {};
  /** @type {Set<{el: HTMLElement, ids: string[]}>} */
  #marks = new Set();
  #known = false;
  /** @type {() => boolean} whether all titles are asked about, besides those with a line */
  #all = () => false;
  #timer = 0;
  #asked = 0;

  /** @param {Session} session @param {Listing} listing */
  constructor(session, listing) {
    super();
    this.#session = session;
    session.watch((s) => [s.members], () => this.#soon());
    session.watch((s) => [s.timeline.title], ({ timeline: { title } }) => refill(this.now, title && this.mark([title])));
    listing.on("changed", () => this.#soon());
    onLanguage(() => this.#soon());
    setInterval(() => this.#soon(), AGAIN);
  }

  /** Has all titles asked about while that holds. @param {() => boolean} holds */
  whole(holds) {
    this.#all = holds;
    return () => this.#soon();
  }

  /** Those present who may not watch a title. @param {string} id */
  of(id) {
    const { members } = this.#session.state;
    return (this.#locked[id] ?? []).filter(({ member }) => members[member]?.screens?.length && !members[member].removed);
  }

  /** A line about one title, or about the one of several that fewest may watch. @param {string[]} ids */
  mark(ids) {
    const mark = { el: h("span", { class: "rights", hidden: true }), ids };
    this.#marks.add(mark);
    this.#write(mark);
    this.#soon();
    return mark.el;
  }

  #soon() {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#look();
    }, GATHER);
  }

  async #look() {
    const asked = ++this.#asked;
    for (const mark of this.#marks) mark.el.isConnected || this.#marks.delete(mark);
    const ids = new Set([...this.#marks].flatMap((mark) => mark.ids));
    if (!ids.size && !this.#all()) return;
    const one = ids.size === 1 && !this.#all() ? `?title=${encodeURIComponent([...ids][0])}` : "";
    const answer = await get(`/api/desk/rights${one}`).catch(() => null);
    if (!answer || asked !== this.#asked) return;
    this.#locked = answer;
    this.#known = true;
    for (const mark of this.#marks) this.#write(mark);
    this.emit("changed", undefined);
  }

  /** @param {{el: HTMLElement, ids: string[]}} mark */
  #write({ el, ids }) {
    const of = present(this.#session.state).length;
    el.hidden = !this.#known || of < 2 || !ids.length;
    if (el.hidden) return;
    const worst = ids.map((id) => this.of(id)).reduce((a, b) => (b.length > a.length ? b : a));
    el.dataset.all = String(!worst.length);
    if (!worst.length) return refill(el, icon("check"), t("rights.all", { n: of }));
    const [first] = worst;
    refill(el, icon("lock"), h("span", {}, t("rights.some", { n: of - worst.length, of }), " · ", bdi(this.#session.state.members[first.member]?.name ?? ""), `: ${whyNot(first)}`,
      worst.length > 1 && `, ${t("andMore", { n: worst.length - 1 })}`));
  }
}

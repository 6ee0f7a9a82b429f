// The vote about what to watch, above the chat: tap what you would like, as much as you like; a veto keeps one out.
// What somebody who is present may not watch is out, and it says why.

import { bdi, h, icon, iconButton, refill } from "../core/dom.js";
import { clockTime, regionName, runningTime } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { onLanguage, t } from "../i18n/index.js";
import { cover } from "./cover.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Bar, State} from "../core/types.js" */

const TICK = 500; // ms between looks at the clock

/** Who is present. @param {State} state */
export const present = (state) => Object.values(state.members).filter((m) => m.screens?.length && !m.removed);

/** Why a title is out. @param {Bar} bar */
export function barWords({ code, region }) {
  if (code === "WP-REGION") return region ? t("barred.region", { region: regionName(region) }) : t("barred.noRegion");
  const key = `barred.${code}`;
  return t(key) === key ? t("barred") : t(key);
}

export class Ballot {
  #session; #listing;
  #when = h("span", { class: "ballot-when" });
  #list = h("ul", { class: "ballot-list" });
  #said = h("p", { class: "unseen", role: "status" });
  #count = h("button", { type: "button", class: "small ballot-count", onclick: () => this.#session.wish("count"), text: () => t("ballot.count") });
  #drop = h("button", { type: "button", class: "small", onclick: () => this.#session.wish("count", { drop: true }), text: () => t("ballot.drop") });
  #rule = h("p", { class: "hint", text: () => t("ballot.rule") });
  #foot = h("div", { class: "ballot-foot" }, this.#drop, this.#count);
  #beat = 0;
  #id = "";
  el = h("details", { class: "ballot", name: "asked", hidden: true, "aria-label": () => t("ballot") },
    h("summary", { class: "ballot-head" }, h("h3", { class: "eyebrow", text: () => t("ballot") }), this.#when),
    h("div", { class: "ballot-body" }, this.#list, this.#rule, this.#foot), this.#said);

  /** @param {Session} session @param {Listing} listing */
  constructor(session, listing) {
    this.#session = session;
    this.#listing = listing;
    session.watch((s) => [s.ballot, s.members, s.policy, s.ended], perFrame(() => this.#draw()));
    listing.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
  }

  #draw() {
    const { ballot } = this.#session.state;
    clearInterval(this.#beat);
    this.el.hidden = !ballot;
    if (!ballot) return void (this.#id = "");
    if (ballot.id !== this.#id) {
      this.#id = ballot.id;
      this.el.open = true;
      this.#said.textContent = t("ballot.said", { n: ballot.titles.length });
    }
    refill(this.#list, ...ballot.titles.map((id) => this.#row(id)));
    this.#foot.hidden = !this.#session.may("drive");
    this.#tick();
    if (ballot.until) this.#beat = setInterval(() => this.#tick(), TICK);
  }

  #tick() {
    const { state, clock } = this.#session;
    const here = present(state), voted = here.filter((m) => state.ballot?.votes?.[m.id]?.length).length;
    const left = state.ballot?.until ? `${clockTime(Math.max(state.ballot.until - clock.now(), 0) / 1000 + 0.5)} · ` : "";
    this.#when.textContent = left + t("ballot.voted", { n: voted, of: here.length });
  }

  /** @param {string} id of a title */
  #row(id) {
    const { state, me } = this.#session, { ballot } = state;
    const title = { ...(this.#listing.find(id) ?? { id, duration: 0 }), title: this.#listing.name(id) };
    const here = present(state), likes = here.filter((m) => ballot?.votes?.[m.id]?.includes(id)), against = here.filter((m) => ballot?.vetoes?.[m.id] === id);
    const bar = ballot?.barred?.find((b) => b.title === id), own = ballot?.votes?.[me.member] ?? [], mine = own.includes(id), vetoed = ballot?.vetoes?.[me.member] === id;
    const why = h("span", { class: "ballot-why" });
    if (bar) why.append(barWords(bar));
    else if (against.length) why.append(t("ballot.vetoed"), " ", bdi(against[0].name));
    else why.append([runningTime(title.duration), likes.length ? t("ballot.likes", { n: likes.length }) : ""].filter(Boolean).join(" · "));
    const share = h("span", { class: "ballot-share", "aria-hidden": "true" });
    share.style.setProperty("--share", String(here.length ? likes.length / here.length : 0));
    const choose = h("button", {
      type: "button", class: "ballot-choice", "data-key": `vote ${id}`, "aria-pressed": String(mine), disabled: Boolean(bar),
      onclick: () => this.#session.wish("approve", { titles: mine ? own.filter((x) => x !== id) : [...own, id] }),
    }, share, cover({ ...title, live: undefined }), h("span", { class: "ballot-words" }, h("span", { class: "ballot-title", text: title.title }), why), icon("check"));
    const veto = iconButton("veto", () => `${t(vetoed ? "ballot.unveto" : "ballot.veto")}: ${title.title}`, () => this.#session.wish("veto", { title: vetoed ? "" : id }),
      { class: "quiet", "data-key": `veto ${id}`, "aria-pressed": String(vetoed), disabled: Boolean(bar) });
    return h("li", { class: `ballot-row ${bar || against.length ? "out" : ""}` }, choose, veto);
  }
}

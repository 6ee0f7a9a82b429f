// The quick actions: large, calm tiles. Each says what it does and how things stand.

import { fill, h, icon } from "../core/dom.js";
import { perFrame } from "../core/frame.js";
import { sheet } from "../core/sheet.js";
import { ROLES } from "../core/log.js";
import { onLanguage, t } from "../i18n/index.js";
import { askSheet, askWords } from "./ask.js";
import { scheduledSheet } from "./scheduled.js";
import { pollSheet, pollWords } from "./poll.js";
import { moderationSheet } from "./moderation.js";
import { tariffSheet, tariffWords } from "./tariff.js";
import { ruleWords, waitingSheet } from "./waiting.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Desk} from "./house.js" */
/** @import {Rights} from "./rights.js" */

/** @typedef {{el: HTMLButtonElement, name: HTMLElement, hint: HTMLElement}} Tile */

/** @param {string} sign @param {() => void} onclick @param {string} [sort] @returns {Tile} */
function tile(sign, onclick, sort = "") {
  const name = h("span", { class: "tile-name" });
  const hint = h("span", { class: "tile-hint" });
  const el = h("button", { type: "button", class: `tile ${sort}`, onclick }, icon(sign), h("span", { class: "tile-words" }, name, hint));
  return { el, name, hint };
}

/** Who drives: the lowest role, or the room by vote. @param {import("../core/types.js").Policy} policy */
const driver = (policy) => (policy.vote ? "vote" : policy.drive);

export class Actions {
  #session; #listing; #desk;
  /** @type {Record<string, Tile>} */
  #tiles;

  /**
   * @param {{session: Session, listing: Listing, desk: Desk, rights: Rights}} world
   * @param {{titles: () => void, invite: () => void, camera: () => void, catalog: () => void, rehearsal: () => void, past: () => void}} open
   */
  constructor({ session, listing, desk, rights }, open) {
    this.#session = session;
    this.#listing = listing;
    this.#desk = desk;
    const remote = this.#remote();
    const waiting = waitingSheet(session);
    const tariff = tariffSheet(session);
    const ask = askSheet({ session, listing, rights });
    const poll = pollSheet(session);
    const scheduled = scheduledSheet(listing);
    const end = this.#end();
    this.moderation = moderationSheet(session);
    this.#tiles = {
      film: tile("films", open.titles, "main"), next: tile("next", () => session.wish("next")), ballot: tile("check", () => ask.open()), poll: tile("poll", () => poll.open()), invite: tile("invite", open.invite), scheduled: tile("calendar", () => scheduled.open()),
      camera: tile("camera", open.camera), remote: tile("remote", () => remote.open()), waiting: tile("hourglass", () => waiting.open()), bits: tile("bit", () => tariff.open()), moderation: tile("shield", () => this.moderation.open()), rehearsal: tile("seat", open.rehearsal), past: tile("clock", open.past), catalog: tile("shelf", open.catalog), end: tile("end", () => end.open(), "quiet"),
    };
    this.el = h("section", { class: "tiles", "aria-label": () => t("quickActions") }, ...Object.values(this.#tiles).map((x) => x.el));
    session.watch((s) => [s.timeline, s.queue, s.policy, s.ballot, s.goal, s.rules, s.poll, s.prediction], perFrame(() => this.#draw()));
    listing.on("changed", () => this.#draw());
    desk.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
  }

  #draw() {
    const { state } = this.#session;
    const following = this.#listing.following(state.timeline.title);
    const nextId = state.queue[0]?.title ?? following?.id;
    const { problems } = this.#desk;
    /** @type {Record<string, [string, string]>} */
    const words = {
      film: [t("tile.film"), t("tile.film.hint", { n: this.#listing.titles.length })],
      next: [t(!state.queue.length && following ? "nextEpisode" : "next"), nextId ? this.#next(nextId) : t("tile.next.none")],
      ballot: [t("tile.ballot.name"), askWords(this.#session)],
      scheduled: [t("scheduled"), t("tile.scheduled")],
      poll: [t("poll"), pollWords(state)],
      invite: [t("invite"), t("tile.invite.hint")],
      camera: [t("camera"), t("tile.camera.hint")],
      remote: [t("remote"), t(`drive.${driver(state.policy)}`)],
      waiting: [t("waiting"), ruleWords(state.policy)],
      bits: ["Bits", tariffWords(state)],
      moderation: [t("moderation"), this.moderation.words()],
      rehearsal: [t("rehearsal"), t("tile.rehearsal.hint")],
      past: [t("past"), t("tile.past.hint")],
      catalog: [t("catalog"), problems.length ? t("problems", { n: problems.length }) : t("catalogWell")],
      end: [t("end"), t("tile.end.hint")],
    };
    for (const [key, [name, hint]] of Object.entries(words)) {
      const one = this.#tiles[key];
      one.name.textContent = name;
      one.hint.textContent = hint;
      one.el.setAttribute("aria-label", name);
      one.el.title = hint;
    }
    this.#tiles.next.el.disabled = !nextId;
    this.#tiles.next.el.classList.toggle("warns", Boolean(nextId && this.#missing(nextId)));
    this.#tiles.catalog.el.classList.toggle("warns", problems.length > 0);
  }

  /** What is wrong with it is said before anybody puts it on. @param {string} id */
  #next(id) {
    const name = this.#listing.name(id);
    return this.#listing.find(id)?.offline ? `${name} · ${t("offline")}` : name;
  }

  /** @param {string} id */
  #missing(id) {
    const title = this.#listing.find(id);
    return title ? title.offline : this.#listing.loaded;
  }

  #remote() {
    const group = h("div", { class: "stack", role: "group", "aria-label": () => t("remote") });
    const draw = () => fill(group, ...[...ROLES, "vote"].map((who) => h("button", {
      type: "button", class: "choice tall-choice", "aria-pressed": String(driver(this.#session.state.policy) === who),
      onclick: () => this.#session.wish("set", who === "vote" ? { drive: "moderator", vote: true } : { drive: who, vote: false }), text: t(`drive.${who}`),
    })), h("p", { class: "hint", text: t("driveVote") }));
    const it = sheet({ title: () => t("remote"), kind: "small" }, h("p", { class: "lead", text: () => t("driveLead") }), group);
    this.#session.watch((s) => [s.policy], draw);
    onLanguage(draw);
    return it;
  }

  #end() {
    const it = sheet({ title: () => t("end"), kind: "small" }, h("p", { class: "lead", text: () => t("endLead") }),
      h("div", { class: "acts" }, h("button", { type: "button", class: "plain", onclick: () => it.close(), text: () => t("cancel") }),
        h("button", { type: "button", class: "plain danger", onclick: () => (it.close(), this.#session.wish("end")), text: () => t("endSure") })));
    return it;
  }
}

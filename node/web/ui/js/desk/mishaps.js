// What went wrong lately with one guest, one film or the machine, while the party goes on: a sentence each, under the film.

import { h, icon, iconButton, refill } from "../core/dom.js";
import { timeOfDay } from "../core/format.js";
import { onLanguage, rich, t } from "../i18n/index.js";

/** @import {Desk, Mishap} from "./house.js" */
/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */

const KINDS = ["flood", "slow", "malformed", "full", "gone", "disk", "converter"];
const SHOWN = 4; // the latest

export class Mishaps {
  #desk; #listing;
  /** @type {Set<string>} those that the host has read */
  #read = new Set();
  el = h("ul", { class: "mishaps", role: "status", "aria-label": () => t("mishaps") });

  /** @param {Session} session @param {Desk} desk @param {Listing} listing */
  constructor(session, desk, listing) {
    this.#desk = desk;
    this.#listing = listing;
    session.on("signal", (s) => s.mishap && desk.refresh());
    desk.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
  }

  #draw() {
    const all = (this.#desk.facts.mishaps ?? []).filter((m) => KINDS.includes(m.kind) && !this.#read.has(key(m))).slice(0, SHOWN);
    refill(this.el, ...all.map((m) => h("li", { "data-kind": m.kind }, icon("warning"),
      h("p", {}, ...this.#sentence(m)),
      h("span", { class: "mishap-when", text: [timeOfDay(Date.parse(m.at)), m.n > 1 ? t("mishap.times", { n: m.n }) : ""].filter(Boolean).join(" · ") }),
      iconButton("close", () => t("mishap.read"), () => {
        this.#read.add(key(m));
        this.#draw();
      }, { "data-key": `${m.kind} ${m.who}` }))));
  }

  /** @param {Mishap} m */
  #sentence({ kind, who = "" }) {
    return rich(`mishap.${kind}`, { who, title: this.#listing.name(who) });
  }
}

/** It is read until it happens again. @param {Mishap} m */
const key = (m) => [m.kind, m.who, m.n].join(" ");

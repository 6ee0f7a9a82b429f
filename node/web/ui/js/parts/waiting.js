// Whom everybody waits for: a quiet card over the film, with the reason and how long still; and the
// button that says enough.

import { avatar, bdi, fill, h, icon, refill } from "../core/dom.js";
import { runningTime } from "../core/format.js";
import { grouped } from "../core/waits.js";
import { onLanguage, rich, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Film} from "./film.js" */
/** @import {Waits, Waited} from "../core/waits.js" */
/** @import {Turn} from "./turn.js" */

/** @typedef {Waited & {mine: boolean}} Late */

const QUICK = 400; // ms: a start that takes no longer shows nothing
const DRAWN = 250; // ms between looks at the clock
const FACES = 3;
const WHYS = ["decoder", "silent", "convert"]; // and network

/**
 * The sentence over all: its key and what is in it.
 * @param {Late[]} late
 * @param {(member: string) => string} name
 * @returns {[string, Record<string, any>]}
 */
export function headline(late, name) {
  const more = late.length - 1;
  if (late[0]?.mine) return more ? ["wait.youAnd", { n: more }] : ["wait.you", {}];
  const first = name(late[0]?.member ?? "");
  return more > 0 ? ["wait.many", { name: first, n: more }] : ["wait.one", { name: first }];
}

/** Why, in words: of others or of oneself. @param {Late} one @param {string} [first] what the host's machine has to do first */
export function reason({ why, mine }, first) {
  if (mine && why === "convert" && first) return first;
  return t(`${mine ? "why.mine" : "why"}.${WHYS.includes(why) ? why : "network"}`);
}

/**
 * What this page's button may do about it.
 * @param {{vote: boolean, drives: boolean, ready: boolean, mine: boolean, voted: boolean}} now
 * @returns {"go"|"goMine"|"voted"|""}
 */
export function offer({ vote, drives, ready, mine, voted }) {
  if (vote) return voted ? "voted" : ready && !mine ? "go" : "";
  if (!drives) return "";
  return mine ? "goMine" : "go";
}

export class Waiting {
  #session; #film; #waits; #turn;
  #faces = h("span", { class: "heads", "aria-hidden": "true" });
  #title = h("p", { class: "held-title" });
  #why = h("p", { class: "held-why" });
  #list = h("ul", { class: "held-list" });
  #count = h("span", { class: "held-count" });
  #tally = h("span", { class: "held-tally" });
  #button = h("button", { type: "button", class: "small held-go", onclick: () => this.#go() });
  #line = h("div", { class: "held-line", "aria-hidden": "true" }, h("span"));
  #said = h("p", { class: "unseen", role: "status" });
  #timer = 0;
  #beat = 0;
  #shown = false;
  #drawn = "";

  /** @param {{session: Session, film: Film, waits: Waits, turn: Turn}} world */
  constructor({ session, film, waits, turn }) {
    this.#session = session;
    this.#film = film;
    this.#waits = waits;
    this.#turn = turn;
    this.card = h("section", { class: "held-card", "aria-label": () => t("waiting"), hidden: true, ondblclick: (/** @type {Event} */ e) => e.stopPropagation() },
      h("div", { class: "held-who" }, this.#faces, h("div", { class: "held-words" }, this.#title, this.#why)), this.#list,
      h("div", { class: "held-foot" }, h("p", { class: "held-when" }, this.#count, this.#tally), this.#button), this.#line);
    this.el = h("div", { class: "held" }, this.#said, this.card);
    waits.on("changed", () => this.#look());
    film.on("doing", () => this.#shown && this.#draw());
    onLanguage(() => this.#shown && this.#draw(true));
  }

  #look() {
    const { held } = this.#waits;
    if (held && this.#shown) return this.#draw();
    if (held === Boolean(this.#timer)) return;
    clearTimeout(this.#timer);
    this.#timer = held ? setTimeout(() => this.#show(), QUICK) : 0;
    if (!held) this.#hide();
  }

  #show() {
    this.#shown = true;
    this.card.hidden = false;
    this.#beat = setInterval(() => this.#tick(), DRAWN);
    this.#draw(true);
  }

  #hide() {
    this.#shown = false;
    this.card.hidden = true;
    this.#said.textContent = "";
    clearInterval(this.#beat);
  }

  /** @param {string} member */
  #name(member) {
    return this.#session.state.members[member]?.name ?? t("somebody");
  }

  /** @param {Late} one */
  #reason(one) {
    return reason(one, this.#turn.first);
  }

  #late() {
    return grouped(this.#waits.for, (screen) => this.#waits.mine(screen));
  }

  #draw(again = false) {
    const late = this.#late();
    const key = JSON.stringify(late.map((one) => [one.member, this.#reason(one), one.mine, this.#name(one.member)]));
    if (key !== this.#drawn || again) this.#people(late);
    this.#drawn = key;
    this.#offer(late);
    this.#tick();
  }

  /** @param {Late[]} late */
  #people(late) {
    const [key, params] = headline(late, (member) => this.#name(member));
    fill(this.#faces, ...late.slice(0, FACES).map((one) => avatar(this.#name(one.member), one.member)));
    fill(this.#title, ...rich(key, params));
    refill(this.#list, ...(late.length > 1 ? late.map((one) => h("li", {}, h("span", { class: `held-name ${one.mine ? "own" : ""}` }, one.mine ? t("you") : bdi(this.#name(one.member))), h("span", { class: "held-why", text: this.#reason(one) }))) : []));
    this.#list.hidden = late.length < 2;
    this.#said.textContent = `${t(key, params)}: ${late.map((one) => reason(one)).join(", ")}`;
  }

  /** @param {Late[]} late */
  #offer(late) {
    const { policy, urged = [] } = this.#session.state;
    const vote = policy.wait === "vote";
    const what = offer({
      vote, drives: this.#session.may("drive"), ready: this.#film.doing === "paused", mine: Boolean(late[0]?.mine),
      voted: urged.includes(this.#session.me.member),
    });
    this.#button.hidden = !what;
    if (what && this.#button.dataset.what !== what + document.documentElement.lang) {
      fill(this.#button, what === "voted" && icon("check"), t(`wait.${what}`));
      this.#button.setAttribute("aria-pressed", String(what === "voted"));
      this.#button.dataset.what = what + document.documentElement.lang;
    }
    const of = Math.max(this.#waits.ready, urged.length);
    put(this.#tally, vote && of ? t("wait.tally", { m: urged.length, of }) : "");
  }

  /** What only the clock changes. */
  #tick() {
    const now = this.#session.clock.now();
    const late = this.#late();
    const left = Math.max(this.#waits.until - now, 0);
    const began = Math.max(late[0]?.since ?? now, this.#session.state.timeline.at); // before, nobody waited
    const since = Math.max(Math.round((now - began) / 1000), 0);
    if (late.length === 1) put(this.#why, [this.#reason(late[0]), since ? t("wait.time", { time: runningTime(since) }) : ""].filter(Boolean).join(" · "));
    else put(this.#why, since ? t("wait.time", { time: runningTime(since) }) : "");
    put(this.#count, left > 0 ? t("wait.until", { time: runningTime(Math.ceil(left / 1000)) }) : t("wait.now"));
    const all = Math.max(this.#waits.until - this.#session.state.timeline.at, 1);
    this.#line.style.setProperty("--left", String(Math.min(left / all, 1)));
  }

  #go() {
    if (this.#button.getAttribute("aria-pressed") !== "true") this.#session.wish("urge");
  }
}

/** @param {HTMLElement} el @param {string} text */
function put(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

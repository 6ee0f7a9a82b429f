// A poll, above the chat: tap your answer, and change it as long as it is open. How it stands lies as a light behind the
// answers; closed, the result stands for a minute.

import { h, icon, iconButton, refill } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { counts } from "../core/poll.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

const TICK = 500; // ms between looks at the clock
const STANDS = 60000; // ms that a result stands

/** What is left of a time, before other words. @param {number|undefined} until @param {number} now host time */
export const timeLeft = (until, now) => (until ? `${clockTime(Math.max(until - now, 0) / 1000 + 0.5)} · ` : "");

/**
 * What polls and predictions have in common: a card that opens with each new one, and goes when its result has been seen.
 * @param {{kind: string, session: Session, now: () => {id: string, over?: number}|undefined, said: () => string, draw: () => void, tick: () => void, body: HTMLElement[]}} what
 */
export function askedCard({ kind, session, now, said, draw, tick, body }) {
  const when = h("span", { class: "ballot-when" });
  const status = h("p", { class: "unseen", role: "status" });
  const off = iconButton("close", () => t("close"), (e) => (e.preventDefault(), (seen = id), look()), { class: "quiet asked-off" });
  const el = h("details", { class: `ballot asked asked-${kind}`, name: "asked", hidden: true, "aria-label": () => t(kind) },
    h("summary", { class: "ballot-head" }, h("h3", { class: "eyebrow", text: () => t(kind) }), when, off), h("div", { class: "ballot-body" }, ...body), status);
  let id = "", told = "", seen = "", beat = 0;
  const look = () => {
    const it = now();
    clearInterval(beat);
    const done = it?.over && (it.over + STANDS < session.clock.now() || it.id === seen || (it.id === id && !el.open));
    const stands = it && !done && !session.state.ended;
    el.hidden = !stands;
    if (!it || !stands) return;
    if (it.id !== id) {
      id = it.id;
      el.open = true;
    }
    off.hidden = !it.over;
    el.classList.toggle("is-over", Boolean(it.over));
    if (said() !== told) status.textContent = told = said();
    draw();
    tick();
    beat = setInterval(() => (it.over ? it.over + STANDS < session.clock.now() && look() : tick()), TICK);
  };
  el.addEventListener("toggle", look); // one that is over goes when another opens
  onLanguage(look);
  return { el, when, look: perFrame(look) };
}

/** A light behind a row, as long as its part. @param {number} part 0 to 1 */
export function share(part) {
  const el = h("span", { class: "ballot-share", "aria-hidden": "true" });
  el.style.setProperty("--share", String(part));
  return el;
}

export class Poll {
  #session; #card;
  #question = h("p", { class: "asked-question", dir: "auto" });
  #list = h("ul", { class: "ballot-list" });
  #rule = h("p", { class: "hint" });
  #foot;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#foot = h("div", { class: "ballot-foot" }, h("button", { type: "button", class: "small", onclick: () => session.wish("close", { drop: true }), text: () => t("poll.drop") }),
      h("button", { type: "button", class: "small ballot-count", onclick: () => session.wish("close"), text: () => t("poll.close") }));
    this.#card = askedCard({
      kind: "poll", session, body: [this.#question, this.#list, this.#rule, this.#foot],
      now: () => session.state.poll && { id: session.state.poll.id, over: session.state.poll.closed },
      said: () => t(session.state.poll?.closed ? "poll.saidClosed" : "poll.said", { question: session.state.poll?.question }),
      draw: () => this.#draw(), tick: () => this.#tick(),
    });
    this.el = this.#card.el;
    session.watch((s) => [s.poll, s.members, s.policy, s.ended], this.#card.look);
  }

  #draw() {
    const { poll } = this.#session.state;
    if (!poll) return;
    this.#question.textContent = poll.question;
    refill(this.#list, ...poll.options.map((_, i) => this.#row(i)));
    this.#rule.hidden = Boolean(poll.closed);
    this.#rule.textContent = [t(poll.many ? "poll.many" : "poll.one"), poll.late ? t("poll.late") : ""].filter(Boolean).join(" ");
    this.#foot.hidden = Boolean(poll.closed) || !this.#session.may("moderate");
  }

  #tick() {
    const { state, clock } = this.#session, { poll } = state;
    this.#card.when.textContent = (poll?.closed ? "" : timeLeft(poll?.until, clock.now())) + t("poll.voted", { n: counts(state).of });
  }

  /** @param {number} i */
  #row(i) {
    const { state, me } = this.#session, poll = /** @type {import("../core/types.js").Poll} */ (state.poll);
    const { each, of } = counts(state), mine = poll.votes?.[me.member] ?? [], chosen = mine.includes(i), open = !poll.closed;
    const shown = !open || !poll.late, part = shown && of ? each[i] / of : 0;
    const vote = () => this.#session.wish("vote", { poll: poll.id, options: chosen ? mine.filter((x) => x !== i) : poll.many ? [...mine, i] : [i] });
    const best = !open && each[i] > 0 && each[i] === Math.max(...each);
    return h("li", { class: `ballot-row asked-row ${best ? "best" : ""}` }, h("button", {
      type: "button", class: "ballot-choice", "data-key": `poll ${i}`, "aria-pressed": String(chosen), disabled: !open || !this.#session.may("chat"), onclick: vote,
    }, share(part), h("span", { class: "asked-answer", dir: "auto", text: poll.options[i] }),
    shown && h("span", { class: "asked-sum", text: t("poll.sum", { part: Math.round(part * 100), n: each[i] }) }), icon("check")));
  }
}

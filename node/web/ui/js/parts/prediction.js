// A prediction, above the chat: choose what will come true and put Bits on it. The host locks it, and names what did.

import { bdi, fill, h, icon, refill } from "../core/dom.js";
import { amount } from "../core/format.js";
import { sides } from "../core/poll.js";
import { rich, t } from "../i18n/index.js";
import { askedCard, share, timeLeft } from "./poll.js";

/** @import {Session} from "../core/session.js" */

const OFFERED = [10, 100, 1000]; // Bits
const MOST = 1000000; // at a time

export class Prediction {
  #session; #card;
  #question = h("p", { class: "asked-question", dir: "auto" });
  #list = h("ul", { class: "ballot-list" });
  #mine = h("p", { class: "hint" });
  #bits = h("input", { type: "number", min: "1", max: String(MOST), step: "1", value: "10", inputmode: "numeric", required: true, "aria-label": "Bits", oninput: () => this.#name() });
  #put = h("button", { type: "submit", class: "small ballot-count" });
  #stake = h("form", { class: "asked-stake", onsubmit: (/** @type {Event} */ e) => this.#wager(e) },
    ...OFFERED.map((n) => h("button", { type: "button", class: "small", onclick: () => this.#offer(n), text: () => amount(n) })), this.#bits, this.#put);
  #true = h("button", { type: "button", class: "small ballot-count", onclick: () => this.#session.wish("settle", { outcome: this.#chosen }) });
  #lock = h("button", { type: "button", class: "small", onclick: () => this.#session.wish("lock"), text: () => t("prediction.lock") });
  #foot = h("div", { class: "ballot-foot" }, h("button", { type: "button", class: "small", onclick: () => this.#session.wish("settle", {}), text: () => t("prediction.back") }), this.#lock, this.#true);
  #rule = h("p", { class: "hint", text: () => t("prediction.rule") });
  #chosen = -1;
  #id = "";

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#card = askedCard({
      kind: "prediction", session, body: [this.#question, this.#list, this.#stake, this.#mine, this.#foot, this.#rule],
      now: () => session.state.prediction && { id: session.state.prediction.id, over: session.state.prediction.settled },
      said: () => this.#said(), draw: () => this.#draw(), tick: () => this.#tick(),
    });
    this.el = this.#card.el;
    session.watch((s) => [s.prediction, s.members, s.policy, s.ended], this.#card.look);
  }

  get #now() {
    return /** @type {import("../core/types.js").Prediction} */ (this.#session.state.prediction);
  }

  #said() {
    const p = this.#now;
    return t(p?.settled ? "prediction.saidSettled" : p?.locked ? "prediction.saidLocked" : "prediction.said", { question: p?.question });
  }

  get #own() {
    return this.#now.stakes?.find((x) => x.member === this.#session.me.member);
  }

  #draw() {
    const p = this.#now, own = this.#own, host = this.#session.may("manage"), open = !p.locked;
    if (p.id !== this.#id) [this.#id, this.#chosen] = [p.id, -1];
    if (own) this.#chosen = own.outcome;
    this.#question.textContent = p.question;
    refill(this.#list, ...p.outcomes.map((_, i) => this.#row(i)));
    this.#stake.hidden = !open || host || !this.#session.may("chat");
    this.#rule.hidden = Boolean(p.settled);
    this.#foot.hidden = !host || Boolean(p.settled);
    this.#lock.hidden = !open;
    fill(this.#mine, ...this.#words());
    this.#mine.hidden = !this.#mine.textContent;
    this.#name();
  }

  /** What one's own Bits do. */
  #words() {
    const p = this.#now, own = this.#own, got = p.paid?.[this.#session.me.member] ?? 0;
    if (p.settled && p.back) return rich("prediction.gaveBack", {});
    if (p.settled && !own) return [];
    if (p.settled) return rich(got ? "prediction.won" : "prediction.lost", { bits: amount(got) });
    return own ? rich("prediction.mine", { bits: amount(own.bits), answer: p.outcomes[own.outcome] }) : [];
  }

  #name() {
    const answer = this.#now?.outcomes[this.#chosen], held = this.#session.myself?.bits ?? 0, bits = Number(this.#bits.value);
    this.#put.textContent = answer === undefined ? t("prediction.choose") : bits > held ? t("prediction.short", { held: amount(held) }) : t("prediction.put", { bits: amount(bits) });
    this.#put.disabled = answer === undefined || !this.#bits.validity.valid || bits > held;
    fill(this.#true, h("span", {}, ...(answer === undefined ? [t("prediction.which")] : rich("prediction.true", { answer }))));
    this.#true.disabled = answer === undefined;
  }

  #tick() {
    const p = this.#now;
    const sum = sides(p).reduce((all, x) => all + x.bits, 0);
    this.#card.when.textContent = (p.locked ? "" : timeLeft(p.until, this.#session.clock.now())) + (p.locked && !p.settled ? `${t("prediction.locked")} · ` : "") + t("bits", { n: sum, bits: amount(sum) });
  }

  /** @param {number} bits */
  #offer(bits) {
    this.#bits.value = String(bits);
    this.#name();
  }

  /** @param {Event} e */
  #wager(e) {
    e.preventDefault();
    this.#session.wish("wager", { prediction: this.#now.id, outcome: this.#chosen, bits: Number(this.#bits.value) });
  }

  /** @param {number} i */
  #row(i) {
    const p = this.#now, all = sides(p), sum = all.reduce((n, x) => n + x.bits, 0), came = p.settled && p.outcome === i;
    const host = this.#session.may("manage"), fixed = Boolean(p.settled) || (!host && (p.locked || Boolean(this.#own)));
    const part = sum ? all[i].bits / sum : 0;
    return h("li", { class: `ballot-row asked-row ${came ? "best" : ""}` }, h("button", {
      type: "button", class: "ballot-choice", "data-key": `prediction ${i}`, "aria-pressed": String(this.#chosen === i && (!p.settled || Boolean(this.#own))), disabled: fixed,
      onclick: () => ((this.#chosen = i), this.#draw()),
    }, share(part), h("span", { class: "ballot-words" }, h("span", { class: "asked-answer" }, bdi(p.outcomes[i])),
      h("span", { class: "ballot-why", text: [t("bits", { n: all[i].bits, bits: amount(all[i].bits) }), t("prediction.people", { n: all[i].people })].join(" · ") })),
    came ? h("span", { class: "asked-sum", text: t("prediction.came") }) : null, icon("check")));
  }
}

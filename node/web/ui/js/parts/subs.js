// Subscribing to the host's channel with Bits, and giving subscriptions; and how both read in the chat.

import { price, receivers, renewable, subscribed, subscriber } from "../core/badges.js";
import { fill, h, icon } from "../core/dom.js";
import { amount, day } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, refusal, rich, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Message} from "../core/types.js" */

const CHANCES = [1, 5, 10, 20, 50]; // people, drawn
const NAMED = 5; // receivers of a gift named in its line

/** How a subscription or a gift reads in the chat; null for any other line. @param {Pick<Message, "months"|"gifts">} m @param {Session} session */
export function subLine({ months, gifts }, session) {
  if (!months && !gifts) return null;
  const names = (gifts ?? []).slice(0, NAMED).map((to) => to.name || session.state.members[to.member]?.name || t("somebody"));
  const more = (gifts?.length ?? 0) - names.length;
  const words = months ? [t("subbed", { n: months })]
    : rich("subGave", { n: gifts?.length, names: [...names, ...(more > 0 ? [t("andMore", { n: more })] : [])].join(", ") });
  return h("p", { class: "sub-line" }, icon(months ? "sub3" : "gift"), h("span", {}, ...words));
}

export class Subs {
  #session;
  #state = h("p", { class: "lead" });
  #held = h("p", { class: "bits-own" });
  #text = h("input", { id: "sub-text", type: "text", maxlength: "500", autocomplete: "off" });
  #buy = h("button", { type: "submit", class: "primary wide" });
  #form;
  #to = h("select", { id: "sub-to", onchange: () => this.#draw() });
  #give = h("button", { type: "submit", class: "plain wide" });
  #gift;
  #note = h("p", { class: "trouble", role: "alert" });
  #done = h("p", { class: "hint", role: "status" });
  #sheet;
  #options = "";

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#form = h("form", { class: "field", onsubmit: (/** @type {Event} */ e) => this.#subscribe(e) }, h("label", { for: "sub-text", text: () => t("subSay") }), this.#text, this.#buy);
    this.#gift = h("form", { class: "field", onsubmit: (/** @type {Event} */ e) => this.#present(e) }, h("label", { for: "sub-to", text: () => t("subGiveTo") }), this.#to, this.#give);
    this.#sheet = sheet({ title: () => t("sub"), kind: "small" }, this.#state, this.#held, this.#form, this.#gift, h("div", {}, this.#note, this.#done));
    session.watch((s) => [s.members, s.policy, s.ended], perFrame(() => this.#draw()));
    onLanguage(() => {
      this.#options = "";
      this.#draw();
    });
  }

  open() {
    this.#note.textContent = this.#done.textContent = "";
    this.#sheet.open();
    this.#draw();
  }

  #draw() {
    const me = this.#session.myself;
    if (!this.#sheet.el.open || !me) return;
    const now = this.#session.clock.now();
    const host = me.role === "host";
    const month = price(this.#session.state.policy);
    const running = subscriber(me, now);
    this.#held.textContent = t(host ? "bitsReceived" : "bitsOwn", { n: me.bits ?? 0, bits: amount(me.bits ?? 0) });
    this.#state.textContent = host ? t("subHost") : running ? [t("subUntil", { day: day(me.until ?? 0) }), t("subMonths", { n: me.months ?? 1 }), subscribed(me, now) ? t("subFrom", { day: day(renewable(me)) }) : ""].filter(Boolean).join(" ")
      : t("subLead", { bits: amount(month) });
    this.#form.hidden = host || subscribed(me, now);
    fill(this.#buy, icon("sub3"), t(running ? "subAdd" : "subBuy", { bits: amount(month) }));
    this.#buy.disabled = (me.bits ?? 0) < month;
    this.#choices(now);
    const gift = this.#chosen();
    const cost = host ? 0 : month * (gift.count ?? 1);
    fill(this.#give, icon("gift"), cost ? t("subGiveFor", { bits: amount(cost) }) : t("giveBits"));
    this.#give.disabled = (me.bits ?? 0) < cost;
  }

  /** @param {number} now */
  #choices(now) {
    const { all, here } = receivers(this.#session.state.members, this.#session.me.member, now);
    const options = [
      ...CHANCES.filter((n) => n <= here).map((n) => ({ value: `${n}`, text: t("subChance", { n }) })),
      ...all.map((m) => ({ value: `member ${m.id}`, text: m.name })),
    ];
    const key = JSON.stringify(options);
    this.#gift.hidden = options.length === 0;
    if (key === this.#options) return;
    const before = this.#to.value;
    fill(this.#to, ...options.map(({ value, text }) => h("option", { value, text })));
    if (options.some((o) => o.value === before)) this.#to.value = before;
    this.#options = key;
  }

  /** @returns {{count?: number, member?: string}} */
  #chosen() {
    const { value } = this.#to;
    return value.startsWith("member ") ? { member: value.slice(7) } : { count: Number(value) };
  }

  /** @param {Event} e */
  #subscribe(e) {
    this.#ask(e, "subscribe", { text: this.#text.value.trim() }, "subDone");
  }

  /** @param {Event} e */
  #present(e) {
    this.#ask(e, "gift", this.#chosen(), "subGiven");
  }

  /** @param {Event} e @param {string} kind @param {any} body @param {string} thanks */
  async #ask(e, kind, body, thanks) {
    e.preventDefault();
    this.#note.textContent = this.#done.textContent = "";
    this.#buy.disabled = this.#give.disabled = true;
    const no = await this.#session.ask(kind, body);
    this.#note.textContent = no ? refusal(no) : "";
    this.#done.textContent = no ? "" : t(thanks);
    if (!no && kind === "subscribe") this.#text.value = "";
    this.#draw();
  }
}

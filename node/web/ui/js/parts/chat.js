// The chat. One's own line is shown at once, greyed until it is a fact, and marked if it was refused.
// The list stays at its end unless somebody scrolled up to read.

import { copyText } from "../core/copy.js";
import { fill, h, icon, iconButton } from "../core/dom.js";
import { withEmoji } from "../core/emoji.js";
import { emotes } from "../core/emotes.js";
import { perFrame } from "../core/frame.js";
import { onLanguage, refusal, rich, t } from "../i18n/index.js";
import { Bits } from "./bits.js";
import { Commands, slashes } from "./commands.js";
import { Complete } from "./complete.js";
import { EmojiPicker, signs } from "./emoji.js";
import { Goal } from "./goal.js";
import { LineMenu } from "./linemenu.js";
import { eventLine, Comings } from "./lines.js";
import { names } from "./mention.js";
import { strike } from "./moderate.js";
import { Pinned } from "./pinned.js";
import { Reply } from "./reply.js";
import { saidLine } from "./said.js";
import { Silence } from "./silence.js";
import { Train } from "./train.js";
import { Typing } from "./typing.js";
import { Unread } from "./unread.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Reached} from "./filmtime.js" */
/** @import {Message, PartyRecord, State, Wish} from "../core/types.js" */

const LONGEST = 500; // characters of a line, as the host allows
const TOGETHER = 4 * 60000; // ms: lines of one person within it share one name
const DRAWN = 400; // lines in the page; older ones leave at the top

export class Chat {
  #session; #listing; #reached;
  #list = h("div", { class: "lines", role: "log", "aria-label": () => t("chat"), tabindex: "0" });
  #input = h("input", {
    type: "text", name: "message", maxlength: String(LONGEST), autocomplete: "off", enterkeyhint: "send",
    "aria-label": () => t("message"), placeholder: () => t("messagePlaceholder"),
  });
  #form; #world; #commands; #reply; #typing; #news;
  #stuck = true;
  #going = false; // to the end, with the next frame
  #smooth = false;
  #go = perFrame(() => this.#goToEnd());
  /** @type {Message|null} */
  #lastSaid = null;
  #party = "";
  /** @type {Set<(calls: boolean) => void>} */
  #ears = new Set();

  /** @param {Session} session @param {Listing} listing @param {HTMLElement} react @param {Reached} reached */
  constructor(session, listing, react, reached) {
    this.#session = session;
    this.#listing = listing;
    this.#world = { session, jump: (/** @type {number} */ seq) => this.#jump(seq) };
    this.#news = new Unread(this.#list, { toEnd: () => this.#toEnd(true), stuck: () => this.#stuck });
    this.#typing = new Typing(session, this.#input);
    const complete = new Complete(this.#input);
    for (const source of [names, slashes]) complete.add(source(session));
    complete.add(signs);
    const emoji = new EmojiPicker(this.#input);
    this.#commands = new Commands(session, this.#input, (line) => this.#append(line));
    this.#reply = new Reply(session, this.#input);
    this.menu = new LineMenu(this.#list);
    this.#offer();
    const pinned = new Pinned(this.#world, this.menu);
    this.#reached = reached;
    this.bits = new Bits(session, this.#input);
    this.goal = new Goal(session);
    this.#form = h("form", { class: "say", onsubmit: (/** @type {Event} */ e) => this.#say(e) }, this.#reply.el, h("div", { class: "say-field" }, complete.el, emoji.button, this.#input, this.bits.button, react,
      h("button", { type: "submit", class: "round send", "aria-label": () => t("send"), title: () => t("send") }, icon("send"))));
    this.muted = new Silence(session, this.#form).el;
    this.el = h("section", { class: "chat", "aria-label": () => t("chat") }, this.bits.top, this.goal.el, new Train(session).el, pinned.el, this.#list, this.#news.el, reached.hint, this.#typing.el, this.muted, this.bits.cost, this.#commands.note, this.#form, this.menu.el, emoji.menu);
    this.#wire(new Comings(session, (line) => this.#append(line)));
    this.goal.tell((line) => this.#append(line));
  }

  /** @param {Comings} comings */
  #wire(comings) {
    const session = this.#session;
    this.#list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#stuck && this.#toEnd()).observe(this.#list);
    session.on("welcome", (state) => this.#begin(state));
    session.on("record", (r) => this.#record(r, comings));
    session.on("pending", (list) => this.#pending(list));
    this.#reached.on("show", ({ line, quiet }) => this.#reach(line, quiet));
    this.#reached.on("hide", () => (this.#lastSaid = null));
    session.on("record", ({ record: r }) => r.erased && this.#strike(r.erased.line));
    this.#listing.on("changed", () => this.#list.querySelectorAll("[data-title]").forEach((el) => this.#name(el)));
    onLanguage(() => this.#begin(session.state, true));
  }

  /** What one may do with a line. */
  #offer() {
    const { menu } = this;
    menu.add({ sign: "reply", name: () => t("reply"), may: () => !this.#form.hidden, act: (m) => this.#reply.to(m), key: "r", close: true });
    menu.add({ sign: "copy", name: () => t("copyLine"), may: (m) => Boolean(m.text), act: (m) => void copyText(m.text) });
  }

  focus() {
    this.#input.focus();
  }

  /** Called for each line that somebody else said, and whether it calls this viewer. @param {(calls: boolean) => void} ear */
  onLine(ear) {
    this.#ears.add(ear);
  }

  /** Shows a line that is on the page. @param {number} seq */
  #jump(seq) {
    const el = this.#list.querySelector(`.said[data-line="${seq}"]`);
    if (!(el instanceof HTMLElement)) return;
    this.#stuck = false;
    el.scrollIntoView({ block: "center" });
    el.focus({ preventScroll: true });
    el.classList.remove("found");
    requestAnimationFrame(() => el.classList.add("found"));
  }

  /** @param {State} state */
  #begin(state, again = false) {
    const known = Number(this.#list.dataset.seq ?? -1);
    const fresh = again || this.#party !== state.id;
    this.#party = state.id;
    if (fresh) this.#clear(state);
    for (const m of state.messages) {
      if (fresh) this.#message(m);
      else if (m.seq > known) this.#heard(m);
      else if (m.gone) this.#strike(m.seq);
    }
    this.#list.dataset.seq = String(state.seq);
    this.#pending(this.#session.pending);
    this.#toEnd();
  }

  /** A line was deleted, whether it is drawn or waits for the film. @param {number} seq */
  #strike(seq) {
    strike(this.#list, seq);
    for (const el of this.#list.querySelectorAll(`.quote[data-re="${seq}"] .quote-text`)) el.textContent = t("lineGone");
    this.#reached.erase(seq);
  }

  /** @param {State} state */
  #clear(state) {
    this.#lastSaid = null;
    this.#reached.again();
    fill(this.#list, h("p", { class: "event welcome-line" }, ...rich("welcomeTo", { party: state.name })));
  }

  /** @param {{record: PartyRecord, kind: string, before: State}} happened @param {Comings} comings */
  #record({ record, kind, before }, comings) {
    this.#list.dataset.seq = String(record.seq);
    const said = this.#session.state.messages.at(-1);
    if (said?.seq === record.seq) {
      this.#heard(said);
    } else if (!comings.takes(kind, record, before)) {
      const line = eventLine({ kind, record, before, session: this.#session });
      if (line) this.#append(line);
    }
    if (record.nonce) this.#pending(this.#session.pending);
  }

  /** The film has come to a line. @param {Message} m @param {boolean} quiet it is not news */
  #reach(m, quiet) {
    const el = this.#show(m);
    if (quiet) el.setAttribute("aria-live", "off");
    else this.#tell(m, el);
  }

  /** A line that is news. @param {Message} m */
  #heard(m) {
    const el = this.#message(m);
    if (el) this.#tell(m, el);
  }

  /** @param {Message} m @param {HTMLElement} el */
  #tell(m, el) {
    if (m.by === this.#session.me.member) return;
    const calls = el.classList.contains("calls");
    this.#news.came(el, calls);
    for (const ear of this.#ears) ear(calls);
  }

  /** @param {Message} m @returns {HTMLElement|null} what shows it; null: it waits for the film */
  #message(m) {
    return this.#reached.waits(m) ? null : this.#show(m);
  }

  /** @param {Message} m */
  #show(m) {
    const together = !m.months && !m.gifts && !m.me && this.#lastSaid?.by === m.by && Math.abs(m.at - this.#lastSaid.at) < TOGETHER && alike(this.#lastSaid, m) && this.#lastReal()?.classList.contains("said");
    this.#lastSaid = m.me ? null : m;
    const el = saidLine(m, !together, this.#world);
    el.dataset.line = String(m.evening ? 0 : m.seq);
    if (!m.evening) this.menu.of(el, m);
    this.#reached.drawn(m, el);
    this.#append(el);
    return el;
  }

  #lastReal() {
    let last = this.#list.lastElementChild;
    while (last?.classList.contains("on-its-way")) last = last.previousElementSibling;
    return last;
  }

  /** @param {HTMLElement} el */
  #append(el) {
    const wasStuck = this.#stuck;
    this.#name(el);
    const previous = this.#lastReal();
    const replaces = el.dataset.once && previous instanceof HTMLElement && previous.dataset.once === el.dataset.once;
    if (replaces) previous.remove();
    const waiting = this.#list.querySelector(".on-its-way");
    this.#list.insertBefore(el, waiting);
    while (this.#list.childElementCount > DRAWN) this.#list.firstElementChild?.remove();
    if (wasStuck) this.#toEnd();
  }

  /** Titles in event lines get their name when the listing is there. @param {Element} el */
  #name(el) {
    for (const part of el.matches("[data-title]") ? [el] : el.querySelectorAll("[data-title]")) {
      const id = /** @type {HTMLElement} */ (part).dataset.title;
      if (this.#listing.find(id)) part.textContent = this.#listing.name(id);
    }
  }

  /** @param {Wish[]} list */
  #pending(list) {
    for (const el of this.#list.querySelectorAll(".on-its-way")) el.remove();
    for (const wish of list) this.#list.append(this.#onItsWay(wish));
    if (this.#stuck) this.#toEnd();
  }

  /** @param {Wish} wish */
  #onItsWay(wish) {
    const { me } = this.#session;
    const { text, re, me: deed } = wish.body;
    const el = saidLine({ by: me.member, at: wish.at, text, re, me: deed }, this.#lastSaid?.by !== me.member, this.#world);
    el.classList.add("on-its-way");
    if (!wish.code) return el;
    el.classList.add("refused");
    const note = h("p", { class: "refused-why", role: "alert" }, icon("warning"), h("span", { text: refusal(wish) }));
    note.append(iconButton("close", () => t("dismiss"), () => this.#session.forget(wish.nonce)));
    el.append(note);
    return el;
  }

  /** @param {Event} e */
  #say(e) {
    e.preventDefault();
    const text = withEmoji(this.#input.value.trim(), (code) => emotes.find(code));
    if (!text) return;
    this.#input.value = "";
    this.bits.tell();
    this.#typing.sent();
    this.#toEnd(true);
    const said = this.#commands.run(text, this.#reply.line);
    if (said === false) this.#input.value = text;
    else if (said) this.#session.wish("say", { ...said, ...this.#reached.said, ...this.#reply.take() });
    else this.#reply.clear();
    this.#news.spoke();
  }

  #scrolled() {
    if (this.#going) return;
    this.#stuck = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40;
    this.#news.look();
  }

  #toEnd(smooth = false) {
    this.#stuck = true;
    this.#going = true;
    this.#smooth ||= smooth;
    this.#go();
  }

  #goToEnd() {
    const smooth = this.#smooth;
    this.#going = this.#smooth = false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#list.scrollTo({ top: this.#list.scrollHeight, behavior: smooth && !calm ? "smooth" : "auto" });
  }
}

/** Whether two lines are shown and hidden together. @param {Message} a @param {Message} b */
function alike(a, b) {
  return a.evening === b.evening && a.title === b.title && a.still === b.still && (a.pos ?? 0) <= (b.pos ?? 0);
}

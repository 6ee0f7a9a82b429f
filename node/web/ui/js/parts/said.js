// How one line of the chat is drawn: who, when, what it answers, and what it says.

import { avatar, bdi, h, hue, icon } from "../core/dom.js";
import { clockTime, dayAndTime, shortDay, timeOfDay } from "../core/format.js";
import { called, read, veiled } from "../core/markup.js";
import { t } from "../i18n/index.js";
import { badges } from "./badges.js";
import { jewel } from "./bits.js";
import { emote } from "./emotes.js";
import { subLine } from "./subs.js";

/** @import {Session} from "../core/session.js" */
/** @import {Token} from "../core/markup.js" */
/** @import {Message} from "../core/types.js" */

/** @typedef {{session: Session, jump: (seq: number) => void}} World */

/** @param {Token[]} tokens @param {World} world @returns {(Node|string)[]} */
function inked(tokens, world) {
  return tokens.map((token) => {
    if ("text" in token) return token.text;
    if ("code" in token) return emote(token.code);
    if ("bits" in token) return jewel(token.bits);
    if ("hidden" in token) return spoiler(token.hidden, world);
    return h("span", { class: `mention${token.ids.includes(world.session.me.member) ? " of-me" : ""}` }, bdi(token.name));
  });
}

/** Nothing of it is in the page until somebody asks. @param {Token[]} hidden @param {World} world */
function spoiler(hidden, world) {
  const el = h("button", { type: "button", class: "spoiler", "aria-label": t("spoilerShow"), title: t("spoilerShow"), onclick: () => {
    const open = h("span", { class: "spoiler-open", tabindex: "-1" }, ...inked(hidden, world));
    el.replaceWith(open);
    open.focus({ preventScroll: true });
  } }, icon("eye"), h("span", { text: t("spoiler") }));
  return el;
}

/** What a line says. @param {Pick<Message, "text"|"bits">} m @param {World} world */
export function wordsOf(m, world) {
  return inked(read(m.text, { members: world.session.state.members, cheers: Boolean(m.bits) }), world);
}

/** The same where nothing can be tapped, with nothing that was hidden. @param {{text?: string}} m @returns {(Node|string)[]} */
export const inShort = ({ text = "" }) => veiled(text, `[${t("spoiler")}]`).map((token) => ("code" in token ? emote(token.code) : "text" in token ? token.text : ""));

/** @param {string} id @param {Session} session */
export const nameOf = (id, session) => session.state.members[id]?.name ?? t("somebody");

/** Whether a line calls this viewer: by name, or because it answers them. @param {Pick<Message, "by"|"text"|"re">} m @param {Session} session */
export function callsMe(m, session) {
  const { me, state } = session;
  if (m.by === me.member) return false;
  return (m.re && state.messages.find((one) => one.seq === m.re)?.by === me.member) || called(m.text, state.members).has(me.member);
}

/** The head of the line that is answered. @param {number} re @param {World} world */
function quote(re, { session, jump }) {
  const m = session.state.messages.find((one) => one.seq === re);
  if (!m?.text) return h("p", { class: "quote" }, icon("reply"), h("span", { text: t("earlierLine") }));
  return h("button", { type: "button", class: "quote", "data-re": String(re), "data-hue": String(hue(m.by)), onclick: () => jump(re) }, icon("reply"), bdi(nameOf(m.by, session)), h("span", { class: "quote-text", dir: "auto" }, ...inShort(m)));
}

/** The same at an evening that is past, where nothing leads back to the line. @param {Pick<Message, "answered">} m */
function quoteOfOld({ answered: to }) {
  if (!to) return h("p", { class: "quote" }, icon("reply"), h("span", { text: t("earlierLine") }));
  return h("p", { class: "quote", "data-hue": String(hue(to.by)) }, icon("reply"), bdi(to.name || t("somebody")), h("span", { class: "quote-text", dir: "auto" }, ...inShort(to)));
}

/**
 * Only the first of several lines of one person shows who says them; of the others a screen reader says it.
 * @param {Omit<Message, "seq">} m
 * @param {boolean} named
 * @param {World} world
 */
export function saidLine(m, named, world) {
  const { session } = world;
  const who = m.evening ? undefined : session.state.members[m.by];
  const name = m.name || who?.name || t("somebody");
  const sub = subLine(m, session);
  const sorts = { named: named && !m.me, subs: sub, deed: m.me, "of-old": m.evening, mine: !m.evening && m.by === session.me.member, calls: !m.evening && callsMe(m, session) };
  const el = h("div", { class: ["said", ...Object.entries(sorts).filter(([, is]) => is).map(([sort]) => sort)].join(" "), "data-hue": String(hue(m.by)) });
  if ("seq" in m) el.dataset.seq = String(m.seq);
  const when = m.title ? clockTime(m.pos ?? 0) : timeOfDay(m.at);
  if (named && !m.me) {
    const time = h("time", { datetime: new Date(m.at).toISOString(), text: when, title: m.evening ? dayAndTime(m.at) : timeOfDay(m.at) });
    el.append(avatar(name, m.by), h("p", { class: "said-who" }, bdi(name), badges(who, session.clock.now()), m.evening ? h("span", { class: "said-day", text: shortDay(m.at) }) : "", time));
  } else {
    el.append(h("span", { class: "unseen" }, !m.me && bdi(name), ` ${when} `));
  }
  if (m.re) el.append(m.evening ? quoteOfOld(m) : quote(m.re, world));
  if (sub) el.append(sub);
  if (m.text) el.append(...shortened(h("p", { class: "text", dir: "auto" }, m.me && h("bdi", { class: "doer", text: name }), m.me && " ", ...wordsOf(m, world)), m.text));
  if (m.gone) el.append(h("p", { class: "text gone", text: t("lineGone") }));
  return el;
}

const SHORT = 60; // characters that surely stand in three lines
const SLACK = 6; // px that signs may reach over their line

/** A line stands three lines high at most; the rest of a longer one is shown on request. @param {HTMLElement} text @param {string} said */
function shortened(text, said) {
  if (said.length < SHORT && !text.querySelector("[data-emote]")) return [text];
  const more = h("button", { type: "button", class: "more-text", hidden: true, onclick: () => (text.classList.add("whole"), more.remove()), text: () => t("lineMore") });
  requestAnimationFrame(() => { more.hidden = text.scrollHeight <= text.clientHeight + SLACK; });
  return [text, more];
}

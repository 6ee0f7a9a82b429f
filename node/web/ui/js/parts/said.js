// How one line of the chat is drawn: who, when, and what.

import { avatar, bdi, h, hue } from "../core/dom.js";
import { clockTime, dayAndTime, shortDay, timeOfDay } from "../core/format.js";
import { t } from "../i18n/index.js";
import { badges } from "./badges.js";
import { lineOf } from "./bits.js";
import { subLine } from "./subs.js";

/** @import {Session} from "../core/session.js" */
/** @import {Message} from "../core/types.js" */

/**
 * Only the first of several lines of one person shows who says them; of the others a screen reader says it.
 * @param {Omit<Message, "seq">} m
 * @param {boolean} named
 * @param {Session} session
 */
export function saidLine(m, named, session) {
  const who = m.evening ? undefined : session.state.members[m.by];
  const name = m.name || who?.name || t("somebody");
  const sub = subLine(m, session);
  const el = h("div", { class: `said${named ? " named" : ""}${sub ? " subs" : ""}${m.evening ? " of-old" : m.by === session.me.member ? " mine" : ""}` });
  el.dataset.hue = String(hue(m.by));
  if ("seq" in m) el.dataset.seq = String(m.seq);
  const when = m.title ? clockTime(m.pos ?? 0) : timeOfDay(m.at);
  if (named) {
    const time = h("time", { datetime: new Date(m.at).toISOString(), text: when, title: m.evening ? dayAndTime(m.at) : timeOfDay(m.at) });
    el.append(avatar(name, m.by), h("p", { class: "said-who" }, bdi(name), badges(who, session.clock.now()), m.evening ? h("span", { class: "said-day", text: shortDay(m.at) }) : "", time));
  } else {
    el.append(h("span", { class: "unseen" }, bdi(name), ` ${when}`));
  }
  if (sub) el.append(sub);
  if (m.text) el.append(...shortened(h("p", { class: "text", dir: "auto" }, ...lineOf(m)), m.text));
  if (m.gone) el.append(h("p", { class: "text gone", text: t("lineGone") }));
  return el;
}

const SHORT = 60; // characters that surely stand in three lines

/** A line stands three lines high at most; the rest of a longer one is shown on request. @param {HTMLElement} text @param {string} said */
function shortened(text, said) {
  if (said.length < SHORT) return [text];
  const more = h("button", { type: "button", class: "more-text", hidden: true, onclick: () => (text.classList.add("whole"), more.remove()), text: () => t("lineMore") });
  requestAnimationFrame(() => { more.hidden = text.scrollHeight <= text.clientHeight + 1; });
  return [text, more];
}

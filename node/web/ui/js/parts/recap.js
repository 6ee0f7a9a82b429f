// For who comes in the middle of a film: what they missed, folded, above the chat.

import { get } from "../core/api.js";
import { bdi, h, iconButton } from "../core/dom.js";
import { amount, clockTime } from "../core/format.js";
import { plainly } from "../core/markup.js";
import { recall, remember } from "../core/prefs.js";
import { recap } from "../core/recap.js";
import { t } from "../i18n/index.js";
import { inShort } from "./said.js";

/** @import {Session} from "../core/session.js" */
/** @import {Moment} from "../core/recap.js" */
/** @import {Film} from "./film.js" */
/** @import {Reached} from "./filmtime.js" */

const MIDDLE = 20; // seconds of film from which on somebody is late
const LEAST = 3; // lines that are worth a word
const NOTED = 10000; // ms between notes of how far this viewer has read

export class Recap {
  #session; #film; #reached;
  #since = 0; // the record up to which they had read
  #due = false;
  #party = "";
  el = h("div", { class: "recap", hidden: true });

  /** @param {{session: Session, film: Film, reached: Reached}} world */
  constructor({ session, film, reached }) {
    this.#session = session;
    this.#film = film;
    this.#reached = reached;
    session.on("welcome", ({ id }) => this.#enter(id));
    film.on("title", () => this.#look());
    setInterval(() => this.#note(), NOTED);
    addEventListener("pagehide", () => this.#note());
  }

  /** @param {string} party */
  #enter(party) {
    if (party === this.#party) return; // a short break
    this.#party = party;
    const seen = recall("seen", { party: "", seq: 0 });
    this.#since = seen.party === party ? seen.seq : 0;
    this.#due = true;
    this.el.hidden = true;
    this.#look();
  }

  #note() {
    const { id, seq } = this.#session.state;
    if (id && !document.hidden) remember("seen", { party: id, seq });
  }

  async #look() {
    const title = this.#film.title?.id;
    if (!this.#due || !title) return;
    this.#due = false;
    const { at } = this.#reached;
    const { id } = this.#session.state;
    if (at < MIDDLE) return;
    const reel = await get(`/media/t/${encodeURIComponent(title)}/chat/${encodeURIComponent(id)}`).catch(() => null);
    if (!reel || title !== this.#film.title?.id || id !== this.#session.state.id) return;
    this.#draw(recap(reel, { at, since: this.#since, me: this.#session.me.member }));
  }

  /** @param {ReturnType<typeof recap>} r */
  #draw({ lines, reactions, moments, last }) {
    if (lines < LEAST) return;
    const counts = [t("sum.lines", { n: lines, lines: amount(lines) }), reactions ? t("reactions", { n: reactions, reactions: amount(reactions) }) : ""].filter(Boolean).join(" · ");
    this.el.replaceChildren(
      h("details", {}, h("summary", {}, h("span", { class: "recap-name", text: t("recap") }), h("span", { class: "recap-counts", text: counts })),
        h("div", { class: "recap-body" },
          moments.length > 0 && h("ul", { class: "recap-moments", "aria-label": t("recap.moments") }, ...moments.map((m) => h("li", {}, this.#moment(m)))),
          h("p", { class: "eyebrow", text: t("recap.last") }),
          h("ul", { class: "recap-last" }, ...last.map((l) => h("li", {}, bdi(l.name || t("somebody")), " ", h("span", { class: "recap-text", dir: "auto" }, ...inShort(l))))))),
      iconButton("close", () => t("dismiss"), () => (this.el.hidden = true), { class: "quiet" }));
    this.el.hidden = false;
  }

  /** A moment, and the way back to it for this viewer alone. @param {Moment} m */
  #moment(m) {
    return h("button", { type: "button", class: "recap-moment", title: t("recap.see"), "aria-label": `${t("recap.see")}: ${clockTime(m.pos)} ${plainly(m.words, `[${t("spoiler")}]`)}`, onclick: () => this.#see(m.pos) },
      h("span", { class: "recap-at", text: clockTime(m.pos) }), h("span", { class: "recap-text", dir: "auto" }, ...inShort({ text: m.words })), h("span", { class: "recap-felt", text: `${m.with} ${amount(m.lines + m.reactions)}` }));
  }

  /** @param {number} pos */
  #see(pos) {
    this.#film.behind = Math.max(this.#film.position - pos, 0);
    this.el.hidden = true;
  }
}

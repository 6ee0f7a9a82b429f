// An evening that is past comes again with its film: what was said then stands in the chat where the film has come to it, dimmed,
// and what people reacted floats by again.

import { Refused, get } from "../core/api.js";
import { fill, h, iconButton } from "../core/dom.js";
import { day } from "../core/format.js";
import { onLanguage, rich, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Message, Reel} from "../core/types.js" */
/** @import {Film} from "./film.js" */
/** @import {Reached} from "./filmtime.js" */
/** @import {Reactions} from "./reactions.js" */

const AGAIN = 5000; // ms until what did not come is asked for again
const LOOKED = 250; // ms between looks at where the film is
const STEP = 2; // seconds: a longer step is a jump, over which nothing floats

/** The reel's lines, as the chat has its own. An answer brings along what it answers, unless that lies ahead in the film. @param {Reel} reel @returns {Message[]} */
export function linesOf({ evening, title, lines }) {
  const bySeq = new Map(lines.map((line) => [line.seq, line]));
  const head = (/** @type {Reel["lines"][number]|undefined} */ to, /** @type {number} */ pos) => (to?.text && (to.pos ?? 0) <= pos ? { answered: { by: to.by ?? to.name ?? "", name: to.name, text: to.text } } : {});
  return lines.map(({ gifts, ...line }) => ({
    ...line, by: line.by ?? line.name ?? "", text: line.text ?? "", title, evening, ...(gifts ? { gifts: gifts.map((name) => ({ member: "", name })) } : {}),
    ...(line.re ? head(bySeq.get(line.re), line.pos ?? 0) : {}),
  }));
}

export class Replay {
  #session; #film; #reached; #reactions;
  /** @type {Reel|null} */
  #reel = null;
  #of = ""; // title and evening
  #off = ""; // the same, where this viewer does not want it
  #at = 0;
  #next = 0; // of the bursts
  #words = h("span", {});
  el = h("p", { class: "recalled", hidden: true }, this.#words, iconButton("close", () => t("recalled.off"), () => this.#hide(), { class: "quiet" }));

  /** @param {{session: Session, film: Film, reached: Reached, reactions: Reactions}} world */
  constructor({ session, film, reached, reactions }) {
    this.#session = session;
    this.#film = film;
    this.#reached = reached;
    this.#reactions = reactions;
    session.watch((s) => [s.recalled], () => this.#look());
    film.on("title", () => this.#look());
    setInterval(() => this.#float(), LOOKED);
    onLanguage(() => this.#draw());
  }

  #look() {
    const { recalled } = this.#session.state;
    const now = recalled && recalled.title === this.#film.title?.id ? `${recalled.title}/${recalled.evening}` : "";
    if (now === this.#of) return;
    this.#of = now;
    this.#reel = null;
    this.#reached.drop((m) => Boolean(m.evening));
    this.#draw();
    if (now && now !== this.#off) this.#load(now);
  }

  /** @param {string} of */
  async #load(of) {
    const [title, evening] = of.split("/");
    try {
      const reel = await get(`/media/t/${encodeURIComponent(title)}/chat/${encodeURIComponent(evening)}`);
      if (of !== this.#of || of === this.#off) return;
      this.#reel = reel;
      this.#reached.add(linesOf(reel));
      this.#jump();
    } catch (no) {
      const { status } = /** @type {Refused} */ (no);
      if (of === this.#of && (!status || status >= 500)) setTimeout(() => of === this.#of && this.#load(of), AGAIN);
    }
    this.#draw();
  }

  #hide() {
    this.#off = this.#of;
    this.#reel = null;
    this.#reached.drop((m) => Boolean(m.evening));
    this.#draw();
  }

  #draw() {
    const { recalled } = this.#session.state;
    this.el.hidden = !this.#reel;
    if (this.#reel && recalled) fill(this.#words, ...rich("recalled", { name: recalled.name ?? "", day: day(recalled.opened ?? 0) }));
  }

  /** Lets what people reacted float by, unless the film was somewhere else just now. */
  #float() {
    const { bursts = [] } = this.#reel ?? {};
    const { at } = this.#reached;
    if (at < this.#at || at > this.#at + STEP) this.#jump();
    this.#at = at;
    for (; this.#next < bursts.length && bursts[this.#next].pos <= at; this.#next++) this.#reactions.again(bursts[this.#next].with, bursts[this.#next].n);
  }

  #jump() {
    const { at } = this.#reached;
    this.#at = at;
    this.#next = (this.#reel?.bursts ?? []).filter((b) => b.pos < at).length;
  }
}

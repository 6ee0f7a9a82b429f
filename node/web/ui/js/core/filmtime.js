// The chat in film time: a line is shown to somebody when the film they see has come to where it was said. What was said before
// the film, between films or while it stood still is for everybody at once, and one's own line always is.

/** @import {Message} from "./types.js" */

/** Seconds that a line may be ahead of whom it is shown to: whoever is with the others hears them at once. */
export const SLACK = 2;
const KEPT = 1000; // lines that could be hidden again
const PASSED = 5; // seconds: a line that lies further back was skipped, and is not read aloud

/**
 * Where somebody is: at `at` seconds of `title`, which is absent for who sees no film. `asWritten`: they want every line at once.
 * @typedef {{title?: string, at: number, me: string, asWritten: boolean}} Place
 */

/**
 * Whether a line waits until the film has come to it. One of an `evening` that is past waits for it in any case.
 * @param {Pick<Message, "title"|"pos"|"by"|"still"|"evening">} line
 * @param {Place} place
 */
export function ahead({ title, pos = 0, by, still, evening }, place) {
  if (evening) return title !== place.title || pos > place.at;
  if (!title || title !== place.title || still || place.asWritten || by === place.me) return false;
  return pos > place.at + SLACK;
}

/** @param {Message} a @param {Message} b in the film's order */
const inFilm = (a, b) => (a.pos ?? 0) - (b.pos ?? 0) || (a.evening ? 0 : 1) - (b.evening ? 0 : 1) || a.seq - b.seq;

/** The lines that are shown because the film has come to them, and those that wait for it. */
export class FilmTime {
  /** @type {Message[]} that would be hidden if the film went back */
  #shown = [];
  /** @type {Message[]} in the film's order */
  #waiting = [];
  /** @type {WeakSet<Message>} that were shown once */
  #seen = new WeakSet();

  /** Lines of this evening that wait. */
  get count() {
    return this.#waiting.reduce((n, m) => n + (m.evening ? 0 : 1), 0);
  }

  /** Takes in a line, and says whether it waits. @param {Message} line @param {Place} place */
  waits(line, place) {
    if (!ahead(line, place)) {
      this.#keep(line);
      return false;
    }
    this.#wait([line]);
    return true;
  }

  /** Takes in many that wait, of an evening that is past. @param {Message[]} lines */
  add(lines) {
    this.#wait(lines);
  }

  /** The page draws the lines of this evening anew: they are forgotten, and those that are past come again. */
  again() {
    const old = this.#shown.filter((m) => m.evening);
    this.#shown = [];
    this.#waiting = this.#waiting.filter((m) => m.evening);
    this.#wait(old);
  }

  /** Forgets some. @param {(line: Message) => boolean} which @returns {Message[]} those of them that are shown */
  drop(which) {
    const shown = this.#shown.filter(which);
    this.#shown = this.#shown.filter((m) => !which(m));
    this.#waiting = this.#waiting.filter((m) => !which(m));
    return shown;
  }

  /** A line was deleted: where it waits, or is drawn again, it has no text. @param {number} seq */
  erase(seq) {
    const strike = (/** @type {Message} */ m) => {
      if (m.seq !== seq || m.evening) return m;
      const is = { ...m, text: "", gone: true };
      if (this.#seen.has(m)) this.#seen.add(is);
      return is;
    };
    this.#shown = this.#shown.map(strike);
    this.#waiting = this.#waiting.map(strike);
  }

  /**
   * The film has come to another place, or gone back.
   * @param {Place} place
   * @returns {{hide: Message[], show: {line: Message, quiet: boolean}[]}} in the film's order; quiet: it was shown before, or skipped
   */
  look(place) {
    const hide = this.#shown.filter((m) => ahead(m, place));
    if (hide.length) {
      this.#shown = this.#shown.filter((m) => !ahead(m, place));
      this.#wait(hide);
    }
    const due = this.#waiting.filter((m) => !ahead(m, place));
    if (!due.length) return { hide, show: [] };
    this.#waiting = this.#waiting.filter((m) => ahead(m, place));
    const show = due.map((line) => ({ line, quiet: this.#seen.has(line) || (line.title === place.title && (line.pos ?? 0) < place.at - PASSED) }));
    for (const m of due) this.#keep(m);
    return { hide, show };
  }

  /** @param {Message} line */
  #keep(line) {
    this.#seen.add(line);
    if (!line.title || (line.still && !line.evening)) return;
    this.#shown.push(line);
    if (this.#shown.length > KEPT) this.#shown.shift();
  }

  /** @param {Message[]} lines */
  #wait(lines) {
    this.#waiting = [...this.#waiting, ...lines].sort(inFilm);
  }
}

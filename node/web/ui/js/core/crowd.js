// Many who react alike are one crowd: what comes within a moment of its like makes that one larger
// instead of covering the film.

const TOGETHER = 700; // ms
const MOST = 24; // afloat at a time; what is more joins or is left out

/** @typedef {{with: string, count: number, at: number}} Afloat */

export class Crowd {
  /** @type {Afloat[]} */
  #afloat = [];

  /**
   * @param {string} what
   * @param {number} now milliseconds
   * @returns {{one: Afloat, fresh: boolean}|null} what floats for it: a fresh one, or one that grew; null: too many
   */
  add(what, now) {
    const like = this.#afloat.find((a) => a.with === what && now - a.at < TOGETHER);
    if (like) {
      like.count++;
      return { one: like, fresh: false };
    }
    if (this.#afloat.length >= MOST) return null;
    const one = { with: what, count: 1, at: now };
    this.#afloat.push(one);
    return { one, fresh: true };
  }

  /** @param {Afloat} one that has floated away */
  gone(one) {
    this.#afloat = this.#afloat.filter((a) => a !== one);
  }
}

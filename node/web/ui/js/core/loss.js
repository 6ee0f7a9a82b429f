// What a screen has missed: it ran dry, or was not ready at a start, and then it was brought to where
// the others are. Knows no browser: places in the film are handed in.

const NEAR = 1; // s: so near to its place a screen has caught up
const WORTH = 3; // s: less is not worth a word

export class Loss {
  #from = NaN; // s: the last that was seen here

  get pending() {
    return !Number.isNaN(this.#from);
  }

  /** It stopped against its will, or ought to start. @param {number} at seconds */
  dry(at) {
    if (!this.pending) this.#from = at;
  }

  forget() {
    this.#from = NaN;
  }

  /**
   * Where it went on from and how much is missing, once it is with the others again.
   * @param {string} doing
   * @param {number} at seconds that this screen shows
   * @param {number} target seconds that it should show
   * @returns {{from: number, missed: number}|null} null while there is nothing to tell
   */
  look(doing, at, target) {
    if (!this.pending) return null;
    if (doing === "blocked" || doing === "away") this.forget(); // not for lack of bytes
    if (doing !== "playing") return null;
    if (target - at > NEAR) {
      this.#from = Math.max(this.#from, at); // it goes on where it stopped, for a moment
      return null;
    }
    const from = this.#from;
    this.forget();
    return at - from > WORTH ? { from, missed: at - from } : null;
  }
}

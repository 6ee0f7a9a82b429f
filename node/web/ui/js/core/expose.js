// What a test or a curious person may read from outside: `window.watchparty`.

/** @import {Session} from "./session.js" */
/** @import {Film} from "../parts/film.js" */

/** @param {Session} session @param {Film} film */
export function expose(session, film) {
  const watchparty = Object.freeze({
    /** The party's timeline: at `pos` seconds at host time `at`. */
    get timeline() {
      return Object.freeze({ ...session.state.timeline });
    },
    /** Milliseconds to add to `performance.timeOrigin + performance.now()` for the host's time. */
    get clockOffset() {
      return session.clock.offset;
    },
    /** Seconds at which the party is now. */
    get position() {
      return film.position;
    },
    /** Milliseconds that this page is ahead of the party. */
    get drift() {
      return film.drift;
    },
    /** What this page is doing: playing, paused and ready, seeking, waiting, blocked, away. */
    get doing() {
      return film.doing;
    },
    /** How the film comes: as the file, or by HLS, native or by mse. */
    get source() {
      return film.source.way;
    },
    /** How often the film was started and its speed changed since the page was opened. */
    get counts() {
      return Object.freeze({ ...film.counts });
    },
  });
  Object.defineProperty(window, "watchparty", { value: watchparty, enumerable: true });
}

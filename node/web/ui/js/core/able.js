// What this screen can play is told to the host, for the dress rehearsal: after each welcome, and again
// before the host forgets.

import { repertoire, thisBrowser } from "./plan.js";

/** @import {Session} from "./session.js" */

const AGAIN = 30_000; // ms

/** @param {Session} session @param {HTMLVideoElement} video */
export function sayAble(session, video) {
  const can = repertoire(thisBrowser(video));
  const say = async () => session.signal("can", { ...await can, height: Math.round(screen.height * devicePixelRatio) });
  session.on("welcome", say);
  setInterval(say, AGAIN);
}

// Coming in: from the link, from a kept pass, or through the door.

import { get, keepToken, post, token } from "./api.js";
import { emotes } from "./emotes.js";
import { Session } from "./session.js";
import { Listing } from "./listing.js";
import { forgetSecret, met, takeSecret, watchAddress } from "./secret.js";
import { language, onLanguage } from "../i18n/index.js";
import { askIn, askSwap } from "../parts/join.js";
import { untilDoors } from "../parts/countdown.js";
import { waitingCurtain } from "../parts/curtain.js";

/** @import {Me} from "./types.js" */

const AGAIN = 2000; // ms until a host that is not reached is asked again

/** Who this browser is already, or why it is nobody. Waits for a host that is away. @returns {Promise<{me?: Me, why?: any}>} */
async function known() {
  const me = await get("/api/me").catch((no) => no);
  if (me.status === 0 || me.status >= 500) {
    const lifted = waitingCurtain();
    await new Promise((done) => setTimeout(done, AGAIN));
    return known().finally(lifted);
  }
  const pass = me.token || token();
  if (!me.member || !pass) {
    if (token()) keepToken(null);
    return { why: me.status === 401 ? undefined : me };
  }
  keepToken(pass);
  return { me: { ...me, token: pass } };
}

/**
 * @param {{desk: boolean}} where the desk's link lets the host in without a question
 * @returns {Promise<{me: Me, session: Session, listing: Listing}>}
 */
export async function enter({ desk }) {
  const secret = takeSecret();
  watchAddress();
  const me = (desk && secret && (await hostIn(secret))) || (await comeIn(desk ? "" : secret));
  const session = new Session(me, language());
  onLanguage(() => (session.lang = language()));
  emotes.follow(session);
  return { me, session, listing: new Listing(session) };
}

/** @param {string} secret @returns {Promise<Me>} */
async function comeIn(secret) {
  if (secret && !met(secret)) await untilDoors(secret);
  const { me, why } = await known();
  if (!me) return askIn(secret, why);
  if (secret && me.node !== "guest" && !met(secret)) return askSwap(me, secret);
  if (secret) forgetSecret();
  return me;
}

/** @param {string} secret @returns {Promise<Me|null>} */
async function hostIn(secret) {
  const me = await post("/api/join", { name: "", secret }).catch((no) => no);
  if (me.status !== 0) forgetSecret(); // of use once; where nobody was reached it is tried with the next load
  if (!me.token) return null;
  keepToken(me.token);
  return me;
}

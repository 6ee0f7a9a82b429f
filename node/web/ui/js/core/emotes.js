// The house's own emotes: pictures that stand in a line for their :codes:. The lines themselves stay text.

import { get } from "./api.js";
import { Emitter } from "./emitter.js";

/** @import {Session} from "./session.js" */

/** @typedef {{code: string, key: string, width: number, height: number}} Emote size in pixels */

/** @extends {Emitter<{changed: Emote[]}>} */
export class Emotes extends Emitter {
  /** @type {Emote[]} */
  list = [];
  /** @type {Map<string, Emote>} */
  #known = new Map();
  #asked = 0;

  /** Keeps up with those of this party's house. @param {Session} session */
  follow(session) {
    session.on("welcome", () => this.refresh());
    session.on("signal", (s) => "emotes" in s && this.refresh());
  }

  /** Asks again; of several questions the last one's answer counts. */
  async refresh() {
    const asked = ++this.#asked;
    const list = await get("/api/emotes").catch(() => null);
    if (!Array.isArray(list) || asked !== this.#asked || JSON.stringify(list) === JSON.stringify(this.list)) return;
    this.know(list);
  }

  /** @param {Emote[]} list */
  know(list) {
    this.list = list;
    this.#known = new Map(list.map((e) => [e.code.toLowerCase(), e]));
    this.emit("changed", list);
  }

  /** Capital letters make no difference. @param {string} code */
  find(code) {
    return this.#known.get(code.toLowerCase());
  }

  /** Those whose code has the word in it; first those that begin with it. @param {string} word */
  search(word) {
    const want = word.trim().toLowerCase().replaceAll(" ", "_");
    const first = (/** @type {Emote} */ e) => (e.code.toLowerCase().startsWith(want) ? 0 : 1);
    return this.list.filter((e) => e.code.toLowerCase().includes(want)).sort((a, b) => first(a) - first(b));
  }
}

/** Those of the house this page belongs to. */
export const emotes = new Emotes();

// Naming people in a line: who is here is offered after an @.

import { avatar, bdi } from "../core/dom.js";
import { begun } from "./complete.js";
import { people } from "./roster.js";

/** @import {Session} from "../core/session.js" */

/** @param {Session} session @returns {import("./complete.js").Source} */
export const names = (session) => (before) => {
  const found = begun(before, /(?:^|[^\p{L}\p{N}_])(@)([^@]{0,32})$/u);
  if (!found) return null;
  const word = found.word.toLocaleLowerCase();
  const fits = people(session.state).filter((m) => m.id !== session.me.member && (m.name.toLocaleLowerCase().startsWith(word) || m.name.toLocaleLowerCase().split(" ").some((part) => word && part.startsWith(word))));
  return { from: found.from, offers: fits.map((m) => ({ put: `@${m.name} `, words: [avatar(m.name, m.id), bdi(m.name)] })) };
};

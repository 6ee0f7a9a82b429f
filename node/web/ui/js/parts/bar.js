// The bar at the top: the party's name and a few doors.

import { h, icon } from "../core/dom.js";
import { connectionPill } from "./curtain.js";

/** @import {Session} from "../core/session.js" */

/** @param {Session} session @param {...Node} tools */
export function bar(session, ...tools) {
  const name = h("bdi", { class: "party-name" });
  session.watch((s) => [s.name], (state) => (name.textContent = state.name));
  return h("header", { class: "bar" }, h("p", { class: "wordmark" }, icon("mark"), name), connectionPill(session), h("div", { class: "bar-tools" }, ...tools));
}

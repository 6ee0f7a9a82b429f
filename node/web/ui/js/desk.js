// The desk: the host's view, with the film small, the quick actions, and everybody's state.

import { find, h } from "./core/dom.js";
import { enter } from "./core/enter.js";
import { expose } from "./core/expose.js";
import { post } from "./core/api.js";
import { announce, refusal, t } from "./i18n/index.js";
import { Actions } from "./desk/actions.js";
import { Catalog } from "./desk/catalog.js";
import { Delays } from "./desk/delay.js";
import { Evenings } from "./desk/evenings.js";
import { Desk } from "./desk/house.js";
import { Invite } from "./desk/invite.js";
import { Mishaps } from "./desk/mishaps.js";
import { pastSheet } from "./desk/past.js";
import { People } from "./desk/people.js";
import { Rehearsal, rehearsalSheet } from "./desk/rehearsal.js";
import { Rights } from "./desk/rights.js";
import { Signals } from "./desk/signals.js";
import { bar } from "./parts/bar.js";
import { Curtain } from "./parts/curtain.js";
import { eveningCard } from "./parts/evening.js";
import { house } from "./parts/house.js";
import { Queue } from "./parts/queue.js";
import { Roster } from "./parts/roster.js";
import { Self } from "./parts/self.js";
import { Titles } from "./parts/titles.js";

announce();
const root = find("#desk");
const { me, session, listing } = await enter({ desk: true });
if (me.role !== "host") location.replace("/");

const rehearsal = new Rehearsal(session);
const rights = new Rights(session, listing);
const evenings = new Evenings(session);
const titles = new Titles(session, listing, { beside: (title) => h("div", {}, evenings.show(title.id), rehearsal.show(title.id)), mark: (ids) => rights.mark(ids) });
const parts = house({ session, listing, root, choose: () => titles.open(), drawer: true });
parts.mirror.el.after(new Delays(session).el);
const desk = new Desk(session);
const invite = new Invite(desk);
const catalog = new Catalog(desk);
const tonight = rehearsalSheet(session, listing);
const past = pastSheet(listing);
const actions = new Actions({ session, listing, desk, rights }, {
  titles: () => titles.open(), invite: () => invite.open(), camera: () => parts.mirror.open(), catalog: () => catalog.open(), rehearsal: () => tonight.open(), past: () => past.open(),
});
root.append(
  bar(session, new Roster(session).button, new Self(session, { desk: true }).button),
  h("main", { class: "console" }, parts.screen, h("div", { class: "now" }, new Mishaps(session, desk, listing).el, parts.about.el, rights.now), actions.el,
    h("div", { class: "lower" }, new People(session, new Signals(session), parts).el, new Queue(session, listing).el)),
  parts.side,
);
new Curtain(session, root, { over: () => [startAgain(), h("button", { type: "button", class: "plain", onclick: () => past.open(), text: t("past") })], sum: () => eveningCard(session.state, listing) });
expose(session, parts.film);
root.hidden = false;
session.start();

/** After a party: the next one. */
function startAgain() {
  const name = h("input", { id: "party-name", type: "text", required: true, maxlength: "32", value: session.state.name });
  const trouble = h("p", { class: "trouble", role: "alert" });
  return h("form", {
    class: "again", onsubmit: async (/** @type {Event} */ e) => {
      e.preventDefault();
      try {
        await post("/api/party", { name: name.value.trim() });
        location.reload();
      } catch (no) {
        const { code, reason } = /** @type {any} */ (no);
        trouble.textContent = refusal({ code, reason, kind: "party" });
      }
    },
  }, h("div", { class: "field" }, h("label", { for: "party-name", text: t("partyName") }), name, h("p", { class: "hint", text: t("newPartyHint") })),
  trouble, h("button", { type: "submit", class: "primary wide", text: t("newParty") }));
}

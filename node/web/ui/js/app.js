// The theatre: film, chat, and who is here.

import { find, h, icon } from "./core/dom.js";
import { enter } from "./core/enter.js";
import { expose } from "./core/expose.js";
import { announce, t } from "./i18n/index.js";
import { house } from "./parts/house.js";
import { Curtain } from "./parts/curtain.js";
import { eveningCard } from "./parts/evening.js";
import { Queue } from "./parts/queue.js";
import { Self } from "./parts/self.js";
import { Titles } from "./parts/titles.js";
import { Roster } from "./parts/roster.js";
import { bar } from "./parts/bar.js";

announce();
const root = find("#theatre");
const { session, listing } = await enter({ desk: false });

const titles = new Titles(session, listing);
const parts = house({ session, listing, root, choose: () => titles.open() });
const films = h("button", { type: "button", class: "bar-button", onclick: () => titles.open() }, icon("films"), h("span", { text: () => t("films") }));
root.append(
  bar(session, films, new Roster(session).button, new Self(session, { desk: false }).button),
  h("main", { class: "hall" }, parts.screen, h("div", { class: "below" }, parts.about.el, new Queue(session, listing).el)),
  parts.side,
);
new Curtain(session, root, { sum: () => eveningCard(session.state, listing) });
expose(session, parts.film);
root.hidden = false;
session.start();

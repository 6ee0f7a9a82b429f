// Who is here, as the host sees them: region, memberships, what they do and how far they are off.

import { avatar, bdi, h, iconButton, refill } from "../core/dom.js";
import { regionName } from "../core/format.js";
import { silent } from "../core/log.js";
import { paced, perFrame } from "../core/frame.js";
import { onLanguage, t } from "../i18n/index.js";
import { badges } from "../parts/badges.js";
import { calm, company, presence, searchField } from "../parts/roster.js";
import { heads } from "../parts/sofa.js";
import { signed } from "../parts/tuning.js";
import { Person } from "./person.js";
import { Sync, worth } from "./sync.js";

/** @import {Session} from "../core/session.js" */
/** @import {Film} from "../parts/film.js" */
/** @import {Member} from "../core/types.js" */
/** @import {Signals} from "./signals.js" */
/** @import {Waits} from "../core/waits.js" */

const DRAWN = 1000; // ms between looks at the signals

export class People {
  #session; #signals; #film; #waits; #person;
  #body = h("tbody");
  #search = searchField(() => this.#draw());
  #more = h("p", { class: "empty-note", hidden: true });
  #alone = h("p", { class: "empty-note", text: () => t("alone") });
  /** @type {Map<string, {doing: HTMLElement, drift: HTMLElement}>} */
  #cells = new Map();

  /** @param {Session} session @param {Signals} signals @param {{film: Film, waits: Waits}} parts */
  constructor(session, signals, { film, waits }) {
    this.#session = session;
    this.#signals = signals;
    this.#film = film;
    this.#waits = waits;
    this.#person = new Person(session);
    const heads = ["col.name", "col.region", "col.tiers", "col.state", "col.drift"].map((key) => h("th", { scope: "col", text: () => t(key) }));
    const table = h("table", { class: "who-table" }, h("thead", {}, h("tr", {}, ...heads, h("td", {}))), this.#body);
    this.el = h("section", { class: "panel people-panel", "aria-label": () => t("people") }, h("h2", { class: "panel-title", text: () => t("people") }), new Sync(session, film).el, this.#search, table, this.#more, this.#alone);
    session.watch((s) => [s.members], paced(() => this.#draw(), () => calm(session.state)));
    onLanguage(() => this.#draw());
    waits.on("changed", perFrame(() => this.#tell()));
    setInterval(() => this.#tell(), DRAWN);
  }

  #draw() {
    const { here, away, more, all } = company(this.#session.state, this.#search);
    this.#cells.clear();
    refill(this.#body, ...[...here, ...away].map((m) => this.#row(m)));
    this.#more.hidden = more === 0;
    this.#more.textContent = t("andMore", { n: more });
    this.#alone.hidden = all > 1;
    this.#tell();
  }

  /** @param {Member} m */
  #row(m) {
    const mine = m.id === this.#session.me.member;
    const doing = h("span", { class: "doing" });
    const drift = h("span", { class: "drift" });
    this.#cells.set(m.id, { doing, drift });
    const tiers = (m.tiers ?? []).map((x) => h("span", { class: "chip", text: x.tier }));
    const cell = (/** @type {string} */ key, /** @type {any[]} */ ...inside) => {
      const td = h("td", {}, ...inside);
      td.dataset.label = t(key);
      return td;
    };
    return h("tr", { class: m.screens?.length ? "" : "is-away" },
      h("th", { scope: "row" }, h("div", { class: "who-name" }, avatar(m.name, m.id), h("div", { class: "person" },
        h("p", { class: "person-name" }, bdi(m.name), heads(m), badges(m, this.#session.clock.now()), mine && h("span", { class: "you", text: t("you") })),
        h("p", { class: "person-facts", text: [t(`role.${m.role}`), silent(m, this.#session.clock.now()) ? t("mutedShort") : ""].filter(Boolean).join(" · ") })))),
      cell("col.region", h("span", { class: "region", title: regionName(m.region), text: m.region || "–" })),
      cell("col.tiers", ...(tiers.length ? tiers : [h("span", { class: "quiet-text", text: "–" })])),
      cell("col.state", doing), cell("col.drift", drift),
      h("td", { class: "row-act" }, !mine && iconButton("more", () => t("manage", { name: m.name }), () => this.#person.open(m.id), { "data-key": m.id })));
  }

  #tell() {
    const { members, me } = { members: this.#session.state.members, me: this.#session.me.member };
    for (const [id, { doing, drift }] of this.#cells) {
      const m = members[id];
      const said = id === me ? this.#own() : this.#signals.of(id);
      const known = m?.screens?.length && said && said.state && said.state !== "idle" ? said : undefined;
      const late = this.#waits.why(id);
      doing.textContent = known || late ? doingWords(known?.state ?? "", known?.why, late) : m ? presence(m) : "";
      doing.dataset.state = late ? "waiting" : known?.state ?? "";
      const measured = known?.state === "playing";
      drift.textContent = measured ? signed(known.ms) : "–";
      drift.dataset.good = measured ? worth(known.ms) : "";
    }
  }

  /** This very page, as it is now. @returns {{ms: number, state: string, why?: string}} */
  #own() {
    const { drift, doing, behind } = this.#film;
    return { ms: drift, state: doing === "playing" && behind ? "behind" : doing };
  }
}

/**
 * What a screen does, why it is not ready, and whether the film waits for it.
 * @param {string} state
 * @param {string} [why]
 * @param {string} [late] why it is waited for
 */
export function doingWords(state, why, late) {
  if (late) return t("doing.waited", { why: t(`short.${late}`) });
  const doing = t(`doing.${state}`);
  return why ? t("doing.because", { doing, why: t(`short.${why}`) }) : doing;
}

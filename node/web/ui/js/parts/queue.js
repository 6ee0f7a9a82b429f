// What comes next: the queue, or the next episode.

import { bdi, fill, h, iconButton } from "../core/dom.js";
import { clockTime, runningTime } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { onLanguage, t } from "../i18n/index.js";
import { cover } from "./cover.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Queued} from "../core/types.js" */

export class Queue {
  #session; #listing;
  #list = h("ol", { class: "queue-list" });
  el = h("section", { class: "queue", hidden: true, "aria-label": () => t("upNext") }, h("h3", { class: "eyebrow", text: () => t("upNext") }), this.#list);

  /** @param {Session} session @param {Listing} listing */
  constructor(session, listing) {
    this.#session = session;
    this.#listing = listing;
    session.watch((s) => [s.queue, s.members, s.policy, s.timeline.title, s.ended], perFrame(() => this.#draw()));
    listing.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
  }

  #draw() {
    const { queue, timeline, ended } = this.#session.state;
    const next = queue.length ? undefined : this.#listing.following(timeline.title);
    this.el.hidden = Boolean(ended) || (!queue.length && !next);
    fill(this.#list, ...queue.map((q) => this.#entry(q.title, q)), next && this.#entry(next.id));
  }

  /** @param {string} id @param {Queued} [queued] */
  #entry(id, queued) {
    const title = this.#listing.find(id) ?? { id, title: this.#listing.name(id), kind: "film", allowed: true };
    const by = queued && this.#session.state.members[queued.by]?.name;
    const small = h("p", { class: "queue-facts" });
    small.append(title.series ? t("episodeShort", { s: title.season ?? 1, e: title.episode ?? 1 }) : [title.artist, title.album ? clockTime(title.duration ?? 0) : runningTime(title.duration)].filter(Boolean).join(" · "));
    if (title.offline) small.append(small.textContent ? " · " : "", t("offline"));
    if (by) small.append(small.textContent ? " · " : "", bdi(by));
    return h("li", { class: "queue-entry" }, cover(title),
      h("div", { class: "queue-words" }, h("p", { class: "queue-title", text: title.title }), small),
      queued && this.#session.may("drive") &&
        iconButton("close", () => `${t("takeOut")}: ${title.title}`, () => this.#session.wish("dequeue", { id: queued.id }), { class: "quiet" }));
  }
}

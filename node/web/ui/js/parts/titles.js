// The catalog: what may be watched tonight. A locked title stays in its place, with its reason.

import { fill, h, icon } from "../core/dom.js";
import { facts } from "../core/format.js";
import { onLanguage, t } from "../i18n/index.js";
import { sheet } from "../core/sheet.js";
import { albumFacts, trackList } from "./album.js";
import { cover, lockWords } from "./cover.js";
import { Queue } from "./queue.js";

/** @import {Session} from "../core/session.js" */
/** @import {Album, Listing, Series} from "../core/listing.js" */
/** @import {Title} from "../core/types.js" */

const MANY = 8; // titles from which on a search field helps

export class Titles {
  #session; #listing; #beside; #mark;
  #grid = h("div", { class: "shelves" });
  #search = h("input", { type: "search", "aria-label": () => t("search"), placeholder: () => t("search"), oninput: () => this.#draw() });
  #detail = h("section", { class: "detail", hidden: true });
  #sheet;
  #open = false;
  /** @type {{title?: Title, series?: string, season?: number, album?: string}|null} */
  #chosen = null;

  /**
   * @param {Session} session @param {Listing} listing
   * @param {{beside?: (title: Title) => Node|null, mark?: (ids: string[]) => HTMLElement|null}} [own] what else is said of a title, and of those on the shelf
   */
  constructor(session, listing, { beside = () => null, mark = () => null } = {}) {
    this.#session = session;
    this.#beside = beside;
    this.#mark = (/** @type {Title[]} */ all) => mark(all.map((x) => x.id));
    this.#listing = listing;
    this.#sheet = sheet({ title: () => t("whatToWatch"), kind: "wide", onclose: () => this.#closed() }, this.#search, this.#detail, this.#grid, new Queue(session, listing).el);
    listing.on("changed", () => this.#draw());
    session.on("record", ({ kind }) => (kind === "timed" || kind === "queued" || kind === "ordered") && this.#draw());
    onLanguage(() => this.#draw());
    this.#sheet.el.addEventListener("cancel", (e) => {
      if (!this.#chosen) return;
      e.preventDefault(); // Escape first goes back to the shelves
      this.#choose(null);
    });
  }

  open() {
    this.#open = true;
    this.#chosen = null;
    this.#listing.refresh(); // a file may have come back
    this.#draw();
    this.#sheet.open();
  }

  #closed() {
    this.#open = false;
    this.#chosen = null;
    fill(this.#grid);
    fill(this.#detail);
  }

  /** @param {{title?: Title, series?: string, season?: number, album?: string}|null} chosen */
  #choose(chosen) {
    this.#chosen = chosen;
    this.#draw();
    this.#sheet.inside.scrollTop = 0;
    const first = chosen ? this.#detail.querySelector("button") : this.#grid.querySelector("button");
    first?.focus({ preventScroll: true });
  }

  #draw() {
    if (!this.#open) return;
    const one = this.#chosen;
    this.#detail.hidden = !one;
    this.#grid.hidden = Boolean(one);
    this.#search.hidden = Boolean(one) || this.#listing.titles.length < MANY;
    if (one?.album) return this.#drawAlbum(one.album);
    if (one?.series) return this.#drawSeries(one);
    if (one?.title) return this.#drawTitle(one.title);
    this.#drawShelves();
  }

  #drawShelves() {
    const words = this.#search.value.trim().toLocaleLowerCase();
    const fits = (/** @type {string} */ name) => name.toLocaleLowerCase().includes(words);
    const series = this.#listing.series().filter((s) => fits(s.title) || s.episodes.some((e) => fits(e.title)));
    const albums = this.#listing.albums().filter((a) => [a.title, a.artist, ...a.tracks.map((x) => x.title)].some(fits));
    const single = this.#listing.titles.filter((x) => !x.series && !x.album && x.kind !== "series" && fits(x.title));
    const shelf = (/** @type {string} */ name, /** @type {HTMLElement[]} */ items) =>
      items.length > 0 && h("section", { class: "shelf" }, h("h3", { class: "eyebrow", text: name }), h("ul", { class: "covers" }, ...items));
    const kinds = ["film", "live", "sport", "music"];
    const others = single.filter((x) => !kinds.includes(x.kind));
    fill(this.#grid,
      ...kinds.map((kind) => shelf(t(`kind.${kind}`), [...single.filter((x) => x.kind === kind), ...(kind === "film" ? others : [])].map((x) => this.#item(x)))).slice(0, 1),
      shelf(t("kind.series"), series.map((s) => this.#seriesItem(s))),
      ...kinds.slice(1).map((kind) => shelf(t(`kind.${kind}`), [...(kind === "music" ? albums.map((a) => this.#albumItem(a)) : []), ...single.filter((x) => x.kind === kind).map((x) => this.#item(x))])),
      series.length + albums.length + single.length === 0 && h("p", { class: "empty-note", text: t(words ? "nothingFound" : "noTitles") }));
  }

  /** @param {Title} title */
  #item(title) {
    const locked = !title.allowed || title.offline;
    const on = this.#session.state.timeline.title === title.id;
    return h("li", { class: title.kind === "music" ? "item square" : "item" }, h("button", { type: "button", class: "item-button", onclick: () => this.#choose({ title }) },
      cover(title, String(title.year || "")),
      h("span", { class: "item-title", text: title.title }),
      h("span", { class: "item-facts", text: on ? t("onNow") : facts(title) }), this.#mark([title]),
      locked && h("span", { class: "item-lock" }, icon(title.allowed ? "warning" : "lock"), h("span", { text: lockWords(title).reason }))));
  }

  /** @param {Series} series */
  #seriesItem(series) {
    const first = series.episodes[0];
    const allowed = series.episodes.some((e) => e.allowed);
    const open = series.episodes.some((e) => e.allowed && !e.offline);
    const face = { id: series.id, title: series.title, poster: series.poster, allowed, offline: allowed && !open };
    const why = lockWords(series.episodes.find((e) => e.allowed) ?? first);
    return h("li", { class: "item" }, h("button", { type: "button", class: "item-button", onclick: () => this.#choose({ series: series.id }) },
      cover(face), h("span", { class: "item-title", text: series.title }),
      h("span", { class: "item-facts", text: t("episodes", { n: series.episodes.length }) }), this.#mark(series.episodes),
      !open && h("span", { class: "item-lock" }, icon(allowed ? "warning" : "lock"), h("span", { text: why.reason }))));
  }

  /** @param {Album} album */
  #albumItem(album) {
    const allowed = album.tracks.some((x) => x.allowed);
    const open = album.tracks.some((x) => x.allowed && !x.offline);
    const on = album.tracks.some((x) => x.id === this.#session.state.timeline.title);
    const why = lockWords(album.tracks.find((x) => x.allowed) ?? album.tracks[0]);
    return h("li", { class: "item square" }, h("button", { type: "button", class: "item-button", onclick: () => this.#choose({ album: album.id }) },
      cover({ ...album, allowed, offline: allowed && !open }, album.artist), h("span", { class: "item-title", text: album.title }),
      h("span", { class: "item-facts", text: on ? t("onNow") : album.artist || t("tracks", { n: album.tracks.length }) }), this.#mark(album.tracks),
      !open && h("span", { class: "item-lock" }, icon(allowed ? "warning" : "lock"), h("span", { text: why.reason }))));
  }

  /** @param {string} id */
  #drawAlbum(id) {
    const album = this.#listing.album(id);
    if (!album) return this.#choose(null);
    const play = (/** @type {Title|undefined} */ x) => {
      if (x) this.#session.wish("cue", { title: x.id, play: true });
      this.#sheet.close();
    };
    const first = album.tracks.find((x) => x.allowed && !x.offline);
    const locked = album.tracks.find((x) => !x.allowed);
    fill(this.#detail, this.#back(), h("div", { class: "detail-top square" }, cover({ ...album, allowed: Boolean(first) || !locked }, album.artist),
      h("div", { class: "detail-words" },
        h("p", { class: "eyebrow", text: t("one.album") }), h("h3", { class: "detail-title", text: album.title }),
        album.artist && h("p", { class: "record-artist", text: album.artist }), h("p", { class: "item-facts", text: albumFacts(album) }), this.#mark(album.tracks),
        locked && this.#verdict(locked),
        first && this.#session.may("drive") && h("div", { class: "acts" },
          h("button", { type: "button", class: "primary", onclick: () => play(first) }, icon("play"), h("span", { text: t("playAlbum") }))))),
      h("ol", { class: "tracks", "aria-label": t("trackList") }, ...trackList(album, this.#session, play)));
  }

  /** @param {() => void} [onclick] */
  #back(onclick = () => this.#choose(null)) {
    return h("button", { type: "button", class: "small back-link", onclick }, icon("down"), h("span", { text: t("allTitles") }));
  }

  /** @param {Title} listed */
  #drawTitle(listed) {
    const title = this.#listing.find(listed.id);
    if (!title) return this.#choose(null);
    const from = title.series;
    fill(this.#detail, this.#back(from ? () => this.#choose({ series: from, season: title.season }) : undefined),
      h("div", { class: "detail-top" }, cover(title, String(title.year || "")),
        h("div", { class: "detail-words" },
          h("p", { class: "eyebrow", text: title.seriesTitle ? `${title.seriesTitle} · ${t("episodeShort", { s: title.season ?? 1, e: title.episode ?? 1 })}` : t(`one.${title.kind}`) }),
          h("h3", { class: "detail-title", text: title.title }),
          h("p", { class: "item-facts", text: facts(title) }), this.#mark([title]),
          title.synopsis && h("p", { class: "synopsis", text: title.synopsis }),
          this.#verdict(title), this.#acts(title))), this.#beside(title));
  }

  /** @param {Title} title */
  #verdict(title) {
    if (title.allowed && !title.offline) return null;
    const words = lockWords(title);
    return h("div", { class: "verdict" }, icon(title.allowed ? "warning" : "lock"), h("div", {}, h("strong", { text: words.short }), h("p", { text: words.reason }),
      title.allowed && this.#session.may("manage") && h("p", { text: t("playable") })));
  }

  /** @param {Title} title */
  #acts(title) {
    if (!this.#session.may("drive") || !title.allowed || title.offline) return null;
    const act = (/** @type {string} */ kind, /** @type {any} */ body, stay = false) => () => {
      this.#session.wish(kind, body);
      if (stay) this.#choose(null);
      else this.#sheet.close();
    };
    return h("div", { class: "acts" },
      h("button", { type: "button", class: "primary", onclick: act("cue", { title: title.id, play: true }) }, icon("play"), h("span", { text: t("watchNow") })),
      h("button", { type: "button", class: "plain", onclick: act("cue", { title: title.id }), text: t("putOnPaused") }),
      h("button", { type: "button", class: "plain", onclick: act("enqueue", { title: title.id }, true), text: t("enqueue") }));
  }

  /** @param {{series?: string, season?: number}} chosen */
  #drawSeries({ series: id, season }) {
    const series = this.#listing.series().find((s) => s.id === id);
    if (!series) return this.#choose(null);
    const seasons = [...new Set(series.episodes.map((e) => e.season ?? 1))];
    const shown = season ?? seasons[0];
    const tabs = seasons.length > 1 && h("div", { class: "choices", role: "group", "aria-label": t("seasons") }, ...seasons.map((s) =>
      h("button", { type: "button", class: "choice", "aria-pressed": String(s === shown), onclick: () => this.#choose({ series: id, season: s }), text: t("season", { s }) })));
    fill(this.#detail, this.#back(),
      h("h3", { class: "detail-title", text: series.title }),
      h("p", { class: "item-facts", text: t("episodes", { n: series.episodes.length }) }), tabs,
      h("ol", { class: "episodes" }, ...series.episodes.filter((e) => (e.season ?? 1) === shown).map((e) => this.#episode(e))));
  }

  /** @param {Title} e */
  #episode(e) {
    const locked = !e.allowed || e.offline;
    const on = this.#session.state.timeline.title === e.id;
    return h("li", {}, h("button", { type: "button", class: "episode", onclick: () => this.#choose({ title: e }) },
      cover(e), h("span", { class: "episode-words" },
        h("span", { class: "item-title" }, h("span", { class: "episode-number", text: `${e.episode ?? ""} ` }), e.title),
        h("span", { class: "item-facts", text: on ? t("onNow") : facts(e) }), this.#mark([e]),
        locked ? h("span", { class: "item-lock" }, icon(e.allowed ? "warning" : "lock"), h("span", { text: lockWords(e).reason })) : e.synopsis && h("span", { class: "item-synopsis", text: e.synopsis }))));
  }
}

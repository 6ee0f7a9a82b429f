// What may be watched, as the host lists it for this guest.

import { Emitter } from "./emitter.js";
import { get } from "./api.js";
import { onLanguage, t } from "../i18n/index.js";

/** @import {Title} from "./types.js" */
/** @import {Session} from "./session.js" */

/** @typedef {{id: string, title: string, poster: string, episodes: Title[]}} Series */

/** @typedef {{id: string, title: string, artist: string, year?: number, poster: string, tracks: Title[]}} Album */

/** @extends {Emitter<{changed: Title[]}>} */
export class Listing extends Emitter {
  /** @type {Title[]} */
  titles = [];
  loaded = false;
  #asked = 0;

  /** @param {Session} session */
  constructor(session) {
    super();
    session.on("welcome", () => this.refresh());
    session.on("signal", (s) => "titles" in s && this.refresh());
    session.on("record", ({ kind, record }) => (kind === "sifted" || kind === "joined" && record.joined.id === session.me.member) && this.refresh());
    onLanguage(() => this.refresh());
  }

  /** Asks again; of several questions the last one's answer counts. */
  async refresh() {
    const asked = ++this.#asked;
    const answer = await get("/api/titles").catch(() => null);
    if (!answer || asked !== this.#asked) return;
    this.titles = answer;
    this.loaded = true;
    this.emit("changed", this.titles);
  }

  /** @param {string} [id] */
  find(id) {
    return this.titles.find((t) => t.id === id);
  }

  /** What to call a title whose entry may be hidden from this guest. @param {string} [id] */
  name(id) {
    const title = this.find(id);
    if (!title) return this.loaded && id ? t("notInCatalog") : id ?? "";
    const whose = title.seriesTitle || title.artist;
    return whose ? `${whose} – ${title.title}` : title.title;
  }

  /** The episode or track after this one. @param {string} [id] */
  following(id) {
    const now = this.find(id);
    if (!now?.series && !now?.album) return undefined;
    const all = now.album ? this.album(now.album)?.tracks ?? [] : this.series().find((s) => s.id === now.series)?.episodes ?? [];
    return all[all.indexOf(now) + 1];
  }

  /** @param {string} [id] */
  album(id) {
    return this.albums().find((a) => a.id === id);
  }

  /** Albums with their tracks in order. @returns {Album[]} */
  albums() {
    /** @type {Map<string, Album>} */
    const found = new Map();
    for (const title of this.titles) {
      if (!title.album) continue;
      const one = found.get(title.album) ?? { id: title.album, title: title.albumTitle || title.album, artist: title.albumArtist ?? "", year: title.year, poster: "", tracks: [] };
      one.poster ||= title.poster ?? "";
      one.tracks.push(title);
      found.set(title.album, one);
    }
    for (const one of found.values()) one.tracks.sort((a, b) => (a.disc ?? 1) - (b.disc ?? 1) || (a.track ?? 0) - (b.track ?? 0));
    return [...found.values()];
  }

  /** Series with their episodes in order. @returns {Series[]} */
  series() {
    /** @type {Map<string, Series>} */
    const found = new Map();
    for (const title of this.titles) {
      if (!title.series) continue;
      const one = found.get(title.series) ?? { id: title.series, title: title.seriesTitle || title.series, poster: "", episodes: [] };
      one.poster ||= title.poster ?? "";
      one.episodes.push(title);
      found.set(title.series, one);
    }
    for (const one of found.values()) one.episodes.sort((a, b) => (a.season ?? 0) - (b.season ?? 0) || (a.episode ?? 0) - (b.episode ?? 0));
    return [...found.values()];
  }
}

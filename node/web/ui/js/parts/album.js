// Music on the stage: the cover, large and calm, and the tracks of its album with the one that is on.
// Who may drive taps a track to play it.

import { h, icon, refill } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { onLanguage, t } from "../i18n/index.js";
import { cover, lockWords } from "./cover.js";

/** @import {Session} from "../core/session.js" */
/** @import {Album, Listing} from "../core/listing.js" */
/** @import {Title} from "../core/types.js" */

/** What is known of an album: artist, year, how many tracks, how long. @param {Album} album */
export function albumFacts(album) {
  const length = album.tracks.reduce((sum, x) => sum + (x.duration ?? 0), 0);
  return [album.year || "", t("tracks", { n: album.tracks.length }), length ? clockTime(length) : ""].filter(Boolean).join("  ·  ");
}

/**
 * The tracks of an album, by discs where there are several.
 * @param {Album} album
 * @param {Session} session
 * @param {(track: Title) => void} [chosen]
 */
export function trackList(album, session, chosen) {
  const on = session.state.timeline.title;
  const discs = [...new Set(album.tracks.map((x) => x.disc ?? 1))];
  return discs.flatMap((disc) => [
    discs.length > 1 && h("li", { class: "disc eyebrow", text: t("disc", { n: disc }) }),
    ...album.tracks.filter((x) => (x.disc ?? 1) === disc).map((x) => row(x, album, x.id === on, session.may("drive") ? chosen : undefined)),
  ]);
}

/** @param {Title} track @param {Album} album @param {boolean} on @param {(track: Title) => void} [chosen] */
function row(track, album, on, chosen) {
  const locked = !track.allowed || track.offline;
  const why = locked ? lockWords(track).short : "";
  const words = [
    h("span", { class: "track-number" }, on ? h("span", { class: "bars", "aria-hidden": "true" }, h("i"), h("i"), h("i")) : locked ? icon(track.allowed ? "warning" : "lock") : String(track.track ?? "")),
    h("span", { class: "track-words" }, h("span", { class: "track-title", text: track.title }),
      (why || (track.artist && track.artist !== album.artist)) && h("span", { class: "track-artist", text: why || track.artist })),
    h("span", { class: "track-time", text: track.duration ? clockTime(track.duration) : "" }),
  ];
  const props = { class: "track", "aria-current": on && "true" };
  const inside = chosen && !locked ? h("button", { type: "button", ...props, "data-key": track.id, "aria-label": `${t("play")}: ${track.title}`, onclick: () => chosen(track) }, ...words) : h("div", props, ...words);
  return h("li", { class: locked ? "locked" : "" }, inside);
}

export class AlbumStage {
  #session; #listing;
  #cover = h("div", { class: "record-cover" });
  #title = h("h2", { class: "record-title" });
  #artist = h("p", { class: "record-artist" });
  #facts = h("p", { class: "item-facts" });
  #tracks = h("ol", { class: "tracks", "aria-label": () => t("trackList") });
  #seen = "";
  el = h("section", { class: "record", hidden: true, "aria-label": () => t("one.music") },
    this.#cover, h("div", { class: "record-words" }, h("div", { class: "record-head" }, this.#artist, this.#title, this.#facts), this.#tracks));

  /** @param {{session: Session, listing: Listing}} world @param {(title: Title|undefined) => void} shown the music that is on, or none */
  constructor({ session, listing }, shown) {
    this.#session = session;
    this.#listing = listing;
    this.shown = shown;
    const draw = perFrame(() => this.#draw());
    session.watch((s) => [s.timeline.title, s.members, s.policy, s.ended], draw);
    listing.on("changed", draw);
    onLanguage(draw);
  }

  #draw() {
    const title = this.#listing.find(this.#session.state.timeline.title);
    const music = title?.kind === "music" && title.allowed && !this.#session.state.ended ? title : undefined;
    this.el.hidden = !music;
    this.shown(music);
    if (!music) return;
    const album = this.#listing.album(music.album);
    const face = { ...music, poster: music.poster || album?.poster };
    if (this.#seen !== `${face.id} ${face.poster}`) refill(this.#cover, cover(face));
    this.#artist.textContent = (album ? album.artist : music.artist) ?? "";
    this.#title.textContent = album ? album.title : music.title;
    this.#facts.textContent = album ? albumFacts(album) : [music.year || "", music.duration ? clockTime(music.duration) : ""].filter(Boolean).join("  ·  ");
    refill(this.#tracks, ...(album ? trackList(album, this.#session, (x) => this.#session.wish("cue", { title: x.id, play: true })) : []));
    if (this.#seen.split(" ")[0] !== music.id) this.#reveal();
    this.#seen = `${face.id} ${face.poster}`;
  }

  /** Has the track that is on in sight, without moving the page. */
  #reveal() {
    const row = this.#tracks.querySelector("[aria-current]");
    const box = this.#tracks.getBoundingClientRect();
    const at = row?.getBoundingClientRect();
    if (at && (at.top < box.top || at.bottom > box.bottom)) this.#tracks.scrollTop += at.top - box.top - box.height / 3;
  }
}

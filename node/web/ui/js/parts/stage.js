// The stage: the film with its light on the walls, subtitles, cards, and the one tap that some
// browsers ask for.

import { bind, hostSays, onLanguage, t } from "../i18n/index.js";
import { fill, h, icon } from "../core/dom.js";
import { facts } from "../core/format.js";
import { perFrame } from "../core/frame.js";
import { UNPLAYABLE } from "../core/trouble.js";
import { AlbumStage } from "./album.js";
import { Glow } from "./glow.js";
import { lockWords } from "./cover.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */
/** @import {Film} from "./film.js" */

export class Stage {
  #film; #session; #listing;
  #card = h("div", { class: "card", hidden: true });
  #tap;
  #shown = "";

  /**
   * @param {{session: Session, listing: Listing, film: Film, choose: () => void}} world
   * @param {{cues: Node, notes: Node[], held: Node}} over the film: subtitles, what is said at its top, the card of a start that waits
   */
  constructor({ session, listing, film, choose }, { cues, notes, held }) {
    this.#film = film;
    this.#session = session;
    this.#listing = listing;
    this.choose = choose;
    this.#tap = h("button", { type: "button", class: "tap", hidden: true, onclick: () => film.unlock() },
      h("span", { class: "tap-sign" }, icon("play")), h("span", { text: () => t("tap") }));
    bind(film.video, () => film.video.setAttribute("aria-label", t("film")));
    const glow = new Glow(film.video);
    const album = new AlbumStage({ session, listing }, (music) => this.#music(music, glow));
    this.picture = h("div", { class: "picture" }, film.video, album.el, cues, h("div", { class: "notes" }, ...notes), held, this.#card, this.#tap);
    this.el = h("div", { class: "stage" }, glow.el, this.picture);
    film.video.addEventListener("loadedmetadata", () => this.#shape());
    film.on("doing", (doing) => this.#doing(doing));
    film.on("title", () => this.#poster());
    film.on("trouble", () => this.#show());
    session.watch((s) => [s.timeline, s.members, s.policy, s.ended], perFrame(() => this.#show()));
    listing.on("changed", () => this.#show());
    onLanguage(() => this.#show(true));
  }

  #shape() {
    const { videoWidth, videoHeight } = this.#film.video;
    if (videoWidth && videoHeight) this.picture.style.setProperty("--ratio", String(videoWidth / videoHeight));
  }

  /** Music has a cover and no picture. @param {import("../core/types.js").Title|undefined} music @param {Glow} glow */
  #music(music, glow) {
    this.el.closest(".screen")?.classList.toggle("hears", Boolean(music));
    glow.cover(music?.poster ?? this.#listing.album(music?.album)?.poster);
    if (music) this.picture.style.removeProperty("--ratio");
  }

  #poster() {
    const { video, title } = this.#film;
    if (title?.poster && title.kind !== "music") video.poster = title.poster;
    else video.removeAttribute("poster");
    if (!title) this.picture.style.removeProperty("--ratio");
  }

  /** @param {string} doing */
  #doing(doing) {
    this.#tap.hidden = doing !== "blocked";
    if (doing === "blocked" && document.activeElement === document.body) this.#tap.focus();
  }

  #show(again = false) {
    const { timeline, ended } = this.#session.state;
    const title = this.#listing.find(timeline.title);
    const may = this.#session.may("drive");
    const { trouble } = this.#film;
    const what = ended ? "ended" : !timeline.title ? "nothing" : !this.#listing.loaded ? "loading" : !title?.allowed || title.offline ? "locked" : trouble ? "broken" : "film";
    const key = [what, timeline.title, title?.reason, title?.offline, trouble?.code, may].join("|");
    if (key === this.#shown && !again) return;
    this.#shown = key;
    this.#card.hidden = what === "film" || what === "ended" || what === "loading";
    this.#card.dataset.kind = what;
    if (this.#card.hidden) fill(this.#card);
    else if (what === "nothing") fill(this.#card, ...this.#nothing(may));
    else if (what === "locked") fill(this.#card, ...(title || !this.#session.may("manage") ? this.#locked(title) : this.#gone()));
    else if (what === "broken" && trouble && title) fill(this.#card, ...this.#broken(title, trouble));
  }

  /** @param {boolean} may */
  #nothing(may) {
    return [
      h("span", { class: "card-sign" }, icon("mark")),
      h("h2", { text: t("nothingOn") }),
      h("p", { text: may ? t("nothingOnChoose") : t("nothingOnWait") }),
      may && h("button", { type: "button", class: "primary", onclick: () => this.choose(), text: t("chooseFilm") }),
    ];
  }

  /** What is on was taken out of the catalog: the host ought to know. */
  #gone() {
    return [
      h("span", { class: "card-sign" }, icon("warning")),
      h("h2", { text: t("goneTitle") }),
      h("p", { class: "card-reason", text: t("goneHint") }),
      h("button", { type: "button", class: "primary", onclick: () => this.choose(), text: t("chooseFilm") }),
    ];
  }

  /** @param {import("../core/types.js").Title} title @param {import("./film.js").Trouble} trouble */
  #broken(title, trouble) {
    const unplayable = trouble.code === UNPLAYABLE || trouble.code === "WP-FFMPEG-MISSING";
    return [
      h("span", { class: "card-sign" }, icon("warning")),
      h("p", { class: "item-facts", text: title.title }),
      h("h2", { text: unplayable ? t("unplayable") : t("offline") }),
      trouble.code !== UNPLAYABLE && h("p", { class: "card-reason", text: hostSays(trouble) }),
      trouble.code === UNPLAYABLE && this.#session.may("manage") && h("p", { class: "card-reason", text: t(title.play && !title.play.hls ? "playableWith" : "playable") }),
      h("button", { type: "button", class: "plain", onclick: () => this.#film.again(), text: t("lookAgain") }),
    ];
  }

  /** @param {import("../core/types.js").Title} [title] */
  #locked(title) {
    const words = lockWords(title);
    return [
      h("span", { class: "card-sign" }, icon(title?.offline ? "warning" : "lock")),
      title && h("p", { class: "item-facts", text: title.seriesTitle || facts(title) }),
      h("h2", { text: title ? title.title : t("lockedUnknown") }),
      h("p", { class: "card-reason", text: words.reason }),
      title?.offline && !title.reason && this.#session.may("manage") && h("p", { class: "card-reason", text: t("playable") }),
      title?.allowed ? h("button", { type: "button", class: "plain", onclick: () => this.#listing.refresh(), text: t("lookAgain") })
        : h("p", { class: "card-quiet", text: t("lockedStay") }),
    ];
  }
}

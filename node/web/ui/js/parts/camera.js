// The stage above the chat: the faces of those whose cameras are on, seen and heard. While nobody is there, a calm
// empty frame.

import { bdi, fill, h, icon } from "../core/dom.js";
import { Line } from "../core/line.js";
import { listen } from "../core/loudness.js";
import { recall, remember } from "../core/prefs.js";
import { bind, onLanguage, t } from "../i18n/index.js";
import { Duck } from "./duck.js";

/** @import {Session} from "../core/session.js" */
/** @import {Face} from "../core/types.js" */
/** @import {Film} from "./film.js" */
/** @import {Mirror} from "./mirror.js" */

/** @typedef {{el: HTMLElement, video: HTMLVideoElement, name: HTMLElement, line: Line|null, deaf: () => void, speaks: boolean, since: number}} Seen */

export class Camera {
  #session; #film; #mirror;
  /** @type {Map<string, Seen>} */
  #seen = new Map();
  #faces = h("div", { class: "faces" });
  #empty = h("div", { class: "camera-empty" }, icon("camera"), h("span", { text: () => t("noCamera") }));
  #hidden = recall("faces.hidden", false);
  #loud = h("input", { type: "range", class: "loud faces-loud", min: "0", max: "1", step: "0.05", "aria-label": () => t("facesVolume") });
  #hide = h("button", { type: "button", class: "small", onclick: () => this.#turn() });
  #tap = h("button", { type: "button", class: "small", hidden: true, onclick: () => this.#unlock(), text: () => t("facesTap") });
  #room = new Duck(() => this.#duck());
  #tools = h("div", { class: "faces-tools" }, this.#tap, this.#loud, this.#room.button, this.#hide, this.#room.menu);

  /** @param {{session: Session, film: Film, mirror: Mirror}} world */
  constructor({ session, film, mirror }) {
    this.#session = session;
    this.#film = film;
    this.#mirror = mirror;
    this.el = h("section", { class: "camera", "aria-label": () => t("camera") }, this.#faces, this.#tools, this.#empty);
    this.#loud.value = String(recall("faces.volume", 1));
    this.#loud.style.setProperty("--fill", this.#loud.value);
    this.#loud.addEventListener("input", () => this.#volume(Number(this.#loud.value)));
    session.watch((s) => [s.stage, s.members, s.ended], () => this.#draw());
    mirror.on("changed", () => this.#draw());
    onLanguage(() => this.#draw());
    this.#draw();
  }

  /** Those who are seen by way of the stage. */
  get watched() {
    return [...this.#seen].filter(([, s]) => s.line).map(([face, { video, line }]) => ({ face, video, pc: line?.pc }));
  }

  /** Those who are to be seen, the host first. @returns {Face[]} */
  get #present() {
    const { state } = this.#session;
    const rank = (/** @type {Face} */ f) => (state.members[f.member]?.role === "host" ? 0 : 1);
    return (state.stage ?? []).filter((f) => f.since).sort((a, b) => rank(a) - rank(b) || (a.since ?? 0) - (b.since ?? 0));
  }

  #draw() {
    const here = this.#present;
    for (const [id, seen] of this.#seen) {
      const face = here.find((f) => f.member === id);
      if (!face || this.#hidden) this.#end(id, seen);
      else if (seen.since !== face.since) this.#renew(seen, face);
    }
    if (!this.#hidden) here.forEach((f) => this.#seen.has(f.member) || this.#begin(f));
    const shown = here.map((f) => this.#seen.get(f.member)).filter((s) => s !== undefined);
    shown.forEach((s, i) => {
      s.video.dataset.part = i ? "face" : "camera";
      const face = here[i];
      fill(s.name, bdi(this.#session.state.members[face.member]?.name ?? ""), face.hushed && icon("silent"));
    });
    if ([...this.#faces.children].some((el, i) => el !== shown[i]?.el) || this.#faces.children.length !== shown.length) this.#faces.replaceChildren(...shown.map((s) => s.el));
    this.#faces.dataset.count = String(shown.length);
    this.#faces.hidden = !shown.length;
    this.#tools.hidden = !here.length;
    this.#empty.hidden = here.length > 0;
    this.#loud.hidden = this.#room.button.hidden = this.#hidden;
    this.#hide.textContent = t(this.#hidden ? "facesShow" : "facesHide");
    if (this.#hidden) this.#tap.hidden = true;
  }

  /** @param {Face} face */
  #begin(face) {
    const mine = face.member === this.#session.me.member && this.#mirror.stream;
    const video = h("video", { playsinline: true, autoplay: true, tabindex: "-1", class: mine ? "mirror" : "" });
    bind(video, () => video.setAttribute("aria-label", t("camera")));
    const name = h("figcaption", { class: "face-name" });
    const seen = { el: h("figure", { class: "face" }, video, name), video, name, line: /** @type {Line|null} */ (null), deaf: () => {}, speaks: false, since: face.since ?? 0 };
    this.#seen.set(face.member, seen);
    if (mine) {
      video.muted = true;
      video.srcObject = this.#mirror.stream;
      return;
    }
    video.volume = recall("faces.volume", 1);
    const stream = new MediaStream();
    seen.line = new Line(`/whep?face=${encodeURIComponent(face.member)}`, (pc) => {
      pc.addTransceiver("video", { direction: "recvonly" });
      pc.addTransceiver("audio", { direction: "recvonly" });
      pc.addEventListener("track", ({ track, receiver }) => {
        if ("jitterBufferTarget" in receiver) receiver.jitterBufferTarget = 0; // as soon as it comes: a face answers to the film
        stream.getTracks().filter((old) => old.kind === track.kind).forEach((old) => stream.removeTrack(old));
        stream.addTrack(track);
        video.srcObject = stream;
        video.play().catch((no) => no.name === "NotAllowedError" && this.#locked(video));
        if (track.kind === "audio") this.#hear(seen, stream);
      });
    });
    seen.line.on("refused", () => { // seen elsewhere: here is the name
      seen.el.classList.add("unseen");
    });
    seen.line.call();
  }

  /** A camera that came back is called anew. @param {Seen} seen @param {Face} face */
  #renew(seen, face) {
    seen.since = face.since ?? 0;
    if (seen.line) seen.line.redial();
    else seen.video.srcObject = this.#mirror.stream;
  }

  /** @param {string} id @param {Seen} seen */
  #end(id, seen) {
    seen.line?.hangUp();
    seen.deaf();
    seen.video.srcObject = null;
    this.#seen.delete(id);
    this.#duck();
  }

  /** @param {Seen} seen @param {MediaStream} stream */
  #hear(seen, stream) {
    seen.deaf();
    seen.deaf = listen(stream, (_, speaks) => {
      if (speaks === seen.speaks) return;
      seen.speaks = speaks;
      seen.el.classList.toggle("speaks", speaks);
      this.#duck();
    });
  }

  /** The film makes room while somebody speaks. */
  #duck() {
    const heard = recall("faces.volume", 1) > 0 && [...this.#seen.values()].some((s) => s.speaks);
    this.#film.duck(heard ? this.#room.part : 0);
  }

  /** This browser wants a tap before sound. @param {HTMLVideoElement} video */
  #locked(video) {
    video.muted = true;
    video.play().catch(() => {});
    this.#tap.hidden = false;
  }

  #unlock() {
    this.#tap.hidden = true;
    for (const { video, line } of this.#seen.values()) if (line) video.muted = false;
  }

  /** @param {number} level */
  #volume(level) {
    remember("faces.volume", level);
    this.#loud.style.setProperty("--fill", String(level));
    for (const { video, line } of this.#seen.values()) if (line) video.volume = level;
    this.#unlock();
    this.#duck();
  }

  #turn() {
    this.#hidden = !this.#hidden;
    remember("faces.hidden", this.#hidden);
    this.#draw();
  }
}

// One's own camera and microphone: devices, own picture and sound level first, then on stage, and off at a tap.

import { Emitter } from "../core/emitter.js";
import { fill, h, icon } from "../core/dom.js";
import { Line } from "../core/line.js";
import { listen } from "../core/loudness.js";
import { sheet } from "../core/sheet.js";
import { insecure } from "./insecure.js";
import { program } from "./program.js";
import { onLanguage, refusal, t } from "../i18n/index.js";
import { onStage } from "../core/log.js";

/** @import {Session} from "../core/session.js" */

const SIZES = [{ rid: "l", scaleResolutionDownBy: 2, maxBitrate: 250_000 }, { rid: "h", maxBitrate: 1_200_000 }]; // smallest first
const WANTED = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 30 } };
const HEARD = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

const HELD = 400; // ms from which on a key is held, and not tapped

/** @extends {Emitter<{changed: boolean}>} */
export class Mirror extends Emitter {
  #session;
  /** @type {Line|null} */
  #line = null;
  #sign = h("button", { type: "button", class: "on-air", hidden: true, onclick: () => this.leave() });
  #hushed = false; // by one's own key
  #video = h("video", { playsinline: true, muted: true, autoplay: true, class: "mirror", "aria-label": () => t("camera") });
  #empty = h("p", { class: "preview-empty", text: () => t("cameraOff") });
  #level = h("meter", { min: "0", max: "1", value: "0", low: "0.02", high: "0.85", optimum: "0.4", "aria-label": () => t("level") });
  #note = h("p", { class: "trouble", role: "alert" });
  #cameras = h("select", { id: "camera-device", onchange: () => this.#on() });
  #microphones = h("select", { id: "microphone-device", onchange: () => this.#on() });
  #button = h("button", { type: "button", class: "primary", onclick: () => (this.stream ? this.#off() : this.#on()) });
  #live = h("button", { type: "button", class: "primary", onclick: () => (this.#line ? this.leave() : this.#enter()) });
  #devices;
  #program = program();
  /** @type {MediaStream|null} */
  stream = null;
  #deaf = () => {};
  #sheet;
  #job = 0;

  /** @param {Session} session */
  constructor(session) {
    super();
    this.#session = session;
    this.#video.muted = true;
    const field = (/** @type {HTMLElement} */ select, /** @type {string} */ key) => h("div", { class: "field" }, h("label", { for: select.id, text: () => t(key) }), select);
    this.#devices = h("div", { class: "devices", hidden: true }, field(this.#cameras, "camera"), field(this.#microphones, "microphone"),
      h("div", { class: "field" }, h("span", { class: "label", text: () => t("level") }), this.#level));
    this.#sheet = sheet({ title: () => t("camera"), onclose: () => this.#line || this.#off() },
      !window.isSecureContext ? insecure(session) : !navigator.mediaDevices ? h("div", { class: "verdict" }, icon("warning"), h("p", { text: () => t("cameraNone") }))
        : h("div", { class: "preview-block" }, h("div", { class: "preview" }, this.#video, this.#empty), h("p", { class: "hint", text: () => t("cameraHere") }), this.#note, this.#devices, h("div", { class: "acts" }, this.#button, this.#live)), this.#program);
    this.el = this.#sign;
    session.watch((s) => [s.stage, s.ended], () => this.#stage());
    this.#keys();
    onLanguage(() => this.#face());
    this.#face();
  }

  open() {
    this.#sheet.open();
  }

  #face() {
    const there = onStage(this.#session.state, this.#session.me.member);
    fill(this.#button, h("span", { text: t(this.stream ? "cameraStop" : "cameraAsk") }));
    this.#button.className = this.stream ? "plain" : "primary";
    this.#button.hidden = Boolean(this.#line);
    this.#program.hidden = !(there || this.#session.may("broadcast"));
    this.#live.hidden = !this.stream || this.#program.hidden;
    this.#live.textContent = t(this.#line ? "stageLeave" : "stageEnter");
    this.#live.className = this.#line ? "plain danger" : "primary";
    this.#sign.hidden = !this.#line;
    fill(this.#sign, h("span", { class: "on-air-dot" }), h("span", { text: t(!this.#line?.up ? "stageComing" : this.#hushed || there?.hushed ? "stageHushed" : "stageLive") }));
    this.#sign.title = t("stageLeave");
    this.#devices.hidden = !this.stream;
    this.#empty.hidden = Boolean(this.stream?.getVideoTracks().length);
    this.#empty.textContent = t(this.stream ? "noPicture" : "cameraOff");
  }

  async #on() {
    this.#still();
    const job = ++this.#job;
    this.#note.textContent = "";
    const stream = await this.#ask().catch((e) => {
      this.#note.textContent = t(trouble(e));
      return null;
    });
    if (!stream) return;
    if (job !== this.#job || !this.#sheet.el.open) return stream.getTracks().forEach((track) => track.stop());
    this.stream = stream;
    this.#video.srcObject = stream;
    this.#deaf = listen(stream, (level) => (this.#level.value = Math.max(level, this.#level.value * 0.85)));
    if (this.#line) this.#swap(stream);
    await this.#list();
    this.#face();
  }

  /** Camera and microphone; with one of them missing, the other. */
  async #ask() {
    const pick = (/** @type {HTMLSelectElement} */ s) => (s.value ? { deviceId: { exact: s.value } } : {});
    const [video, audio] = [{ ...WANTED, ...pick(this.#cameras) }, { ...HEARD, ...pick(this.#microphones) }];
    const devices = navigator.mediaDevices;
    try {
      return await devices.getUserMedia({ video, audio });
    } catch (e) {
      if (/** @type {any} */ (e).name !== "NotFoundError") throw e;
      return devices.getUserMedia({ video }).catch(() => devices.getUserMedia({ audio }));
    }
  }

  async #list() {
    const all = await navigator.mediaDevices.enumerateDevices();
    for (const [select, kind, track] of /** @type {[HTMLSelectElement, string, MediaStreamTrack|undefined][]} */ ([
      [this.#cameras, "videoinput", this.stream?.getVideoTracks()[0]], [this.#microphones, "audioinput", this.stream?.getAudioTracks()[0]]])) {
      const found = all.filter((d) => d.kind === kind);
      fill(select, ...found.map((d, i) => h("option", { value: d.deviceId, text: d.label || t("device", { n: i + 1 }) })));
      select.disabled = found.length === 0;
      select.value = track?.getSettings().deviceId ?? "";
    }
  }

  /** Gives the devices back. */
  #still() {
    this.#job++;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.#deaf();
    this.#video.srcObject = null;
    this.#level.value = 0;
  }

  #off() {
    this.#still();
    this.#face();
    this.emit("changed", false);
  }

  #enter() {
    this.#note.textContent = "";
    const line = (this.#line = new Line("/whip", (pc) => this.#send(pc)));
    line.on("up", () => this.#face());
    line.on("refused", (no) => {
      this.#line = null;
      this.#note.textContent = refusal(no);
      this.#face();
    });
    line.call();
    this.#face();
    this.emit("changed", true);
  }

  /** @param {RTCPeerConnection} pc */
  #send(pc) {
    for (const track of this.stream?.getTracks() ?? []) {
      const video = track.kind === "video";
      if (video) track.contentHint = "motion";
      pc.addTransceiver(track, { direction: "sendonly", streams: this.stream ? [this.stream] : [], sendEncodings: video ? SIZES : undefined });
    }
  }

  /** Another camera or microphone, without leaving. @param {MediaStream} stream */
  #swap(stream) {
    for (const sender of this.#line?.pc?.getSenders() ?? []) {
      const track = stream.getTracks().find((x) => x.kind === sender.track?.kind);
      if (track) sender.replaceTrack(track);
    }
    this.#hush(this.#hushed);
    this.emit("changed", true);
  }

  /** The connection by which one is seen. */
  get pc() {
    return this.#line?.pc;
  }

  /** Whether one is on the way to the stage, or there. */
  get busy() {
    return this.#line !== null;
  }

  leave() {
    if (!this.#line) return;
    this.#line.hangUp();
    this.#line = null;
    this.#hushed = false;
    if (onStage(this.#session.state, this.#session.me.member)) this.#session.wish("bow", {});
    this.#off();
  }

  /** What the party says of us. */
  #stage() {
    const { state, me } = this.#session;
    const there = onStage(state, me.member);
    if (this.#line && (state.ended || this.#shown && !there)) { // somebody took us off, or the stage was put up again
      const crashed = !state.ended && this.#session.may("broadcast") && this.#line.up;
      if (crashed) this.#line.redial();
      else this.leave();
    }
    this.#shown = Boolean(there?.since);
    this.#face();
  }
  #shown = false;

  /** @param {boolean} off */
  #hush(off) {
    this.#hushed = off;
    this.stream?.getAudioTracks().forEach((track) => (track.enabled = !off));
    this.#face();
  }

  /** T, tapped: the other way until it is tapped again; held: while it is down. */
  #keys() {
    addEventListener("keydown", (e) => {
      if (!this.#line || e.repeat || e.ctrlKey || e.metaKey || e.altKey || e.key.toLowerCase() !== "t" || /input|textarea|select/i.test(/** @type {Element} */ (e.target).tagName)) return;
      this.#hush(!this.#hushed);
      const down = performance.now();
      addEventListener("keyup", () => performance.now() - down > HELD && this.#line && this.#hush(!this.#hushed), { once: true });
    });
  }
}

/** @param {any} e */
function trouble(e) {
  if (e?.name === "NotAllowedError") return "cameraDenied";
  return e?.name === "NotReadableError" ? "cameraBusy" : "cameraMissing";
}

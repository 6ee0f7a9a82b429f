// A check of camera and microphone, on this machine only: devices, own picture, sound level.

import { fill, h, icon } from "../core/dom.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, t } from "../i18n/index.js";

export class CameraCheck {
  #video = h("video", { playsinline: true, muted: true, autoplay: true, class: "mirror", "aria-label": () => t("camera") });
  #empty = h("p", { class: "preview-empty", text: () => t("cameraOff") });
  #level = h("meter", { min: "0", max: "1", value: "0", low: "0.02", high: "0.85", optimum: "0.4", "aria-label": () => t("level") });
  #note = h("p", { class: "trouble", role: "alert" });
  #cameras = h("select", { id: "camera-device", onchange: () => this.#on() });
  #microphones = h("select", { id: "microphone-device", onchange: () => this.#on() });
  #button = h("button", { type: "button", class: "primary", onclick: () => (this.#stream ? this.#off() : this.#on()) });
  #devices;
  /** @type {MediaStream|null} */
  #stream = null;
  /** @type {AudioContext|null} */
  #ears = null;
  #sheet;
  #job = 0;

  constructor() {
    this.#video.muted = true;
    const field = (/** @type {HTMLElement} */ select, /** @type {string} */ key) => h("div", { class: "field" }, h("label", { for: select.id, text: () => t(key) }), select);
    this.#devices = h("div", { class: "devices", hidden: true }, field(this.#cameras, "camera"), field(this.#microphones, "microphone"),
      h("div", { class: "field" }, h("span", { class: "label", text: () => t("level") }), this.#level));
    const why = this.#forbidden();
    this.#sheet = sheet({ title: () => t("camera"), onclose: () => this.#off() },
      why ? h("div", { class: "verdict" }, icon("warning"), h("p", { text: () => t(why) }))
        : h("div", { class: "preview-block" }, h("div", { class: "preview" }, this.#video, this.#empty), h("p", { class: "hint", text: () => t("cameraHere") }), this.#note, this.#devices, this.#button));
    onLanguage(() => this.#face());
    this.#face();
  }

  open() {
    this.#sheet.open();
  }

  /** What stands in the way before anybody is asked: a plain address, or a browser without devices. */
  #forbidden() {
    if (!window.isSecureContext) return "cameraInsecure";
    return navigator.mediaDevices ? "" : "cameraNone";
  }

  #face() {
    fill(this.#button, h("span", { text: t(this.#stream ? "cameraStop" : "cameraAsk") }));
    this.#button.className = this.#stream ? "plain" : "primary";
    this.#devices.hidden = !this.#stream;
    this.#empty.hidden = Boolean(this.#stream?.getVideoTracks().length);
    this.#empty.textContent = t(this.#stream ? "noPicture" : "cameraOff");
  }

  async #on() {
    this.#off();
    const job = ++this.#job;
    this.#note.textContent = "";
    const stream = await this.#ask().catch((e) => {
      this.#note.textContent = t(trouble(e));
      return null;
    });
    if (!stream) return;
    if (job !== this.#job || !this.#sheet.el.open) return stream.getTracks().forEach((track) => track.stop());
    this.#stream = stream;
    this.#video.srcObject = stream;
    this.#listen(stream);
    await this.#list();
    this.#face();
  }

  /** Camera and microphone; with one of them missing, the other. */
  async #ask() {
    const pick = (/** @type {HTMLSelectElement} */ s) => (s.value ? { deviceId: { exact: s.value } } : true);
    const [video, audio] = [pick(this.#cameras), pick(this.#microphones)];
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
      [this.#cameras, "videoinput", this.#stream?.getVideoTracks()[0]], [this.#microphones, "audioinput", this.#stream?.getAudioTracks()[0]]])) {
      const found = all.filter((d) => d.kind === kind);
      fill(select, ...found.map((d, i) => h("option", { value: d.deviceId, text: d.label || t("device", { n: i + 1 }) })));
      select.disabled = found.length === 0;
      select.value = track?.getSettings().deviceId ?? "";
    }
  }

  /** @param {MediaStream} stream */
  #listen(stream) {
    if (!stream.getAudioTracks().length) return;
    this.#ears = new AudioContext();
    const meter = this.#ears.createAnalyser();
    meter.fftSize = 1024;
    this.#ears.createMediaStreamSource(stream).connect(meter);
    const samples = new Float32Array(meter.fftSize);
    const draw = () => {
      if (this.#stream !== stream) return;
      meter.getFloatTimeDomainData(samples);
      const loud = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
      this.#level.value = Math.max(Math.min(loud * 4, 1), this.#level.value * 0.85);
      requestAnimationFrame(draw);
    };
    draw();
  }

  #off() {
    this.#job++;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#ears?.close();
    this.#ears = null;
    this.#video.srcObject = null;
    this.#level.value = 0;
    this.#face();
  }
}

/** @param {any} e */
function trouble(e) {
  if (e?.name === "NotAllowedError") return "cameraDenied";
  return e?.name === "NotReadableError" ? "cameraBusy" : "cameraMissing";
}

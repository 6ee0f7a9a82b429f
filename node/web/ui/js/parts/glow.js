// The light that the film throws on the walls: every few seconds one frame, made tiny, fades in
// behind the picture. Nothing is read back from the graphics card.

import { h } from "../core/dom.js";

const EVERY = 3000; // ms
const WIDTH = 24; // pixels: the browser's scaling does the blurring
const HEIGHT = 14;

export class Glow {
  #sheets = [0, 1].map(() => h("canvas", { width: WIDTH, height: HEIGHT }));
  #front = 0;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.el = h("div", { class: "glow", "aria-hidden": "true" }, ...this.#sheets);
    setInterval(() => !document.hidden && !video.paused && this.#draw(video), EVERY);
    for (const name of ["seeked", "playing", "loadeddata"]) video.addEventListener(name, () => this.#draw(video));
    video.addEventListener("emptied", () => this.#sheets.forEach((s) => s.classList.remove("lit")));
  }

  /** @param {HTMLVideoElement} video */
  #draw(video) {
    if (video.readyState < 2 || !video.videoWidth) return;
    this.#front = 1 - this.#front;
    const sheet = this.#sheets[this.#front];
    const brush = sheet.getContext("2d");
    if (!brush) return;
    brush.filter = "blur(2px) saturate(1.4)";
    brush.drawImage(video, 0, 0, WIDTH, HEIGHT);
    sheet.classList.add("lit");
    this.#sheets[1 - this.#front].classList.remove("lit");
  }
}

// The light that the film throws on the walls: once a second a frame, made tiny, is blended into
// what was there; of music it is its cover. It is one small canvas without mask or fade of its own, so that the browser can leave
// out what lies behind the picture. Nothing is read back from the graphics card.

import { h } from "../core/dom.js";

const EVERY = 1000; // ms: without a graphics card each costs some milliseconds
const SHARE = 0.4; // of the light is new each time: a cut takes some seconds to reach the walls
const STRENGTH = 0.6;
const WIDTH = 32; // pixels: the browser's scaling does the blurring
const HEIGHT = 18;

export class Glow {
  #wall = h("canvas", { width: WIDTH, height: HEIGHT });
  #light = h("canvas", { width: WIDTH, height: HEIGHT });
  #dark = true;
  #src = "";

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.el = h("div", { class: "glow", "aria-hidden": "true" }, this.#wall);
    setInterval(() => !document.hidden && !video.paused && this.el.offsetParent && this.#draw(video, SHARE), EVERY);
    for (const name of ["seeked", "playing", "loadeddata"]) video.addEventListener(name, () => this.#draw(video, video.paused ? 1 : SHARE));
    video.addEventListener("emptied", () => this.#src || this.#out());
  }

  /** The light of a cover, which stays until there is another or a film. @param {string} [src] */
  cover(src = "") {
    if (src === this.#src) return;
    this.#src = src;
    this.#out();
    if (!src) return;
    const img = new Image();
    img.addEventListener("load", () => src === this.#src && this.#throw(img, 1));
    img.src = src;
  }

  /** @param {HTMLVideoElement} video @param {number} share */
  #draw(video, share) {
    if (video.readyState >= 2 && video.videoWidth && !this.#src) this.#throw(video, share);
  }

  /** @param {HTMLVideoElement|HTMLImageElement} from @param {number} share */
  #throw(from, share) {
    const light = this.#light.getContext("2d");
    const wall = this.#wall.getContext("2d");
    if (!light || !wall) return;
    light.globalAlpha = this.#dark ? 1 : share;
    light.filter = "blur(1.5px) saturate(1.4)";
    light.drawImage(from, 0, 0, WIDTH, HEIGHT);
    this.#dark = false;
    wall.globalCompositeOperation = "copy";
    wall.drawImage(this.#light, 0, 0);
    wall.globalCompositeOperation = "destination-in";
    wall.setTransform(WIDTH / 2, 0, 0, HEIGHT / 2, WIDTH / 2, HEIGHT / 2);
    const fade = wall.createRadialGradient(0, 0, 0.52, 0, 0, 1);
    fade.addColorStop(0, `rgb(0 0 0 / ${STRENGTH})`);
    fade.addColorStop(1, "transparent");
    wall.fillStyle = fade;
    wall.fillRect(-1, -1, 2, 2);
    wall.resetTransform();
  }

  #out() {
    this.#dark = true;
    this.#wall.getContext("2d")?.clearRect(0, 0, WIDTH, HEIGHT);
  }
}

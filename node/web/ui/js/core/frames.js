// What is really shown: whether the frames that reach the screen are those that belong there. A frame
// is right while the party is between its beginning and the next one's.

import { median } from "./follow.js";

const KEPT = 15;
const FRESH = 1500; // ms that a measurement is believed
const REFRESH = 17; // ms: a screen of 60 Hz can be this late and right

export class Frames {
  /** @type {number[]} */
  #errors = [];
  #at = -Infinity;
  #last = NaN;
  #length = 0.042; // s, of a frame

  /**
   * @param {HTMLVideoElement} video
   * @param {(local: number) => number|null} expected position in seconds at a time of performance.now(), null when not running
   */
  constructor(video, expected) {
    if (!("requestVideoFrameCallback" in video)) return;
    /** @param {number} _ @param {VideoFrameCallbackMetadata} frame */
    const seen = (_, frame) => {
      video.requestVideoFrameCallback(seen);
      const at = expected(frame.expectedDisplayTime);
      if (at === null) return this.clear();
      this.#add(frame.mediaTime, at);
    };
    video.requestVideoFrameCallback(seen);
  }

  /** @param {number} shown @param {number} at */
  #add(shown, at) {
    const step = shown - this.#last;
    this.#last = shown;
    if (step > 0.005 && step < 0.1) this.#length += (step - this.#length) * 0.1;
    const late = (at - shown - this.#length) * 1000 - REFRESH;
    this.#errors.push(at < shown ? (shown - at) * 1000 : late > 0 ? -late : 0);
    if (this.#errors.length > KEPT) this.#errors.shift();
    this.#at = performance.now();
  }

  clear() {
    this.#errors = [];
  }

  /** Milliseconds that the picture is ahead, 0 when it is the right one or none is shown. */
  get error() {
    return this.#errors.length >= 5 && performance.now() - this.#at < FRESH ? median(this.#errors) : 0;
  }
}

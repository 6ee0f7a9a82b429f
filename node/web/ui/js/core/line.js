// A line to the stage: one WebRTC connection that sends a camera (WHIP, RFC 9725) or shows a face (WHEP). It
// comes back by itself until it is hung up.

import { Emitter } from "./emitter.js";
import { Refused, token } from "./api.js";
import { language } from "../i18n/index.js";

const LOST = 4000; // ms without packets until the line is made anew
const FIRST = 300; // ms until the first try again
const LONGEST = 4000; // ms between tries
const FINAL = ["WP-FORBIDDEN", "WP-REMOVED", "WP-ENDED", "WP-FULL", "WP-BAD", "WP-PASS", "WP-STAGE-NONE"];

/** @extends {Emitter<{up: boolean, refused: Refused}>} */
export class Line extends Emitter {
  #path; #make;
  /** @type {RTCPeerConnection|null} */
  pc = null;
  #location = "";
  #tries = 0;
  #wanted = false;
  /** @type {any} */
  #timer = 0;
  up = false;

  /**
   * @param {string} path `/whip`, or `/whep?face=…`
   * @param {(pc: RTCPeerConnection) => void} make says what is sent or received
   */
  constructor(path, make) {
    super();
    this.#path = path;
    this.#make = make;
  }

  call() {
    this.#wanted = true;
    this.#dial();
  }

  hangUp() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#drop();
    this.#rise(false);
  }

  async #dial() {
    this.#drop();
    const pc = (this.pc = new RTCPeerConnection());
    this.#make(pc);
    pc.addEventListener("connectionstatechange", () => pc === this.pc && this.#state(pc.connectionState));
    try {
      await pc.setLocalDescription();
      const answer = await this.#ask(pc.localDescription?.sdp ?? "");
      if (pc !== this.pc) return;
      await pc.setRemoteDescription({ type: "answer", sdp: answer });
    } catch (no) {
      if (pc !== this.pc) return;
      if (no instanceof Refused && FINAL.includes(no.code)) {
        this.hangUp();
        this.emit("refused", no);
      } else this.#again();
    }
  }

  /** @param {string} offer */
  async #ask(offer) {
    const answer = await fetch(this.#path, {
      method: "POST", body: offer, cache: "no-store",
      headers: { "Content-Type": "application/sdp", "Authorization": `Bearer ${token()}`, "Accept-Language": language() },
    });
    if (answer.ok) {
      this.#location = answer.headers.get("Location") ?? "";
      return answer.text();
    }
    const { code = "WP-BROKEN", reason = "" } = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, code, reason);
  }

  /** @param {RTCPeerConnectionState} state */
  #state(state) {
    clearTimeout(this.#timer);
    if (state === "connected") {
      this.#tries = 0;
      this.#rise(true);
    } else if (state === "failed" || state === "closed") this.#again();
    else if (state === "disconnected") this.#timer = setTimeout(() => this.#again(), LOST);
  }

  #again() {
    clearTimeout(this.#timer);
    this.#rise(false);
    if (!this.#wanted) return;
    this.#timer = setTimeout(() => this.#wanted && this.#dial(), Math.min(FIRST * 2 ** this.#tries++, LONGEST));
  }

  /** Makes it anew at once, when it is known that the other end is. */
  redial() {
    if (!this.#wanted) return;
    clearTimeout(this.#timer);
    this.#tries = 0;
    this.#dial();
  }

  /** @param {boolean} up */
  #rise(up) {
    if (up === this.up) return;
    this.up = up;
    this.emit("up", up);
  }

  #drop() {
    this.pc?.close();
    this.pc = null;
    if (this.#location) fetch(this.#location, { method: "DELETE", keepalive: true, headers: { "Authorization": `Bearer ${token()}` } }).catch(() => {});
    this.#location = "";
  }
}

// How far faces are behind, told to those who watch over the party: of each that is seen here, from its packets' departure until its
// picture is to be seen; of one's own camera, from the encoder to the stage.

/** @import {Session} from "../core/session.js" */
/** @import {Camera} from "./camera.js" */
/** @import {Mirror} from "./mirror.js" */

const LOOK = 250; // ms between looks at a picture
const LOOKS = 12; // between reports

export class Delay {
  #session; #camera; #mirror;
  #looks = 0;
  /** @type {Map<HTMLVideoElement, number[]>} ms from a picture's last packet to the screen */
  #shown = new Map();
  /** @type {WeakSet<HTMLVideoElement>} whose next picture is waited for */
  #asked = new WeakSet();
  #sent = new Sums();

  /** @param {Session} session @param {Camera} camera @param {Mirror} mirror */
  constructor(session, camera, mirror) {
    this.#session = session;
    this.#camera = camera;
    this.#mirror = mirror;
    setInterval(() => this.#look(), LOOK);
  }

  #look() {
    for (const { video } of this.#camera.watched) this.#ask(video);
    if (++this.#looks % LOOKS === 0) this.#tell();
  }

  /** @param {HTMLVideoElement} video */
  #ask(video) {
    if (this.#asked.has(video) || !video.requestVideoFrameCallback) return;
    this.#asked.add(video);
    video.requestVideoFrameCallback((_, { expectedDisplayTime, receiveTime }) => {
      this.#asked.delete(video);
      if (receiveTime) this.#shown.set(video, [...(this.#shown.get(video) ?? []), expectedDisplayTime - receiveTime]);
    });
  }

  async #tell() {
    const shown = this.#shown;
    this.#shown = new Map();
    for (const { face, video, pc } of this.#camera.watched) {
      const all = shown.get(video);
      if (pc && all) this.#say(face, middle(all) + halfway(await read(pc)));
    }
    const { pc } = this.#mirror;
    const stats = pc ? await read(pc) : [];
    const took = this.#sent.since(stats.filter((s) => s.type === "outbound-rtp" && s.kind === "video"));
    if (took !== undefined) this.#say(this.#session.me.member, took + halfway(stats), { sends: true });
  }

  /** @param {string} face @param {number} ms @param {object} [more] */
  #say(face, ms, more = {}) {
    this.#session.signal("delay", { face, ms: Math.round(ms), ...more });
  }
}

/** How long encoding and sending took since it was asked last, in ms a picture. */
class Sums {
  #last = { encode: 0, frames: 0, send: 0, packets: 0 };

  /** @param {any[]} streams of one connection */
  since(streams) {
    const sum = (/** @type {string} */ key) => streams.reduce((all, s) => all + (s[key] ?? 0), 0);
    const now = { encode: sum("totalEncodeTime"), frames: sum("framesEncoded"), send: sum("totalPacketSendDelay"), packets: sum("packetsSent") };
    const was = this.#last;
    this.#last = now;
    if (now.frames <= was.frames || now.packets <= was.packets) return undefined;
    return 1000 * ((now.encode - was.encode) / (now.frames - was.frames) + (now.send - was.send) / (now.packets - was.packets));
  }
}

/** @param {RTCPeerConnection} pc @returns {Promise<any[]>} */
async function read(pc) {
  return [...(await pc.getStats()).values()];
}

/** What a packet takes one way, in ms. @param {any[]} stats */
function halfway(stats) {
  const pair = stats.find((s) => s.type === "candidate-pair" && s.nominated && s.currentRoundTripTime !== undefined);
  return pair ? (1000 * pair.currentRoundTripTime) / 2 : 0;
}

/** @param {number[]} all */
export function middle(all) {
  return [...all].sort((a, b) => a - b)[all.length >> 1];
}

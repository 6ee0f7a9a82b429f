// One page's place at the party: connects, says hello, folds records, comes back after a break and
// sends again what was not answered. A wish is done at most once, because its nonce stays the same.

import { Clock } from "./clock.js";
import { Emitter } from "./emitter.js";
import { asks, empty, fold, fromSnapshot, kindOf, may } from "./log.js";

/** @import {State, PartyRecord, Wish, Me} from "./types.js" */

const FIRST = 250; // ms until the first try to come back
const LONGEST = 5000; // ms between tries
const PING = 2000; // ms, as the protocol asks
const SETTLE = [0, 60, 120, 200, 300, 450, 650, 900]; // ms of the pings after a welcome: the clock is good within a second
const GONE = 10000; // ms without a word: the connection is gone
const DOUBT = 800; // ms without a word after a ping: this device may be on another network

/**
 * @typedef {object} Happenings
 * @property {{record: PartyRecord, kind: string, before: State}} record after it was folded
 * @property {State} state the state changed, by a record or a snapshot
 * @property {State} welcome
 * @property {"connecting"|"live"|"lost"|"over"} status
 * @property {{code: string, reason: string, again: boolean}} bye
 * @property {{by?: string, screen?: string} & Record<string, any>} signal
 * @property {Wish[]} pending
 * @property {Wish} refused
 * @property {Wish} done it was granted, and its records are folded
 * @property {number} lost how many tries to come back have failed in a row
 */

/** @extends {Emitter<Happenings>} */
export class Session extends Emitter {
  /** @type {State} */
  state = empty();
  clock = new Clock();
  /** @type {"connecting"|"live"|"lost"|"over"} */
  status = "connecting";
  screen = "";
  /** @type {Map<string, Wish>} */
  #wishes = new Map();
  /** @type {WebSocket|null} */
  #socket = null;
  /** @type {WebSocket|null} another way, while this one is silent */
  #spare = null;
  #tries = 0;
  #failed = 0;
  #heard = 0;
  #greeted = 0;
  #ping = 0;
  /** @type {Map<number, number>} */
  #pings = new Map();
  /** @type {any} */
  #beat = 0;
  /** @type {any} */
  #retry = 0;
  #make;

  /**
   * @param {Me} me
   * @param {string} lang
   * @param {{open?: (url: string) => WebSocket, setTimeout?: any, clearTimeout?: any, setInterval?: any, clearInterval?: any}} [world]
   */
  constructor(me, lang, world = {}) {
    super();
    this.me = me;
    this.lang = lang;
    this.#make = {
      open: world.open ?? ((url) => new WebSocket(url)),
      setTimeout: world.setTimeout ?? ((/** @type {any} */ f, /** @type {number} */ ms) => setTimeout(f, ms)),
      clearTimeout: world.clearTimeout ?? ((/** @type {any} */ id) => clearTimeout(id)),
      setInterval: world.setInterval ?? ((/** @type {any} */ f, /** @type {number} */ ms) => setInterval(f, ms)),
      clearInterval: world.clearInterval ?? ((/** @type {any} */ id) => clearInterval(id)),
    };
  }

  get myself() {
    return this.state.members[this.me.member];
  }

  /** @param {"chat"|"drive"|"moderate"|"broadcast"|"manage"} power */
  may(power) {
    return may(this.state, this.me.member, power);
  }

  /** Whether this viewer may pause and seek, alone or by asking the room. */
  get steers() {
    return this.may("drive") || asks(this.state, this.me.member);
  }

  /**
   * Calls `ear` when one of the picked parts of the state is another: a fold keeps what it does not change.
   * @param {(state: State) => any[]} pick
   * @param {(state: State) => void} ear
   */
  watch(pick, ear) {
    /** @type {any[]} */
    let last = [];
    this.on("state", (state) => {
      const now = pick(state);
      if (now.every((part, i) => part === last[i]) && last.length) return;
      last = now;
      ear(state);
    });
  }

  /** Chat lines that are on their way, oldest first. */
  get pending() {
    return [...this.#wishes.values()].filter((w) => w.kind === "say");
  }

  start() {
    this.#make.clearTimeout(this.#retry);
    this.#close();
    const socket = this.#open();
    socket.onopen = () => this.#hello(socket);
    this.#sit(socket);
    this.#beat = this.#make.setInterval(() => this.#tick(), PING);
  }

  #open() {
    const url = new URL("/ws", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return this.#make.open(url.href);
  }

  /** @param {WebSocket} socket */
  #sit(socket) {
    this.#socket = socket;
    socket.onmessage = (e) => socket === this.#socket && this.#frame(JSON.parse(e.data));
    socket.onclose = () => socket === this.#socket && this.#lost();
    this.#heard = this.clock.local();
  }

  /**
   * Nothing was heard since the host was asked. Browsers do not notice that a device has another address; so a new connection that
   * opens while this one is silent still takes its place.
   * @param {number} asked
   */
  #doubt(asked) {
    const silent = () => this.status === "live" && this.#heard < asked;
    if (!silent() || this.#spare) return;
    const spare = this.#open();
    this.#spare = spare;
    spare.onclose = () => spare === this.#spare && (this.#spare = null);
    spare.onopen = () => {
      if (spare !== this.#spare) return spare.close(1000);
      this.#spare = null;
      if (!silent()) return spare.close(1000);
      const old = this.#socket;
      this.#pings.clear();
      this.#sit(spare);
      old?.close(1000);
      this.#hello(spare);
    };
  }

  stop() {
    this.#make.clearTimeout(this.#retry);
    this.#close();
    this.#become("over");
  }

  #close() {
    this.#make.clearInterval(this.#beat);
    const open = [this.#socket, this.#spare];
    this.#socket = this.#spare = null;
    for (const socket of open) if (socket && socket.readyState <= 1) socket.close(1000);
  }

  /** @param {WebSocket} socket */
  #hello(socket) {
    const { id, seq } = this.state;
    this.#greeted = this.clock.local();
    const since = id ? { party: id, seq } : {};
    const was = this.screen ? { was: this.screen } : {};
    socket.send(JSON.stringify({ hello: { v: 1, token: this.me.token, screen: "page", lang: this.lang, ...since, ...was } }));
  }

  #tick() {
    if (this.clock.local() - this.#heard > GONE) return this.#lost();
    if (this.status !== "live") return;
    const asked = this.clock.local();
    this.#askTime();
    this.#make.setTimeout(() => this.#doubt(asked), DOUBT);
  }

  #askTime() {
    const id = ++this.#ping;
    this.#pings.set(id, this.clock.local());
    if (this.#pings.size > 32) this.#pings.delete(this.#pings.keys().next().value ?? 0);
    this.#send({ ping: { id } });
  }

  /** @param {any} frame */
  #send(frame) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  #lost() {
    this.#close();
    this.#pings.clear();
    if (this.status === "over") return;
    this.#become("lost");
    this.emit("lost", this.#failed++);
    const wait = Math.min(LONGEST, FIRST * 2 ** this.#tries++);
    this.#retry = this.#make.setTimeout(() => this.start(), wait * (0.75 + Math.random() / 2));
  }

  /** The network came back, or somebody looks again: do not wait for the timer. */
  hurry() {
    if (this.status === "live") return this.#tick();
    if (this.status !== "lost") return;
    this.#tries = 0;
    this.start();
  }

  /** @param {"connecting"|"live"|"lost"|"over"} status */
  #become(status) {
    if (this.status === status) return;
    this.status = status;
    this.emit("status", status);
  }

  /** @param {any} frame */
  #frame(frame) {
    this.#heard = this.clock.local();
    const kind = Object.keys(frame)[0];
    const body = frame[kind];
    if (kind === "record") this.#record(body);
    else if (kind === "pong") this.#pong(body);
    else if (kind === "signal") this.emit("signal", body);
    else if (kind === "ok") this.#ok(body);
    else if (kind === "refused") this.#refused(body);
    else if (kind === "welcome") this.#welcome(body);
    else if (kind === "bye") this.#bye(body);
  }

  /** @param {any} w */
  #welcome(w) {
    this.#tries = 0;
    this.#failed = 0;
    this.screen = w.screen;
    if (w.snapshot) this.state = fromSnapshot(w.snapshot);
    this.clock.add(this.#greeted, w.time, this.clock.local());
    for (const ms of SETTLE) this.#make.setTimeout(() => this.#askTime(), ms);
    this.#become("live");
    const done = this.#landed();
    for (const wish of this.#wishes.values()) if (!wish.code && wish.seq === undefined) this.#send(frameOf(wish));
    this.emit("welcome", this.state);
    this.emit("state", this.state);
    for (const one of done) this.emit("done", one);
  }

  /** @param {PartyRecord} record */
  #record(record) {
    if (record.seq > this.state.seq + 1 && this.state.seq > 0) {
      this.state = { ...this.state, id: "" }; // a gap cannot be: ask for a snapshot
      return this.#lost();
    }
    const before = this.state;
    this.state = fold(before, record);
    if (this.state === before) return;
    const wish = record.by === this.me.member && this.#wishes.get(record.nonce ?? "");
    if (wish) wish.seq = record.seq;
    const done = this.#landed();
    this.emit("record", { record, kind: kindOf(record), before });
    this.emit("state", this.state);
    for (const one of done) this.emit("done", one);
  }

  /** @param {{id: number, time: number}} pong */
  #pong({ id, time }) {
    const sent = this.#pings.get(id);
    this.#pings.delete(id);
    if (sent !== undefined) this.clock.add(sent, time, this.clock.local());
  }

  /** @param {{nonce: string, seq: number}} ok */
  #ok({ nonce, seq }) {
    const wish = this.#wishes.get(nonce);
    if (!wish) return;
    wish.seq = seq || this.state.seq;
    const done = this.#landed();
    this.emit("pending", this.pending);
    for (const one of done) this.emit("done", one);
  }

  /** What is folded already, by a record or with a snapshot, is not on its way any more. */
  #landed() {
    const done = [...this.#wishes.values()].filter((w) => w.seq !== undefined && w.seq <= this.state.seq);
    for (const { nonce } of done) this.#wishes.delete(nonce);
    return done;
  }

  /** @param {{nonce: string, code: string, reason: string}} no */
  #refused({ nonce, code, reason }) {
    const wish = this.#wishes.get(nonce);
    if (!wish) return;
    Object.assign(wish, { code, reason });
    if (wish.kind !== "say") this.#wishes.delete(nonce);
    this.emit("refused", wish);
    this.emit("pending", this.pending);
  }

  /** @param {{code: string, reason: string, again: boolean}} bye */
  #bye(bye) {
    if (bye.again) {
      if (bye.code === "WP-MOVED") this.state = empty();
      return this.#lost();
    }
    this.stop();
    this.emit("bye", bye);
  }

  /**
   * @param {string} kind
   * @param {any} [body]
   * @returns {string} the nonce
   */
  wish(kind, body = {}) {
    const nonce = Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");
    const wish = { nonce, kind, body, at: this.clock.now() };
    this.#wishes.set(nonce, wish);
    if (this.status === "live") this.#send(frameOf(wish));
    if (kind === "say") this.emit("pending", this.pending);
    return nonce;
  }

  /**
   * The same, for who waits for the answer.
   * @param {string} kind
   * @param {any} [body]
   * @returns {Promise<Wish|null>} the refused wish, or null when it is done
   */
  ask(kind, body = {}) {
    const nonce = this.wish(kind, body);
    return new Promise((answer) => {
      const over = (/** @type {Wish|null} */ no) => {
        for (const quiet of ears) quiet();
        answer(no);
      };
      const ears = [
        this.on("done", (w) => w.nonce === nonce && over(null)),
        this.on("refused", (w) => w.nonce === nonce && over(w)),
      ];
    });
  }

  /** Takes a refused line away. @param {string} nonce */
  forget(nonce) {
    this.#wishes.delete(nonce);
    this.emit("pending", this.pending);
  }

  /** @param {string} kind @param {any} [body] */
  signal(kind, body = {}) {
    if (this.status === "live") this.#send({ signal: { [kind]: body } });
  }
}

/** @param {Wish} wish */
function frameOf({ nonce, kind, body }) {
  return { wish: { nonce, [kind]: body } };
}

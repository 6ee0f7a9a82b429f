// A simulated world for the controller: a clock that only moves when told, timers on it, and a player
// with the bad habits of real ones.

export class World {
  now = 1000;
  #queue = [];
  #id = 0;

  after = (ms, f) => {
    const entry = { at: this.now + Math.max(ms, 0), id: ++this.#id, f };
    this.#queue.push(entry);
    return () => (this.#queue = this.#queue.filter((e) => e !== entry));
  };

  get timers() {
    return { now: () => this.now, after: this.after, spin: (until) => (this.now = Math.max(this.now, until)) };
  }

  /** Lets time pass. Promises are settled between the events. */
  async pass(ms) {
    const end = this.now + ms;
    for (;;) {
      await Promise.resolve();
      await Promise.resolve();
      this.#queue.sort((a, b) => a.at - b.at || a.id - b.id);
      const next = this.#queue[0];
      if (!next || next.at > end) break;
      this.#queue.shift();
      this.now = Math.max(this.now, next.at);
      next.f();
    }
    this.now = Math.max(this.now, end);
  }
}

export class FakePlayer extends EventTarget {
  readyState = 4;
  preservesPitch = true;
  networkState = 2;
  buffered = { length: 0, start: () => 0, end: () => 0 };
  seeking = false;
  paused = true;
  ended = false;
  duration = 600;
  seekTime = 180; // ms
  lag = { seek: 85, pause: 3 }; // ms until play() is true
  noise = () => 0; // ms, added to a lag
  drift = 0; // parts per million
  denies = false;
  seeks = 0;
  #world;
  #pos = 0;
  #since = null; // world time since which it moves
  #rate = 1;
  #fresh = "seek"; // a first start is as slow as one after a seek
  #job = 0;

  constructor(world) {
    super();
    this.#world = world;
  }

  get currentTime() {
    if (this.#since === null || this.#world.now < this.#since) return this.#pos;
    return Math.min(this.#pos + ((this.#world.now - this.#since) / 1000) * this.#rate * (1 + this.drift * 1e-6), this.duration);
  }

  set currentTime(to) {
    this.seeks++;
    this.#pos = to;
    this.seeking = true;
    this.#fresh = "seek";
    const job = ++this.#job;
    if (this.#since !== null) this.#since = this.#world.now + this.seekTime;
    this.#world.after(this.seekTime, () => {
      if (job !== this.#job) return;
      this.seeking = false;
      this.dispatchEvent(new Event("seeked"));
    });
  }

  get playbackRate() {
    return this.#rate;
  }

  set playbackRate(rate) {
    this.#pos = this.currentTime;
    if (this.#since !== null) this.#since = Math.max(this.#since, this.#world.now);
    this.#rate = rate;
  }

  play() {
    if (this.denies) return Promise.reject(Object.assign(new Error("no"), { name: "NotAllowedError" }));
    this.paused = false;
    this.#since = this.#world.now + Math.max(this.lag[this.#fresh] + this.noise(), 0);
    this.#fresh = "pause";
    return Promise.resolve();
  }

  pause() {
    this.#pos = this.currentTime;
    this.#since = null;
    this.paused = true;
  }

  /** Jumps by itself, as after a hiccup. */
  slip(seconds) {
    this.#pos = this.currentTime + seconds;
    this.#since = this.#world.now;
  }
}

// How the page sits on the screen: wide, tall (a phone held upright), immersive (full screen, or a
// phone on its side) or flat (the desk on such a phone); and what a phone's keyboard leaves of it.

const IDLE = 2600; // ms without a hand until the controls go away over a running film

export class View {
  #root;
  #video;
  #timer = 0;
  #flat = matchMedia("(max-height: 500px) and (min-width: 540px)");
  #tall = matchMedia("(max-width: 1100px) and (orientation: portrait), (max-width: 560px)");
  #pretend = false; // full screen where the browser has none for pages

  #drawer;

  /** @param {HTMLElement} root @param {HTMLVideoElement} video @param {{drawer: boolean}} options a drawer: the side covers an upright phone */
  constructor(root, video, { drawer }) {
    this.#root = root;
    this.#video = video;
    this.#drawer = drawer;
    for (const query of [this.#flat, this.#tall]) query.addEventListener("change", () => this.#apply());
    document.addEventListener("fullscreenchange", () => this.#apply());
    for (const name of ["pointermove", "pointerdown", "keydown", "focusin"]) root.addEventListener(name, () => this.#awake(), { passive: true });
    for (const name of ["playing", "pause"]) video.addEventListener(name, () => this.#awake());
    window.visualViewport?.addEventListener("resize", () => this.#keyboard());
    window.visualViewport?.addEventListener("scroll", () => this.#keyboard());
    this.#apply();
    this.#keyboard();
  }

  get immersive() {
    return this.#root.dataset.view === "immersive";
  }

  /** Whether the side, when open, takes room that the film or the desk would need. */
  get covers() {
    return this.immersive || (this.#drawer && this.#root.dataset.view !== "wide");
  }

  get sideOpen() {
    return this.#root.dataset.side === "true";
  }

  #apply() {
    const full = Boolean(document.fullscreenElement) || this.#pretend;
    const was = this.#root.dataset.view;
    const flat = this.#flat.matches && (this.#drawer ? "flat" : "immersive"); // a desk has no use for a film that fills the phone
    this.#root.dataset.view = full ? "immersive" : flat || (this.#tall.matches ? "tall" : "wide");
    this.#root.classList.toggle("is-full", full);
    if (this.#root.dataset.view !== was) this.showSide(!this.covers);
    this.#awake();
  }

  /** @param {boolean} open */
  showSide(open) {
    this.#root.dataset.side = String(open);
    this.#root.dispatchEvent(new CustomEvent("side", { detail: open }));
  }

  async toggleFull() {
    if (document.fullscreenElement) return document.exitFullscreen();
    if (document.fullscreenEnabled) return document.documentElement.requestFullscreen({ navigationUI: "hide" }).catch(() => this.#pretended());
    this.#pretended();
  }

  #pretended() {
    this.#pretend = !this.#pretend;
    this.#apply();
  }

  #awake() {
    this.#root.classList.remove("idle");
    clearTimeout(this.#timer);
    if (!this.immersive) return;
    this.#timer = setTimeout(() => {
      const busy = this.#video.paused || this.#root.querySelector(".controls :focus-visible, .bar :focus-visible, dialog[open], [popover]:popover-open");
      this.#root.classList.toggle("idle", !busy);
    }, IDLE);
  }

  /** A keyboard takes its part of the window; the page takes the rest and does not scroll away. */
  #keyboard() {
    const seen = window.visualViewport;
    if (!seen || seen.scale > 1.05) return;
    const style = document.documentElement.style;
    const small = window.innerHeight - seen.height > 120;
    if (small || seen.offsetTop) style.setProperty("--seen", `${seen.height}px`);
    else style.removeProperty("--seen");
    style.setProperty("--seen-top", `${seen.offsetTop}px`);
    this.#root.classList.toggle("typing", small);
  }
}

// What is seen over the line when it is pointed at or dragged: the time, and a small picture of the
// film then. The host makes pictures when they are first asked for, many on one sheet; until a sheet
// is there, and where there is none, the time stands alone.

import { h } from "../core/dom.js";
import { clockTime } from "../core/format.js";
import { place, sheetPath } from "../core/thumbs.js";

/** @import {Title} from "../core/types.js" */

const REST = 90; // ms on a place until its sheet is asked for: a hand that passes by costs the host nothing
const AGAIN = 20_000; // ms until a sheet that did not come is asked for again
const EDGE = 8; // pixels between the picture and the edge of the page

export class Peek {
  #picture = h("span", { class: "peek-picture" });
  #time = h("span", { class: "peek-time" });
  el = h("div", { class: "peek", hidden: true, "aria-hidden": "true" }, this.#picture, this.#time);
  #timer = 0;
  #of = "";
  /** The sheets of the title, by number; 0: on its way. @type {Map<number, {img: HTMLImageElement, ready: boolean, failed: number}>} */
  #sheets = new Map();

  /**
   * Shows a moment.
   * @param {Title|undefined} title
   * @param {number} at seconds
   * @param {number} part of the line that lies before it, 0 to 1
   */
  show(title, at, part) {
    this.el.hidden = false;
    this.#time.textContent = clockTime(at);
    this.el.style.setProperty("--part", String(part));
    const thumbs = title?.allowed && !title.offline ? title.play?.thumbs : undefined;
    clearTimeout(this.#timer);
    if (!title || !thumbs) {
      this.#picture.classList.remove("seen");
      this.#picture.hidden = true;
      return;
    }
    if (this.#of !== title.id) this.#forget(title.id);
    this.#picture.hidden = false;
    this.#picture.style.setProperty("--ratio", String(thumbs.width / thumbs.height));
    this.#stay(part);
    const { sheet, column, row } = place(thumbs, at);
    const known = this.#sheets.get(sheet);
    if (known?.ready) return this.#put(known.img, column, row);
    this.#picture.classList.remove("seen");
    this.#timer = setTimeout(() => this.#fetch(title, sheet, () => this.show(title, at, part)), REST);
  }

  hide() {
    clearTimeout(this.#timer);
    this.el.hidden = true;
    this.#picture.classList.remove("seen");
    this.#giveUp();
  }

  /** @param {HTMLImageElement} img @param {number} column @param {number} row */
  #put(img, column, row) {
    if (img.parentNode !== this.#picture) this.#picture.replaceChildren(img);
    img.style.setProperty("--column", String(column));
    img.style.setProperty("--row", String(row));
    this.#picture.classList.add("seen");
  }

  /** The picture keeps inside the page, whatever the time points at. @param {number} part */
  #stay(part) {
    const line = this.el.parentElement?.getBoundingClientRect();
    if (!line) return;
    const half = this.#picture.offsetWidth / 2;
    const at = line.left + part * line.width;
    const kept = Math.min(Math.max(at, EDGE + half), document.documentElement.clientWidth - EDGE - half);
    this.#picture.style.setProperty("--aside", `${kept - at}px`);
  }

  /** @param {Title} title @param {number} sheet @param {() => void} then */
  #fetch(title, sheet, then) {
    const known = this.#sheets.get(sheet);
    if (known && (!known.failed || Date.now() - known.failed < AGAIN)) {
      if (!known.failed) known.img.onload = () => this.#came(known, then);
      return;
    }
    this.#giveUp();
    const one = { img: h("img", { alt: "", draggable: "false" }), ready: false, failed: 0 };
    this.#sheets.set(sheet, one);
    const { across, down } = /** @type {import("../core/types.js").Thumbs} */ (title.play?.thumbs);
    one.img.style.setProperty("--across", String(across));
    one.img.style.setProperty("--down", String(down));
    one.img.onload = () => this.#came(one, then);
    one.img.onerror = () => (one.failed = Date.now());
    one.img.src = sheetPath(title, sheet);
  }

  /** @param {{ready: boolean}} one @param {() => void} then */
  #came(one, then) {
    one.ready = true;
    if (!this.el.hidden) then();
  }

  /** Nobody waits any more for what is still on its way, and the host need not make it. */
  #giveUp() {
    for (const [sheet, one] of this.#sheets) {
      if (one.ready || one.failed) continue;
      one.img.onload = one.img.onerror = null;
      one.img.removeAttribute("src");
      this.#sheets.delete(sheet);
    }
  }

  /** @param {string} id */
  #forget(id) {
    this.#giveUp();
    this.#sheets.clear();
    this.#picture.replaceChildren();
    this.#of = id;
  }
}

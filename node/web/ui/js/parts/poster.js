// Posters come a few at a time. The host may have to make one first, and a browser that waits for six
// answers of a host asks it for nothing else, not even for the film.

import { h } from "../core/dom.js";

const AT_ONCE = 3;

/** @type {{src: string, put: (img: HTMLImageElement) => void, wanted: () => boolean}[]} */
const queue = [];
let coming = 0;

/** Those on the page that were not seen yet. @type {WeakMap<Element, () => void>} */
const unseen = new WeakMap();
const eye = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    eye.unobserve(entry.target);
    unseen.get(entry.target)?.();
    unseen.delete(entry.target);
  }
}, { rootMargin: "25%" });

/**
 * Puts a poster over the first thing in an element, once that is seen. What is there stays all there is
 * where no poster comes.
 * @param {HTMLElement} el @param {string} src
 */
export function poster(el, src) {
  unseen.set(el, () => {
    queue.push({ src, put: (img) => el.firstElementChild?.after(img), wanted: () => el.isConnected });
    next();
  });
  eye.observe(el);
}

function next() {
  while (coming < AT_ONCE) {
    const one = queue.shift();
    if (!one) return;
    if (!one.wanted()) continue;
    coming++;
    const img = h("img", { alt: "", decoding: "async" });
    const done = () => {
      coming--;
      next();
    };
    img.addEventListener("load", () => {
      one.put(img);
      done();
    });
    img.addEventListener("error", done);
    img.src = one.src;
  }
}

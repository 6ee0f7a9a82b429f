// Building elements. Text is only ever text: nothing here parses markup.

import { bind } from "../i18n/index.js";
import { paths } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node|string|null|undefined|false} Child */

/**
 * An element. `text` is its text; keys that begin with `on` are listeners; a function is asked again
 * when the language changes; `false`, `null` and `undefined` leave an attribute out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) el.addEventListener(key.slice(2), value);
    else if (typeof value === "function") bind(el, () => put(el, key, value()));
    else put(el, key, value);
  }
  el.append(...children.filter((c) => c !== null && c !== undefined && c !== false).map((c) => /** @type {Node|string} */ (c)));
  return el;
}

/** @param {HTMLElement} el @param {string} key @param {any} value */
function put(el, key, value) {
  if (key === "text") el.textContent = value;
  else if (value === false || value === null || value === undefined) el.removeAttribute(key);
  else el.setAttribute(key, value === true ? "" : String(value));
}

/**
 * A drawn sign. It says nothing to a screen reader: its button has the name.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths[name] ?? []) {
    const path = document.createElementNS(SVG, "path");
    if (d.startsWith("=")) path.setAttribute("class", "solid");
    path.setAttribute("d", d.replace(/^=/, ""));
    svg.append(path);
  }
  return svg;
}

/**
 * A button that shows a sign only; its name is its label and its tooltip.
 * @param {string} sign
 * @param {() => string} name
 * @param {(e: MouseEvent) => void} onclick
 * @param {Record<string, any>} [props]
 */
export function iconButton(sign, name, onclick, props = {}) {
  return h("button", { type: "button", "aria-label": name, title: name, onclick, ...props, class: `round ${props.class ?? ""}` }, icon(sign));
}

/**
 * A person's name, shielded from the direction of the text around it.
 * @param {string} name
 */
export function bdi(name) {
  return h("bdi", { text: name });
}

/** @param {string} name @param {string} id */
export function avatar(name, id) {
  const el = h("span", { class: "avatar", "aria-hidden": "true", text: [...name.trim()][0]?.toLocaleUpperCase() ?? "·" });
  el.dataset.hue = String(hue(id));
  return el;
}

/** One of eight quiet colours, always the same for a person. @param {string} id */
export function hue(id) {
  let sum = 2166136261; // FNV-1a; its high bits are the well mixed ones
  for (const c of id) sum = Math.imul(sum ^ (c.codePointAt(0) ?? 0), 16777619) >>> 0;
  return sum >>> 29;
}

/** @param {Element} el @param {...Child} children */
export function fill(el, ...children) {
  el.replaceChildren(...children.filter((c) => c !== null && c !== undefined && c !== false).map((c) => /** @type {Node|string} */ (c)));
}

/**
 * The same, while somebody may be in the middle of it: the focus stays, on the element itself where it
 * is kept, else on the new one with the same `data-key`.
 * @param {Element} el @param {...Child} children
 */
export function refill(el, ...children) {
  const held = el.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  fill(el, ...children);
  if (!held || document.activeElement === held) return;
  const again = held.isConnected ? held : held.dataset.key && el.querySelector(`[data-key="${CSS.escape(held.dataset.key)}"]`);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** @param {string} selector @returns {HTMLElement} */
export function find(selector) {
  const el = document.querySelector(selector);
  if (!(el instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return el;
}

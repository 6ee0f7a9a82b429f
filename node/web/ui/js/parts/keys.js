// The keyboard: space or k, arrows, f, m, c. Fields and controls keep their own keys.

/** @import {Controls} from "./controls.js" */
/** @import {View} from "./view.js" */

/** @param {{controls: Controls, view: View, chat: () => void}} world */
export function listenToKeys({ controls, view, chat }) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () => controls.toggle(),
    k: () => controls.toggle(),
    ArrowLeft: () => controls.jump(-5),
    ArrowRight: () => controls.jump(5),
    j: () => controls.jump(-10),
    l: () => controls.jump(10),
    ArrowUp: () => controls.louder(0.1),
    ArrowDown: () => controls.louder(-0.1),
    f: () => view.toggleFull(),
    m: () => controls.hush(),
    c: chat,
  };
  document.addEventListener("keydown", (e) => {
    const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    const act = keys[key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || taken(e.target, key)) return;
    e.preventDefault();
    act();
  });
}

/** @param {EventTarget|null} target @param {string} key */
function taken(target, key) {
  if (!(target instanceof Element) || document.querySelector("dialog[open]")) return true;
  if (target.matches("input:not([type=range]), textarea, select")) return true;
  if (target.matches("input[type=range]")) return key.startsWith("Arrow");
  if (target.closest("[role=log], [role=menu]")) return key.startsWith("Arrow") || key === " ";
  return key === " " && target.matches("button, a, summary");
}

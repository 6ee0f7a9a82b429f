// A finger that draws a line of the chat to the right answers it.

const FAR = 56; // px from which on it counts
const LEAST = 12; // px until it is a swipe and no tap

/**
 * @param {HTMLElement} list
 * @param {(target: EventTarget|null) => HTMLElement|null} lineAt
 * @param {(line: HTMLElement) => void} then
 */
export function swipes(list, lineAt, then) {
  /** @type {{line: HTMLElement, x: number, y: number, far: number}|null} */
  let drawn = null;
  const end = (/** @type {boolean} */ counts) => {
    if (!drawn) return;
    const { line, far } = drawn;
    drawn = null;
    line.style.removeProperty("translate");
    line.classList.remove("drawn", "far");
    if (counts && far >= FAR) then(line);
  };
  list.addEventListener("pointerdown", (e) => {
    const line = e.pointerType === "touch" ? lineAt(e.target) : null;
    drawn = line && { line, x: e.x, y: e.y, far: 0 };
  });
  list.addEventListener("pointermove", (e) => {
    if (!drawn) return;
    const far = e.x - drawn.x;
    if (drawn.far === 0 && (Math.abs(e.y - drawn.y) > LEAST || far < -LEAST)) return end(false);
    if (far < LEAST) return;
    drawn.far = far;
    drawn.line.classList.add("drawn");
    drawn.line.classList.toggle("far", far >= FAR);
    drawn.line.style.setProperty("translate", `${Math.min(far - LEAST, FAR + 16)}px`);
  });
  list.addEventListener("pointerup", () => end(true));
  list.addEventListener("pointercancel", () => end(false));
}

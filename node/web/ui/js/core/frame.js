// Drawing at most once per frame, however many facts arrive in between.

const HIDDEN = 250; // ms: a hidden page gets no frames, yet what it says must not grow old

/**
 * @param {() => void} draw
 * @param {Pick<typeof globalThis, "requestAnimationFrame"|"cancelAnimationFrame"|"setTimeout"|"clearTimeout">} [world]
 * @returns {() => void} asks for a drawing
 */
export function perFrame(draw, world = globalThis) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const now = () => {
      world.cancelAnimationFrame(frame);
      world.clearTimeout(timer);
      asked = false;
      draw();
    };
    const frame = world.requestAnimationFrame(now);
    const timer = world.setTimeout(now, HIDDEN);
  };
}

/**
 * The same where a drawing is dear: not again before a pause is over, and then as it is by that time.
 * @param {() => void} draw
 * @param {() => number} pause ms
 * @param {Pick<typeof globalThis, "requestAnimationFrame"|"cancelAnimationFrame"|"setTimeout"|"clearTimeout"|"performance">} [world]
 */
export function paced(draw, pause, world = globalThis) {
  let last = -Infinity, waits = false;
  const soon = perFrame(() => {
    last = world.performance.now();
    draw();
  }, world);
  return () => {
    const left = last + pause() - world.performance.now();
    if (left <= 0) return soon();
    if (waits) return;
    waits = true;
    world.setTimeout(() => {
      waits = false;
      soon();
    }, left);
  };
}

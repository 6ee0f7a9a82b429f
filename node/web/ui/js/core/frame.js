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

// Timers for following the film. They come from a worker, because a page's own are slowed down or
// stopped when it is hidden.

/**
 * What the controller needs of time; tests put a simulated one in its place.
 * @typedef {object} Timers
 * @property {() => number} now local milliseconds
 * @property {(ms: number, f: () => void) => () => void} after returns its cancel
 * @property {(until: number) => void} spin waits without letting go, for the last two milliseconds
 */

/** @returns {Timers & {every: (ms: number, f: () => void) => void}} */
export function workerTimers() {
  const worker = openWorker(new URL("./tick-worker.js", import.meta.url));
  /** @type {Map<number, () => void>} */
  const waiting = new Map();
  /** @type {Set<number>} */
  const repeating = new Set();
  let last = 0;
  worker.onmessage = ({ data: id }) => {
    const f = waiting.get(id);
    if (!repeating.has(id)) waiting.delete(id);
    f?.();
  };
  const now = () => performance.now();
  return {
    now,
    after(ms, f) {
      const id = ++last;
      waiting.set(id, f);
      worker.postMessage({ id, ms: Math.max(ms, 0) });
      return () => waiting.delete(id);
    },
    every(ms, f) {
      const id = ++last;
      waiting.set(id, f);
      repeating.add(id);
      worker.postMessage({ id, every: ms });
    },
    spin(until) {
      while (now() < until);
    },
  };
}

/** Trusted Types want a policy for a worker's address; this one lets exactly ours through. @param {URL} url */
function openWorker(url) {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  if (!types) return new Worker(url);
  const policy = types.createPolicy("watchparty-worker", { createScriptURL: () => url.href });
  return new Worker(policy.createScriptURL(""));
}

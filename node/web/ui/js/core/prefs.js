// What this browser remembers: the pass and the viewer's habits. Storage may be forbidden; then
// everything lasts as long as the page.

/** @type {Map<string, any>} */
const memory = new Map();

/**
 * @template T
 * @param {string} key
 * @param {T} fallback
 * @returns {T}
 */
export function recall(key, fallback) {
  if (memory.has(key)) return memory.get(key);
  try {
    const kept = localStorage.getItem(`watchparty.${key}`);
    return kept === null ? fallback : JSON.parse(kept);
  } catch {
    return fallback;
  }
}

/** @param {string} key @param {any} value null forgets */
export function remember(key, value) {
  memory.set(key, value);
  try {
    if (value === null) localStorage.removeItem(`watchparty.${key}`);
    else localStorage.setItem(`watchparty.${key}`, JSON.stringify(value));
  } catch {
    // Private windows may refuse: memory has it.
  }
}

/** Forgets all of it: who sits at this browser next finds nothing. Over HTTPS it is told so (Clear-Site-Data); over plain HTTP it does not listen. */
export function forget() {
  memory.clear();
  try {
    for (const store of [localStorage, sessionStorage]) for (const key of Object.keys(store)) if (key.startsWith("watchparty.")) store.removeItem(key);
  } catch {
    // There is nothing.
  }
}

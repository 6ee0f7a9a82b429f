// Which sound of a film is heard. A browser that plays the file itself lets nobody choose, most of them: who wants
// another than the file's first gets the film by HLS, where the host offers all, those in files of their own too.

/** @typedef {{label: string, lang?: string, on?: boolean, beside?: string}} Heard as the host lists it; beside: it lies in a file of its own */
/** @typedef {{lang?: string|null, label?: string|null}} Choice what a guest chose once */

/** Which one the file itself plays; -1: it is silent. @param {Heard[]} sounds */
export function own(sounds) {
  return sounds.findIndex((s) => !s.beside);
}

/**
 * Which one somebody wants: by name and language, else by language, else what is heard where nobody chooses.
 * @param {Heard[]} sounds
 * @param {Choice} choice
 */
export function wanted(sounds, { lang, label }) {
  const first = (/** @type {(s: Heard) => unknown} */ fits) => sounds.findIndex(fits);
  const exact = lang || label ? first((s) => s.label === label && (s.lang ?? "") === (lang ?? "")) : -1;
  if (exact >= 0) return exact;
  const alike = lang ? first((s) => s.lang && short(s.lang) === short(lang)) : -1;
  if (alike >= 0) return alike;
  const asked = first((s) => s.on && s.beside);
  return asked >= 0 ? asked : own(sounds) >= 0 ? own(sounds) : sounds.length - 1;
}

/** The usual form of a language's name: files say "fra" where their names say "fr". @param {string} lang */
export function short(lang) {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? lang;
  } catch {
    return lang;
  }
}

/**
 * Whether the file itself has what shall be heard.
 * @param {Heard[]} sounds
 * @param {Choice} choice
 * @param {boolean} chooses whether the browser lets one choose among those inside
 */
export function inFile(sounds, choice, chooses) {
  const i = wanted(sounds, choice);
  return i < 0 || i === own(sounds) || (chooses && !sounds[i].beside);
}

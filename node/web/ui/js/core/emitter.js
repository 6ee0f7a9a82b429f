// Telling others that something happened, with types.

/** @template {Record<string, any>} E */
export class Emitter {
  /** @type {Map<keyof E, Set<(detail: any) => void>>} */
  #ears = new Map();

  /**
   * @template {keyof E} K
   * @param {K} name
   * @param {(detail: E[K]) => void} ear
   * @returns {() => void} stops listening
   */
  on(name, ear) {
    const ears = this.#ears.get(name) ?? new Set();
    this.#ears.set(name, ears.add(ear));
    return () => ears.delete(ear);
  }

  /**
   * @template {keyof E} K
   * @param {K} name
   * @param {E[K]} detail
   */
  emit(name, detail) {
    for (const ear of [...(this.#ears.get(name) ?? [])]) ear(detail);
  }
}

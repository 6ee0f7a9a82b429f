// Bits in what people say: which words cheer, and how much. The same as node/party/bits.go.

const MOST = 1000000; // Bits in one line

/** From how many Bits on a cheer shines more. */
export const TIERS = [10000, 5000, 1000, 100, 1];

/** @param {string} word @returns {number} how many Bits a word cheers */
function worth(word) {
  const digits = /^cheer([0-9]+)$/i.exec(word)?.[1];
  return digits ? Math.min(Number(digits), MOST + 1) : 0;
}

/** @param {string} text @returns {number} what a line cheers; a sum above a million counts as one more than that */
export function cheered(text) {
  return Math.min(text.trim().split(/\s+/).reduce((sum, word) => sum + worth(word), 0), MOST + 1);
}

/**
 * A line in parts: words as they are, and cheers.
 * @param {string} text
 * @returns {(string|number)[]}
 */
export function parts(text) {
  /** @type {(string|number)[]} */
  const all = [];
  for (const piece of text.split(/(\s+)/)) {
    const bits = worth(piece);
    if (bits) all.push(bits);
    else if (typeof all.at(-1) === "string") all[all.length - 1] += piece;
    else if (piece) all.push(piece);
  }
  return all;
}

/** @param {number} bits */
export const tier = (bits) => TIERS.find((t) => bits >= t) ?? 1;

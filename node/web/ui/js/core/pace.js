// Where in a film people talked.

const MOMENTS = 3; // of a film
const APART = 2; // parts of it, or they are one moment

/**
 * Where in a film most was said, in seconds, in its order; none where nobody talked.
 * @param {{pace?: number[], length: number}} shown lines said in each part of it
 * @returns {number[]}
 */
export function moments({ pace = [], length }) {
  const most = Math.max(0, ...pace);
  /** @type {number[]} */
  const found = [];
  for (const [i, n] of [...pace.entries()].sort(([i, a], [j, b]) => b - a || i - j)) {
    if (found.length < MOMENTS && n > 0 && n * 2 >= most && found.every((x) => Math.abs(x - i) > APART)) found.push(i);
  }
  return found.sort((a, b) => a - b).map((i) => (i * length) / pace.length);
}

// Which piece of a film by HLS belongs to a moment, read from its playlists (RFC 8216).

/** The first address in a playlist, and of segments that of a moment in seconds. @param {string} text @param {number} [seconds] */
export function entry(text, seconds = 0) {
  let [end, length] = [0, 0];
  let url = "";
  for (const line of text.split(/\r?\n/)) {
    const said = /^#EXTINF:([\d.]+)/.exec(line);
    if (said) end += length = Number(said[1]);
    if (!line || line.startsWith("#")) continue;
    url = line;
    if (seconds < end || !end) break;
  }
  return { url, length };
}

/** The address of the piece and its seconds, or of the playlist that could not be read. @param {string} main @param {number} seconds */
export async function pieceAt(main, seconds) {
  let url = new URL(main, location.href).href;
  let length = 0;
  for (let depth = 0; depth < 2; depth++) {
    const text = await fetch(url).then((r) => (r.ok ? r.text() : ""), () => "");
    const next = entry(text, seconds);
    if (!next.url) break;
    url = new URL(next.url, url).href;
    length = next.length;
  }
  return { url, length };
}

/**
 * Whether the network takes longer over a piece of the film than it is shown for. The time in which the host makes it does
 * not count: the answer begins when it is made.
 * @param {string} main @param {number} seconds
 */
export async function crawls(main, seconds) {
  const { url, length } = await pieceAt(main, seconds);
  if (!length) return false;
  const stop = new AbortController();
  try {
    const answer = await fetch(url, { cache: "no-store", signal: stop.signal });
    const late = setTimeout(() => stop.abort(), 1000 * length);
    await answer.arrayBuffer().finally(() => clearTimeout(late));
    return false;
  } catch {
    return stop.signal.aborted;
  }
}

/** @typedef {{before: number, seconds?: number}} Turn how many conversions end before a piece's own begins, and about when that is, where it is known */

/** When the host's machine comes to a piece that it is asked for. @param {string} url of the piece @returns {Promise<Turn>} */
export async function turnAt(url) {
  const nothing = { before: 0 };
  const asked = url.replace(/\.m4s$/, ".turn");
  if (asked === url) return nothing;
  return fetch(asked, { cache: "no-store" }).then((r) => (r.ok ? r.json() : nothing)).catch(() => nothing);
}

// Which piece of a film by HLS belongs to a moment, read from its playlists (RFC 8216).

/** The first address in a playlist, and of segments that of a moment in seconds. @param {string} text @param {number} [seconds] */
export function entry(text, seconds = 0) {
  let end = 0;
  let found = "";
  for (const line of text.split(/\r?\n/)) {
    const length = /^#EXTINF:([\d.]+)/.exec(line);
    if (length) end += Number(length[1]);
    if (!line || line.startsWith("#")) continue;
    found = line;
    if (seconds < end || !end) break;
  }
  return found;
}

/** The address of the piece, or of the playlist that could not be read. @param {string} main @param {number} seconds */
export async function pieceAt(main, seconds) {
  let url = new URL(main, location.href).href;
  for (let depth = 0; depth < 2; depth++) {
    const text = await fetch(url).then((r) => (r.ok ? r.text() : ""), () => "");
    const next = entry(text, seconds);
    if (!next) break;
    url = new URL(next, url).href;
  }
  return url;
}

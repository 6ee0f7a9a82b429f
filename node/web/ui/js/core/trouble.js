// A film that does not come: whether to try again by itself, or to say why and wait for somebody.

/** @typedef {{status: number, code?: string, reason?: string}} Probe what the host said of the film's first byte; status 0: not reached */
/** @typedef {{again: number}|{other: true}|{code: string, reason: string}} Verdict ms until the next try, another way to the film, or the end of trying */

const RETRY = [500, 1500, 4000, 8000]; // ms until a film that failed is asked for again
const PASSING = ["WP-HOST-AWAY", "WP-SLOW", "WP-FULL", "WP-CLOSING", "WP-UNREACHABLE", "WP-TRANSCODE-BUSY", "WP-MEDIA-SLOW"]; // goes away by itself
const ONCE = ["WP-TRANSCODE-STALL"]; // may not happen again
const MENDED = ["WP-MEDIA-GONE", "WP-CACHE-FULL", ...ONCE]; // by somebody at the host's, who is not going to tell
const DECODE = 3; // MediaError: MEDIA_ERR_DECODE, MEDIA_ERR_SRC_NOT_SUPPORTED
const UNSUPPORTED = 4;

/** The page's own code for bytes that came and cannot be shown. */
export const UNPLAYABLE = "WP-UNPLAYABLE";

/**
 * @param {number} failures so far, this one not counted
 * @param {number} error code of the MediaError
 * @param {Probe} probe
 * @param {boolean} [more] whether there is another way to the film
 * @returns {Verdict}
 */
export function judge(failures, error, { status, code = "", reason = "" }, more = false) {
  const again = { again: RETRY[Math.min(failures, RETRY.length - 1)] };
  if (status === 0 || PASSING.includes(code) || failures === 0 && ONCE.includes(code)) return again;
  if (status >= 400) return code || failures > 0 ? { code: code || "WP-MEDIA-GONE", reason } : again;
  if (error !== DECODE && error !== UNSUPPORTED) return again;
  if (more) return { other: true };
  return failures > 0 ? { code: UNPLAYABLE, reason: "" } : again;
}

/** Whether what is wrong may be put right without a word to this page: then it looks from time to time. @param {string} code */
export const heals = (code) => MENDED.includes(code);

/** Asks for the first byte, to learn what the player is not told. @param {string} src @param {string} lang @returns {Promise<Probe>} */
export async function probe(src, lang) {
  try {
    const answer = await fetch(src, { headers: { "Range": "bytes=0-0", "Accept-Language": lang }, cache: "no-store" });
    if (answer.ok || !answer.headers.get("Content-Type")?.includes("json")) {
      answer.body?.cancel();
      return { status: answer.status };
    }
    return { ...await answer.json(), status: answer.status };
  } catch {
    return { status: 0 };
  }
}

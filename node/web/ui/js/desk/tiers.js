// Memberships as they are written in a field: "prime, gold@2027-01-01". A membership ends with the
// instant `until`; a day stands for its beginning, midnight where the host is.

/** @import {Membership} from "../core/types.js" */

const NAME = /^[\p{L}\p{Nd}_-]{1,64}$/u;
const WHEN = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?$/;
const MOST = 32; // memberships, as the host allows

const two = (/** @type {number} */ n) => String(n).padStart(2, "0");

/** @param {string} text @returns {Date|null} in local time; null for what is no day or no time of day */
function readWhen(text) {
  const [, y, m, d, hh = "0", mm = "0", ss = "0"] = WHEN.exec(text) ?? [];
  if (!y || Number(hh) > 23 || Number(mm) > 59 || Number(ss) > 59) return null;
  const day = new Date(Number(y), Number(m) - 1, Number(d));
  if (day.getFullYear() !== Number(y) || day.getMonth() !== Number(m) - 1 || day.getDate() !== Number(d)) return null;
  return text.includes("T") ? new Date(Number(y), Number(m) - 1, Number(d), Number(hh), Number(mm), Number(ss)) : day;
}

/** @param {string} until */
function writeWhen(until) {
  const at = new Date(until);
  const [y, m, d] = [at.getFullYear(), at.getMonth(), at.getDate()];
  const day = `${String(y).padStart(4, "0")}-${two(m + 1)}-${two(d)}`;
  if (at.getTime() === new Date(y, m, d).getTime()) return day;
  const seconds = at.getSeconds() ? `:${two(at.getSeconds())}` : "";
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}

/** @param {Membership} m */
const write = ({ tier, until }) => (until ? `${tier}@${writeWhen(until)}` : tier);

/** @param {Membership[]|null} [tiers] */
export function writeTiers(tiers) {
  return (tiers ?? []).map(write).join(", ");
}

/**
 * @param {string} text
 * @param {Membership[]|null} [old] what stands there already: written the same way it stays to the millisecond
 * @returns {{tiers: Membership[], wrong?: "tierName"|"tierDay"|"tierMany", part?: string}}
 */
export function readTiers(text, old) {
  const kept = new Map((old ?? []).map((m) => [write(m), m]));
  /** @type {Membership[]} */
  const tiers = [];
  for (const part of text.split(/[,\s]+/).filter(Boolean)) {
    const same = kept.get(part);
    const [tier, when] = same ? [same.tier] : split(part);
    const until = when === undefined ? undefined : readWhen(when);
    if (!same && !NAME.test(tier)) return { tiers: [], wrong: "tierName", part };
    if (until === null) return { tiers: [], wrong: "tierDay", part };
    tiers.push(same ?? (until ? { tier, until: until.toISOString() } : { tier }));
  }
  return tiers.length > MOST ? { tiers: [], wrong: "tierMany", part: "" } : { tiers };
}

/** @param {string} part @returns {[string, string?]} at its first @ */
function split(part) {
  const at = part.indexOf("@");
  return at < 0 ? [part] : [part.slice(0, at), part.slice(at + 1)];
}

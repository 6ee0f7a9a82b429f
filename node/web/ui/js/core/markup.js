// What is written in a line: words, cheers, @names, :codes: that may be emotes, and ||what is hidden until it is tapped||.

import { parts } from "./bits.js";

/** @import {State} from "./types.js" */

/**
 * @typedef {{text: string}|{bits: number}|{name: string, ids: string[]}|{code: string}|{hidden: Token[]}} Token code: whether the house has such an emote is another matter
 */

const LETTER = /[\p{L}\p{N}_]/u;
const CODE = /:([A-Za-z][A-Za-z0-9_]{1,23}):/y;

/** @type {WeakMap<State["members"], {name: string, ids: string[]}[]>} */
const known = new WeakMap();

/** The names of all who were here, longest first, with those who have them. @param {State["members"]} members */
function namesOf(members) {
  const kept = known.get(members);
  if (kept) return kept;
  /** @type {Map<string, string[]>} */
  const byName = new Map();
  for (const { id, name } of Object.values(members)) {
    const key = name.toLocaleLowerCase();
    if (key) byName.set(key, [...(byName.get(key) ?? []), id]);
  }
  const list = [...byName].map(([name, ids]) => ({ name, ids })).sort((a, b) => b.name.length - a.name.length);
  known.set(members, list);
  return list;
}

/**
 * Whom a text names at the sign before a name: the longest name counts.
 * @param {string} text @param {number} at @param {State["members"]} members
 */
export function named(text, at, members) {
  if (at > 0 && LETTER.test(text[at - 1])) return null; // an address, not a name
  const rest = text.slice(at + 1).toLocaleLowerCase();
  const found = namesOf(members).find(({ name }) => rest.startsWith(name) && !LETTER.test(rest[name.length] ?? " "));
  return found ? { name: text.slice(at, at + 1 + found.name.length), ids: found.ids } : null;
}

/** The code that begins at a colon, if one does: what a house may call its emotes. @param {string} text @param {number} at */
function coded(text, at) {
  CODE.lastIndex = at;
  return CODE.exec(text)?.[1] ?? null;
}

/** @typedef {{members?: State["members"], cheers?: boolean}} Knows */

/** @param {string} text @param {Knows} knows @returns {Token[]} */
function words(text, { members = {} }) {
  /** @type {Token[]} */
  const all = [];
  let plain = "";
  const take = (/** @type {Token} */ token) => {
    if (plain) all.push({ text: plain });
    plain = "";
    all.push(token);
  };
  for (let i = 0; i < text.length;) {
    const name = text[i] === "@" ? named(text, i, members) : null;
    const code = text[i] === ":" ? coded(text, i) : null;
    if (name) take(name);
    else if (code) take({ code });
    else plain += text[i];
    i += name?.name.length ?? (code ? code.length + 2 : 1);
  }
  if (plain) all.push({ text: plain });
  return all;
}

/**
 * A line as it is to be shown. Cheers are looked for first, as the host counts them: nothing else makes one.
 * @param {string} text @param {Knows} [knows] @returns {Token[]}
 */
export function read(text, knows = {}) {
  /** @type {(Token|"||")[]} */
  const flat = [];
  for (const part of knows.cheers ? parts(text) : [text]) {
    if (typeof part === "number") flat.push({ bits: part });
    else part.split("||").forEach((piece, i) => flat.push(.../** @type {(Token|"||")[]} */ (i ? ["||"] : []), ...words(piece, knows)));
  }
  /** @type {Token[]} */
  const all = [];
  for (let i = 0; i < flat.length; i++) {
    const one = flat[i];
    if (one !== "||") {
      all.push(one);
      continue;
    }
    const end = flat.indexOf("||", i + 1);
    const hidden = /** @type {Token[]} */ (flat.slice(i + 1, Math.max(end, 0)));
    if (end < 0 || !hidden.some((h) => !("text" in h) || h.text.trim())) {
      all.push({ text: "||" });
      continue;
    }
    all.push({ hidden });
    i = end;
  }
  return all;
}

/** Everybody whom a text names. @param {string} text @param {State["members"]} members @returns {Set<string>} */
export function called(text, members) {
  const ids = new Set();
  for (const token of read(text, { members }).flatMap((one) => ("hidden" in one ? one.hidden : [one]))) if ("ids" in token) for (const id of token.ids) ids.add(id);
  return ids;
}

/** A line for where nothing can be tapped: what is hidden stays so. @param {string} text @param {string} instead @returns {Token[]} */
export const veiled = (text, instead) => read(text).map((token) => ("hidden" in token ? { text: instead } : token));

/** The same in one string. @param {string} text @param {string} instead */
export function plainly(text, instead) {
  return veiled(text, instead).map((token) => ("text" in token ? token.text : "code" in token ? `:${token.code}:` : "")).join("");
}

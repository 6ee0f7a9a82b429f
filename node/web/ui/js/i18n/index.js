// Words in the viewer's language. A language is one file; English is what another lacks.

import { recall, remember } from "../core/prefs.js";
import en from "./en.js";
import fr from "./fr.js";

/** @type {Record<string, Record<string, string>>} */
const books = { en, fr };
export const LANGUAGES = [{ code: "en", name: "English" }, { code: "fr", name: "Français" }];

/** @type {WeakMap<Element, (() => void)[]>} what to do again in another language, kept as long as its element */
const applied = new WeakMap();
/** @type {WeakRef<Element>[]} */
let bound = [];
/** @type {Set<() => void>} */
const ears = new Set();
let lang = choose();

function choose() {
  const wanted = [recall("lang", ""), ...(globalThis.navigator?.languages ?? [])];
  return wanted.map((l) => l.slice(0, 2).toLowerCase()).find((l) => l in books) ?? "en";
}

export function language() {
  return lang;
}

/** @param {string} code */
export function setLanguage(code) {
  if (!(code in books)) return;
  lang = code;
  remember("lang", code);
  announce();
}

/** Puts the language on the document and every bound word into it. */
export function announce() {
  document.documentElement.lang = lang;
  bound = bound.filter((ref) => ref.deref());
  for (const ref of bound) for (const apply of applied.get(/** @type {Element} */ (ref.deref())) ?? []) apply();
  for (const ear of [...ears]) ear();
}

/** @param {() => void} ear */
export function onLanguage(ear) {
  ears.add(ear);
}

/** Does `apply` now and whenever the language changes, as long as the element lives. @param {Element} el @param {() => void} apply */
export function bind(el, apply) {
  apply();
  const all = applied.get(el);
  if (all) return void all.push(apply);
  applied.set(el, [apply]);
  bound.push(new WeakRef(el));
  if (bound.length % 500 === 0) bound = bound.filter((ref) => ref.deref());
}

/** @param {string} key @param {{n?: number}} params */
function template(key, params) {
  const book = books[lang];
  if (params.n !== undefined) {
    const form = `${key}.${new Intl.PluralRules(lang).select(params.n)}`;
    const many = book[form] ?? book[`${key}.other`] ?? books.en[`${key}.other`];
    if (many) return many;
  }
  return book[key] ?? books.en[key] ?? key;
}

/**
 * @param {string} key
 * @param {Record<string, any>} [params] `n` chooses the plural
 * @returns {string}
 */
export function t(key, params = {}) {
  return template(key, params).replace(/\{(\w+)\}/g, (_, name) => String(params[name] ?? ""));
}

/**
 * The same, for sentences with names in them: every parameter becomes a `<bdi>`.
 * @param {string} key
 * @param {Record<string, any>} params
 * @returns {Node[]}
 */
export function rich(key, params) {
  return template(key, params).split(/\{(\w+)\}/).map((part, i) => {
    if (i % 2 === 0) return document.createTextNode(part);
    const el = document.createElement("bdi");
    el.textContent = String(params[part] ?? "");
    return el;
  });
}

/** Codes whose sentence the host says in the viewer's language, and knows more than we do. */
const SPOKEN = ["WP-REGION", "WP-MEMBERSHIP", "WP-WINDOW", "WP-RATING", "WP-MEDIA-GONE", "WP-MEDIA-BROKEN", "WP-MEDIA-SLOW", "WP-FFMPEG-MISSING", "WP-CACHE-FULL", "WP-TRANSCODE-STALL", "WP-TRANSCODE-BUSY"];

/** The host's own sentence where it speaks the viewer's language, else ours. @param {{code?: string, reason?: string}} no */
export function hostSays(no) {
  return SPOKEN.includes(no.code ?? "") && no.reason ? no.reason : refusal(no);
}

/**
 * A refusal in the viewer's language: by its code and by what was asked. In English the host's own
 * sentence serves where we have none; in another language it would be a stranger.
 * @param {{code?: string, reason?: string, kind?: string, body?: any}} no
 */
export function refusal({ code = "", reason = "", kind = "", body }) {
  const own = [body?.region ? `${code}.region` : "", `${code}.${kind}`, code].find((key) => key in books[lang]);
  if (own) return t(own);
  if (reason && lang === "en") return reason;
  return t(reason && !(code in en) ? "WP-REFUSED" : code in en ? code : "WP-BROKEN");
}

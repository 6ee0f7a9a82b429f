// Requests to this node. Everything that changes something is a POST of JSON with a header that a
// foreign page cannot send.

import { language } from "../i18n/index.js";
import { recall, remember } from "./prefs.js";

/** A refusal: a code for programs, a sentence for people. */
export class Refused extends Error {
  /** @param {number} status @param {string} code @param {string} reason */
  constructor(status, code, reason) {
    super(reason || code);
    this.status = status;
    this.code = code;
    this.reason = reason;
  }
}

export function token() {
  return recall("token", "");
}

/** @param {string|null} value */
export function keepToken(value) {
  remember("token", value);
}

/** @param {string} method @param {string} path @param {any} [body] */
async function ask(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { "Accept": "application/json", "Accept-Language": language() };
  if (token()) headers["Authorization"] = `Bearer ${token()}`;
  if (method === "POST") Object.assign(headers, { "X-Watchparty": "1", "Content-Type": "application/json" });
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
  } catch {
    throw new Refused(0, "WP-OFFLINE", "");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said.code ?? `WP-${answer.status}`, said.reason ?? "");
  return said;
}

/** @param {string} path @returns {Promise<any>} */
export const get = (path) => ask("GET", path);

/** @param {string} path @param {any} body @returns {Promise<any>} */
export const post = (path, body) => ask("POST", path, body);

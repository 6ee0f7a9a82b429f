// The secret of an invitation, between the link and the door. It never stays in the address bar; it
// is kept in this tab until somebody was let in with it, so that a reload at the door does not lose it.

import { recall, remember } from "./prefs.js";

const KEPT = 12; // secrets that this browser has met

const key = () => `watchparty.secret${location.pathname}`;

/** @template T @param {() => T} f @returns {T|null} a forbidden storage has nothing */
function store(f) {
  try {
    return f();
  } catch {
    return null;
  }
}

/** Takes the secret out of the address at once. @returns {string} it, or the one that was kept */
export function takeSecret() {
  const secret = location.hash.slice(1).split(".")[0];
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  if (secret) store(() => sessionStorage.setItem(key(), secret));
  return secret || (store(() => sessionStorage.getItem(key())) ?? "");
}

/** It has done its work, or is worth nothing. */
export function forgetSecret() {
  store(() => sessionStorage.removeItem(key()));
}

/** A new link pasted into the same tab begins anew, with its secret. */
export function watchAddress() {
  window.addEventListener("hashchange", () => location.hash.length > 1 && takeSecret() && location.reload());
}

/** Enough to know a secret again, too little to be one (FNV-1a). @param {string} secret */
function trace(secret) {
  let sum = 2166136261;
  for (const c of secret) sum = Math.imul(sum ^ (c.codePointAt(0) ?? 0), 16777619) >>> 0;
  return sum.toString(36);
}

/** Whether this browser has come in with it, or was asked about it. @param {string} secret */
export function met(secret) {
  return recall("met", /** @type {string[]} */ ([])).includes(trace(secret));
}

/** @param {string} secret */
export function meet(secret) {
  if (secret && !met(secret)) remember("met", [...recall("met", /** @type {string[]} */ ([])), trace(secret)].slice(-KEPT));
}

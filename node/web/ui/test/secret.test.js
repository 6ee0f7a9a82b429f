// The secret of an invitation: out of the address, not lost.
import assert from "node:assert/strict";
import test from "node:test";

const kept = new Map();
const storage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v), removeItem: (k) => kept.delete(k) };
let reloads = 0;
const ears = {};
globalThis.sessionStorage = /** @type {any} */ (storage);
globalThis.localStorage = /** @type {any} */ (storage);
globalThis.location = /** @type {any} */ ({ pathname: "/", search: "", hash: "", reload: () => reloads++ });
globalThis.history = /** @type {any} */ ({ replaceState: () => (location.hash = "") });
globalThis.window = /** @type {any} */ ({ addEventListener: (name, f) => (ears[name] = f) });
const { takeSecret, forgetSecret, watchAddress, met, meet } = await import("../js/core/secret.js");

test("a reload at the door keeps it; being let in forgets it", () => {
  location.hash = "#s3cret.f1nger";
  assert.equal(takeSecret(), "s3cret");
  assert.equal(location.hash, "");
  assert.equal(takeSecret(), "s3cret", "the reload");
  forgetSecret();
  assert.equal(takeSecret(), "");
});

test("the desk's secret is not the theatre's", () => {
  location.pathname = "/desk";
  location.hash = "#host";
  takeSecret();
  location.pathname = "/";
  assert.equal(takeSecret(), "");
});

test("a new link in the same tab begins anew", () => {
  watchAddress();
  location.hash = "#other.f";
  ears.hashchange();
  assert.equal(reloads, 1);
  assert.equal(location.hash, "");
  assert.equal(takeSecret(), "other");
});

test("a secret that was met is known again, and is kept nowhere", () => {
  assert.equal(met("used"), false);
  meet("used");
  assert.equal(met("used"), true);
  assert.ok(![...kept.values()].some((v) => v.includes("used")));
});

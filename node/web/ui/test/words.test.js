// Every word the page says exists in every language.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import en from "../js/i18n/en.js";
import fr from "../js/i18n/fr.js";
import { hostSays, refusal, rich, setLanguage, t } from "../js/i18n/index.js";

const js = new URL("../js/", import.meta.url);
const sources = readdirSync(js, { recursive: true }).filter((f) => f.endsWith(".js") && !f.includes("i18n"));

test("French has all that English has, with the same parameters", () => {
  const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
  for (const [key, text] of Object.entries(en)) {
    assert.ok(key in fr, `fr lacks ${key}`);
    assert.equal(holes(fr[key]), holes(text), key);
  }
  for (const key of Object.keys(fr)) assert.ok(key in en || key.startsWith("WP-"), `en lacks ${key}`);
});

test("every word asked for exists", () => {
  let found = 0;
  for (const file of sources) {
    const text = readFileSync(new URL(file, js), "utf8");
    for (const [, key] of text.matchAll(/\b(?:t|rich|line)\("([\w.-]+)"/g)) {
      found++;
      assert.ok(key in en || `${key}.other` in en, `${file} asks for ${key}`);
    }
  }
  assert.ok(found > 100);
});

test("plurals and refusals", () => {
  assert.equal(t("episodes", { n: 1 }), "1 episode");
  assert.equal(t("episodes", { n: 3 }), "3 episodes");
  assert.equal(refusal({ code: "WP-SOMETHING", reason: "As the host says." }), "As the host says.");
  assert.equal(refusal({ code: "WP-PIN-WRONG", reason: "no" }), en["WP-PIN-WRONG"]);
  assert.equal(refusal({}), en["WP-BROKEN"]);
});

test("a French page says nothing in English", () => {
  globalThis.document = /** @type {any} */ ({ documentElement: {} });
  const english = "An English sentence of the host.";
  setLanguage("fr");
  try {
    assert.match(refusal({ code: "WP-BAD", reason: english, kind: "grant", body: { region: "XX" } }), /région/);
    assert.match(refusal({ code: "WP-BAD", reason: english, kind: "grant", body: { tiers: [] } }), /abonnement/);
    assert.match(refusal({ code: "WP-BAD", reason: english, kind: "invite", body: { region: "", ttl: "x" } }), /durée/);
    assert.match(refusal({ code: "WP-SLOW", reason: english, kind: "rename" }), /changé de nom/);
    assert.match(refusal({ code: "WP-NOTHING", reason: english, kind: "next" }), /file est vide/);
    assert.match(refusal({ code: "WP-NOTHING", reason: english, kind: "play" }), /choisissez/);
    assert.equal(refusal({ code: "WP-TOMORROW", reason: english }), fr["WP-REFUSED"]);
    for (const code of Object.keys(en).filter((k) => k.startsWith("WP-"))) assert.notEqual(refusal({ code, reason: english }), english, code);
    assert.equal(hostSays({ code: "WP-REGION", reason: "La phrase de l’hôte." }), "La phrase de l’hôte.");
    assert.equal(hostSays({ code: "WP-BAD", reason: english }), fr["WP-BAD"]);
  } finally {
    setLanguage("en");
  }
});

test("what is in a sentence is only ever text", () => {
  const made = [];
  globalThis.document = /** @type {any} */ ({
    createTextNode: (text) => ({ text }),
    createElement: (tag) => (made.push(tag), { tag, textContent: "" }),
  });
  const parts = rich("event.came", { name: "<img src=x>{to}" });
  assert.deepEqual(made, ["bdi"]);
  assert.equal(parts[1].textContent, "<img src=x>{to}");
});

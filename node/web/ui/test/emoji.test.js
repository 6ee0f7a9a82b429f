// Emoji and their names.
import assert from "node:assert/strict";
import test from "node:test";
import { emoji, findEmoji, withEmoji } from "../js/core/emoji.js";

test("each has its own sign and name, which can be written", () => {
  assert.equal(new Set(emoji.map((e) => e.sign)).size, emoji.length);
  assert.equal(new Set(emoji.map((e) => e.name)).size, emoji.length);
  for (const e of emoji) assert.match(e.name, /^[a-z_]{2,24}$/);
});

test("found by either name, with or without accents", () => {
  assert.equal(findEmoji("coeur").at(-1)?.sign, "💔");
  assert.equal(findEmoji("fete")[0].sign, "🎉");
  assert.equal(findEmoji("heart eyes")[0].sign, "😍");
  assert.equal(findEmoji("cam")[0].sign, "🎥");
  assert.equal(findEmoji("").length, emoji.length);
});

test("names between colons become signs", () => {
  assert.equal(withEmoji("so :fire::fire: at 10:30 :nothing:"), "so 🔥🔥 at 10:30 :nothing:");
  assert.equal(withEmoji("so :fire: :cat:", (name) => name === "fire"), "so :fire: 🐱", "but where the house has its own");
});

// The house's emotes: found by their codes.
import assert from "node:assert/strict";
import test from "node:test";
import { Emotes } from "../js/core/emotes.js";

test("found by code, whatever its capitals, and by a part of it", () => {
  const own = new Emotes();
  let told = 0;
  own.on("changed", () => told++);
  own.know(["party_Shark", "Shark", "constructor"].map((code) => ({ code, key: code, width: 1, height: 1 })));
  assert.equal(told, 1);
  assert.equal(own.find("PARTY_shark")?.code, "party_Shark");
  assert.equal(own.find("constructor")?.key, "constructor");
  assert.equal(own.find("toString"), undefined);
  assert.deepEqual(own.search("shark").map((e) => e.code), ["Shark", "party_Shark"]);
  assert.deepEqual(own.search("party s").map((e) => e.code), ["party_Shark"]);
  assert.equal(own.search("").length, 3);
  own.know([]);
  assert.equal(own.find("shark"), undefined);
});

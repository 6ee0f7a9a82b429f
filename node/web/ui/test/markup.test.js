// What is written in a line.
import assert from "node:assert/strict";
import test from "node:test";
import { called, plainly, read } from "../js/core/markup.js";

const members = Object.fromEntries([["a", "Ann"], ["b", "Ann Lee"], ["c", "Élodie"], ["d", "ann"]].map(([id, name]) => [id, { id, name }]));
const knows = { members };

test("names, the longest first, whoever has them", () => {
  assert.deepEqual(read("hi @ann lee, and @ANN!", knows), [{ text: "hi " }, { name: "@ann lee", ids: ["b"] }, { text: ", and " }, { name: "@ANN", ids: ["a", "d"] }, { text: "!" }]);
  assert.deepEqual([...called("@élodie ||@Ann Lee||", members)], ["c", "b"]);
  for (const none of ["mail me: x@ann", "@annabel", "@", "@ Ann"]) assert.deepEqual([...called(none, members)], [], none);
});

test("what is hidden, and what only looks so", () => {
  assert.deepEqual(read("a ||b|| c"), [{ text: "a " }, { hidden: [{ text: "b" }] }, { text: " c" }]);
  assert.equal(plainly("it is ||the aunt|| and ||the dog||", "…"), "it is … and …");
  for (const text of ["||", "a || b", "|| ||", "||||"]) assert.equal(read(text).map((x) => x.text).join(""), text);
});

test("codes between colons, whichever the house has", () => {
  assert.deepEqual(read("so :Party_shark::ok2: at 10:30:15 :x: :9a: ::"), [{ text: "so " }, { code: "Party_shark" }, { code: "ok2" }, { text: " at 10:30:15 :x: :9a: ::" }]);
  assert.deepEqual(read("||:boom:|| @ann:lee:", knows), [{ hidden: [{ code: "boom" }] }, { text: " " }, { name: "@ann", ids: ["a", "d"] }, { code: "lee" }]);
  assert.equal(plainly("a :boom: ||:b2:||", "…"), "a :boom: …");
  for (const none of [":<b>:", ":a b:", ":é_é:", `:${"x".repeat(25)}:`, ":\u202eab:", ":../ab:", "https://host:8470/a:b"]) assert.deepEqual(read(none), [{ text: none }], none);
});

test("nothing but a counted word makes a cheer", () => {
  assert.deepEqual(read("||Cheer9000|| Cheer1", { cheers: true }), [{ hidden: [{ text: "Cheer9000" }] }, { text: " " }, { bits: 1 }]);
  assert.deepEqual(read("|| Cheer5 ||", { cheers: true }), [{ hidden: [{ text: " " }, { bits: 5 }, { text: " " }] }]);
  assert.deepEqual(read("Cheer5"), [{ text: "Cheer5" }]);
});

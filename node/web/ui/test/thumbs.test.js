import assert from "node:assert/strict";
import test from "node:test";
import { place, sheetPath } from "../js/core/thumbs.js";

const thumbs = { every: 10, count: 40, across: 5, down: 5, width: 240, height: 136 };

test("a moment is on its sheet, row by row", () => {
  assert.deepEqual(place(thumbs, 0), { sheet: 0, column: 0, row: 0 });
  assert.deepEqual(place(thumbs, 9.99), { sheet: 0, column: 0, row: 0 });
  assert.deepEqual(place(thumbs, 74), { sheet: 0, column: 2, row: 1 });
  assert.deepEqual(place(thumbs, 249), { sheet: 0, column: 4, row: 4 });
  assert.deepEqual(place(thumbs, 250), { sheet: 1, column: 0, row: 0 });
});

test("what lies outside the film has its first or last picture", () => {
  assert.deepEqual(place(thumbs, -3), { sheet: 0, column: 0, row: 0 });
  assert.deepEqual(place(thumbs, 400), { sheet: 1, column: 4, row: 2 });
});

test("the sheet of a title", () => {
  assert.equal(sheetPath(/** @type {any} */ ({ id: "a b" }), 3), "/media/t/a%20b/thumbs/3.jpg");
});

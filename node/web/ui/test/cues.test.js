// Subtitles that are moved, and how long that is remembered.
import assert from "node:assert/strict";
import test from "node:test";
import { above, alike, moved, shift } from "../js/core/cues.js";
import { inWords, signed, tongue } from "../js/parts/subtitles.js";

test("cues are moved from where they were made, however often", () => {
  const cues = [{ startTime: 2, endTime: 4 }, { startTime: 10, endTime: 11 }];
  const at = () => cues.map((c) => [c.startTime, c.endTime]);
  shift(cues, 1.5);
  assert.deepEqual(at(), [[3.5, 5.5], [11.5, 12.5]]);
  shift(cues, -3);
  assert.deepEqual(at(), [[0, 1], [7, 8]], "not before the film");
  shift(cues, 0);
  assert.deepEqual(at(), [[2, 4], [10, 11]]);
});

test("fifty films are remembered, those moved last", () => {
  let all = {};
  for (let i = 0; i < 60; i++) all = moved(all, `film-${i}`, 0.5);
  assert.equal(Object.keys(all).length, 50);
  assert.ok(!("film-9" in all) && all["film-59"] === 0.5);
  all = moved(all, "film-10", 2);
  all = moved(all, "new", 1);
  assert.equal(all["film-10"], 2, "what was moved again is young");
  assert.ok(!("film-10" in moved(all, "film-10", 0)), "back in place needs no memory");
});

test("in words and figures", () => {
  globalThis.document = /** @type {any} */ ({ documentElement: { lang: "en" } });
  assert.deepEqual([signed(0), signed(0.5), signed(-5)], ["0.0 s", "+0.5 s", "−5.0 s"]);
  assert.deepEqual([inWords(0), inWords(0.5), inWords(-5)], ["as they were made", "0.5 seconds later", "5.0 seconds earlier"]);
  assert.deepEqual([tongue("", "fr"), tongue("fre", "fre"), tongue("Commentary", "en"), tongue("", "")], ["French", "French", "Commentary", ""]);
});

test("a line made for the top stays at the top", () => {
  const at = (/** @type {number|"auto"} */ line, snapToLines = true) => above({ line, snapToLines });
  assert.deepEqual([at("auto"), at(-1), at(0), at(10, false), at(50, false), at(90, false)], [false, false, true, true, false, false]);
});

test("of several in one language the one of that name is taken, else the first", () => {
  const all = [{ key: "en", lang: "en", label: "English" }, { key: "s4", lang: "en", label: "English (SDH)" }, { key: "fr", lang: "fr", label: "Français" }];
  const key = (/** @type {string} */ lang, /** @type {string} */ label) => alike(all, { lang, label })?.key;
  assert.deepEqual([key("en", "English (SDH)"), key("en", "English · Signs"), key("fr", "Français (forcés)"), key("de", "English"), alike(all, null)], ["s4", "en", "fr", undefined, undefined]);
});

test("only who chose what is drawn into the picture is given that again", () => {
  const text = { key: "s2", lang: "en", label: "English" };
  const drawn = { key: "s3", lang: "en", label: "English", drawn: true };
  assert.equal(alike([drawn, text], { lang: "en", label: "English" })?.key, "s2");
  assert.equal(alike([drawn], { lang: "en", label: "English" }), undefined);
  assert.equal(alike([text, drawn], { lang: "en", label: "English", drawn: true })?.key, "s3");
  assert.equal(alike([text], { lang: "en", label: "English", drawn: true })?.key, "s2", "text is as good");
});

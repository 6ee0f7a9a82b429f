import { test } from "node:test";
import assert from "node:assert/strict";

import { inFile, own, wanted } from "../js/core/sounds.js";

const inside = [{ label: "English", lang: "eng", on: true }, { label: "Français", lang: "fra" }];
const more = [...inside, { label: "Commentary", lang: "eng", beside: "commentary.en" }, { label: "de", lang: "de", beside: "de" }];

test("a guest hears what they chose, or what is heard where nobody chooses", () => {
  for (const [sounds, choice, want] of [
    [inside, {}, 0], [inside, { lang: "fra" }, 1], [inside, { lang: "it" }, 0], [inside, { lang: "fr" }, 1],
    [more, { lang: "eng", label: "Commentary" }, 2], [more, { lang: "eng", label: "gone" }, 0], [more, { lang: "de", label: "x" }, 3],
    [[...inside, { label: "fr", lang: "fr", beside: "fr", on: true }], {}, 2],
    [[{ label: "fr", lang: "fr", beside: "fr", on: true }], {}, 0], [[], { lang: "fr" }, -1],
  ]) assert.equal(wanted(sounds, choice), want, JSON.stringify([sounds, choice]));
});

test("the file is enough where it plays that sound by itself", () => {
  assert.equal(own([{ label: "x", beside: "x" }]), -1);
  for (const [sounds, choice, chooses, want] of [
    [inside, {}, false, true], [inside, { lang: "fra" }, false, false], [inside, { lang: "fra" }, true, true],
    [more, { lang: "de" }, true, false], [[], { lang: "de" }, false, true], [[{ label: "fr", lang: "fr", beside: "fr", on: true }], {}, false, false],
  ]) assert.equal(inFile(sounds, choice, chooses), want, JSON.stringify([sounds, choice, chooses]));
});

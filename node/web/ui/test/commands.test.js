// Lines that begin with a slash.
import assert from "node:assert/strict";
import test from "node:test";
import { commands, offered, outcome } from "../js/core/commands.js";
import en from "../js/i18n/en.js";

const at = (role, may) => ({
  may: (power) => may.includes(power), myself: { role }, steers: may.includes("drive") || may.includes("steer"),
  state: { members: { a: { id: "a", name: "Ann" }, b: { id: "b", name: "Ann Lee" }, c: { id: "c", name: "Gone", removed: true } }, messages: [{ seq: 4, text: "x" }, { seq: 7, text: "" }] },
});
const guest = at("guest", ["chat"]);
const host = at("host", ["chat", "drive", "moderate"]);

test("what a line comes to", () => {
  for (const [text, want] of Object.entries({
    "hello": { say: { text: "hello" } }, "//help": { say: { text: "/help" } }, "/me waves ": { say: { text: "waves", me: true } }, "/HELP": { help: true },
    "/shrug": { say: { text: "¯\\_(ツ)_/¯" } }, "/spoiler it is ||him||": { say: { text: "||it is him||" } }, "/pin": { wish: "pin", body: { line: 4 } }, "/unpin": { wish: "pin", body: {} },
    "/seek 1:02:03": { wish: "seek", body: { position: 3723 } }, "/seek later": { no: "cmd.seek.no" }, "/poll tea? | yes | no ": { wish: "poll", body: { question: "tea?", options: ["yes", "no"] } }, "/poll tea?": { no: "cmd.poll.no" },
    "/mute ann lee": { wish: "mute", body: { member: "b" } }, "/timeout @Ann 5": { wish: "mute", body: { member: "a", seconds: 300 } }, "/timeout @Ann": { no: "cmd.timeout.no" },
    "/remove gone": { no: "cmd.nobody", params: { name: "gone" } }, "/mute": { no: "cmd.more", params: { name: "mute" } }, "/constructor": { no: "cmd.unknown", params: { name: "constructor" } }, "/": { no: "cmd.unknown", params: { name: "" } },
  })) assert.deepEqual(outcome(text, host), want, text);
  assert.deepEqual(outcome("/pin", host, 9), { wish: "pin", body: { line: 9 } });
  assert.deepEqual(outcome("/cheer 100 bravo", guest), { say: { text: "Cheer100 bravo" } });
});

test("only what one may", () => {
  assert.deepEqual(outcome("/mute Ann", guest), { no: "cmd.forbidden", params: { name: "mute" } });
  assert.deepEqual(offered(guest), ["help", "me", "shrug", "spoiler", "cheer", "name"]);
  assert.deepEqual(outcome("/pause", at("guest", ["chat", "steer"])), { wish: "pause", body: {} });
  assert.ok(offered(host).includes("remove") && !offered(host).includes("cheer"));
});

test("each is told in help", () => {
  for (const name of Object.keys(commands)) for (const key of [`cmd.${name}`, `cmd.${name}.args`]) assert.ok(key in en, key);
});

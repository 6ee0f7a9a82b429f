// What a line that begins with a slash does. Each command is a wish of the party, and shown to whoever may wish it.

import { named } from "./markup.js";

/** @import {Session} from "./session.js" */

/**
 * What comes of a line: something to say, a wish, a list of commands, or a sentence why not.
 * @typedef {{say: {text: string, me?: boolean}}|{wish: string, body: any}|{help: true}|{no: string, params?: Record<string, any>}} Outcome
 */
/**
 * @typedef {object} Command
 * @property {"chat"|"steer"|"drive"|"moderate"} power steer: to drive, or to ask the room
 * @property {boolean} [bare] stands alone; else words must follow
 * @property {boolean} [guest] the host cannot
 * @property {(rest: string, session: Session, re?: number) => Outcome} run re: the line that is answered
 */

const wish = (/** @type {string} */ kind, /** @type {any} */ body = {}) => ({ wish: kind, body });

/** Does something to whoever is named. @param {(member: string, rest: string) => Outcome} then @returns {Command["run"]} */
const to = (then) => (rest, session) => {
  const { members } = session.state;
  const text = rest.startsWith("@") ? rest : `@${rest}`;
  const found = named(text, 0, Object.fromEntries(Object.entries(members).filter(([, m]) => !m.removed)));
  return found ? then(found.ids[0], text.slice(found.name.length).trim()) : { no: "cmd.nobody", params: { name: rest } };
};

/** @param {string} rest h:mm:ss, m:ss or seconds */
function seek(rest) {
  if (!/^\d+(:[0-5]?\d){0,2}$/.test(rest)) return { no: "cmd.seek.no" };
  return wish("seek", { position: rest.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) });
}

/** The line that is answered, else the last one. @param {string} _ @param {Session} session @param {number} [re] @returns {Outcome} */
function pin(_, { state }, re) {
  const line = re || state.messages.findLast((m) => m.text)?.seq;
  return line ? wish("pin", { line }) : { no: "WP-UNKNOWN" };
}

/** @param {string} rest */
function poll(rest) {
  const [question, ...options] = rest.split("|").map((part) => part.trim()).filter(Boolean);
  return options.length < 2 ? { no: "cmd.poll.no" } : wish("poll", { question, options });
}

/** @param {string} rest */
function cheer(rest) {
  const [, bits, text] = /^(\d{1,7})(?:\s+(.*))?$/.exec(rest) ?? [];
  return bits ? { say: { text: `Cheer${bits} ${text ?? ""}`.trim() } } : { no: "cmd.cheer.no" };
}

/** @param {string} rest */
const timeout = to((member, rest) => (/^\d{1,4}$/.test(rest) && Number(rest) > 0 ? wish("mute", { member, seconds: Number(rest) * 60 }) : { no: "cmd.timeout.no" }));

/** Table: of commands, in the order in which help tells them. @type {Record<string, Command>} */
export const commands = {
  help: { power: "chat", bare: true, run: () => ({ help: true }) },
  me: { power: "chat", run: (text) => ({ say: { text, me: true } }) },
  shrug: { power: "chat", bare: true, run: (text) => ({ say: { text: `${text} ¯\\_(ツ)_/¯`.trim() } }) },
  spoiler: { power: "chat", run: (text) => ({ say: { text: `||${text.replaceAll("||", "")}||` } }) },
  cheer: { power: "chat", guest: true, run: cheer },
  name: { power: "chat", run: (name) => wish("rename", { name }) },
  play: { power: "steer", bare: true, run: () => wish("play") },
  pause: { power: "steer", bare: true, run: () => wish("pause") },
  seek: { power: "steer", run: seek },
  next: { power: "drive", bare: true, run: () => wish("next") },
  pin: { power: "moderate", bare: true, run: pin },
  unpin: { power: "moderate", bare: true, run: () => wish("pin") },
  poll: { power: "moderate", run: poll },
  mute: { power: "moderate", run: to((member) => wish("mute", { member })) },
  unmute: { power: "moderate", run: to((member) => wish("unmute", { member })) },
  timeout: { power: "moderate", run: timeout },
  remove: { power: "moderate", run: to((member) => wish("remove", { member })) },
};

/** Whether this viewer may use a command now. @param {Command} command @param {Session} session */
const may = ({ power, guest }, session) => (power === "steer" ? session.steers : session.may(power)) && !(guest && session.myself?.role === "host");

/** The names of those that this viewer may use. @param {Session} session */
export const offered = (session) => Object.keys(commands).filter((name) => may(commands[name], session));

/**
 * What a line comes to; without a slash it is said. Two slashes write one.
 * @param {string} text @param {Session} session @param {number} [re] the line that is answered @returns {Outcome}
 */
export function outcome(text, session, re) {
  const [, slash, name, rest] = /^(\/\/?)(\S*)\s*([^]*)$/.exec(text) ?? [];
  if (!slash) return { say: { text } };
  if (slash === "//") return { say: { text: text.slice(1) } };
  const command = Object.hasOwn(commands, name.toLowerCase()) ? commands[name.toLowerCase()] : undefined;
  if (!command) return { no: "cmd.unknown", params: { name } };
  if (!may(command, session)) return { no: command.guest ? "WP-CHEER-OWN" : "cmd.forbidden", params: { name } };
  if (!rest && !command.bare) return { no: "cmd.more", params: { name: name.toLowerCase() } };
  return command.run(rest.trim(), session, re);
}

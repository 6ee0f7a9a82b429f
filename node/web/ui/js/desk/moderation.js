// The rules of the chat and the door, who is banned, and what moderators did tonight.

import { get, post } from "../core/api.js";
import { bdi, fill, h } from "../core/dom.js";
import { dayAndTime, timeOfDay } from "../core/format.js";
import { sheet } from "../core/sheet.js";
import { refusal, rich, t } from "../i18n/index.js";
import { ruleWords, span } from "../parts/lines-moderation.js";

/** @import {Session} from "../core/session.js" */
/** @import {Act, Rules} from "../core/types.js" */

const SLOW = [0, 5, 15, 30, 60, 120]; // seconds
const KNOWN = ["", "chat", "ask", "door"];

/** @param {Session} session */
export function moderationSheet(session) {
  const note = h("p", { class: "trouble", role: "alert" });
  const set = async (/** @type {Partial<Rules>} */ what) => {
    const no = await session.ask("rule", what);
    note.textContent = no ? refusal(no) : "";
  };
  const rules = () => session.state.rules ?? {};
  /** @param {string} label @param {any[]} values @param {(r: Rules) => any} now @param {(v: any) => [string, Partial<Rules>]} each */
  const choice = (label, values, now, each) => {
    const group = h("div", { class: "choices", role: "group", "aria-label": () => t(label) });
    const draw = () => fill(group, ...values.map((v) => h("button", { type: "button", class: "choice", "aria-pressed": String(now(rules()) === v), onclick: () => set(each(v)[1]), text: each(v)[0] })));
    session.watch((s) => [s.rules], draw);
    return { el: h("div", { class: "field" }, h("span", { class: "label", text: () => t(label) }), group), draw };
  };
  const slow = choice("rule.slow", SLOW, (r) => r.slow ?? 0, (v) => [v ? t("rule.every", { time: span(v) }) : t("rule.off"), { slow: v }]);
  const known = choice("rule.known", KNOWN, (r) => r.known ?? "", (v) => [t(`rule.known.${v || "all"}`), { known: v }]);
  const links = choice("rule.links", [false, true], (r) => Boolean(r.noLinks), (v) => [t(v ? "rule.links.no" : "rule.links.yes"), { noLinks: v }]);
  const words = h("textarea", { id: "rule-words", rows: "3", autocapitalize: "off", spellcheck: "false", onchange: () => set({ words: words.value.split(/[\n,;]/) }) });
  session.watch((s) => [s.rules], () => {
    if (document.activeElement !== words) words.value = (rules().words ?? []).join("\n");
  });
  const bans = h("div", { class: "stack" });
  const acts = h("ol", { class: "act-list" });
  const it = sheet({ title: () => t("moderation") }, slow.el, known.el, links.el,
    h("div", { class: "field" }, h("label", { for: "rule-words", text: () => t("rule.words") }), words, h("p", { class: "hint", text: () => t("rule.words.hint") })), note,
    h("section", {}, h("h3", { class: "eyebrow", text: () => t("bans") }), bans), h("section", {}, h("h3", { class: "eyebrow", text: () => t("acts") }), acts));
  const load = async () => {
    const all = await get("/api/desk/moderation").catch(() => null);
    if (!all) return;
    fill(bans, ...(all.bans.length ? all.bans.map((/** @type {any} */ a) => ban(a, load)) : [h("p", { class: "empty-note", text: t("bansNone") })]));
    fill(acts, ...(all.acts.length ? all.acts.toReversed().slice(0, 100).map((/** @type {Act} */ a) => act(session, a)) : [h("li", { class: "empty-note", text: t("actsNone") })]));
  };
  session.on("record", ({ kind }) => it.el.open && ["muted", "removed", "banned", "erased", "ruled", "joined"].includes(kind) && load());
  return { open: () => (slow.draw(), known.draw(), links.draw(), load(), it.open()), words: () => ruleWords(rules()) };
}

/** @param {any} account @param {() => void} done */
function ban(account, done) {
  const lift = async () => {
    await post("/api/members", { member: account.id, ban: false }).catch(() => {});
    done();
  };
  const facts = [dayAndTime(account.ban.at), account.ban.why].filter(Boolean).join(" · ");
  return h("div", { class: "ban-row" }, h("div", { class: "person" }, h("p", { class: "person-name" }, bdi(account.name)), h("p", { class: "person-facts", text: facts })),
    h("button", { type: "button", class: "small", "aria-label": `${t("unban")}: ${account.name}`, onclick: lift, text: t("unban") }));
}

/** @param {Session} session @param {Act} a */
function act(session, a) {
  const name = (/** @type {string|undefined} */ id) => session.state.members[id ?? ""]?.name ?? t("somebody");
  const what = a.what === "muted" && a.until ? "timeout" : a.what;
  const line = rich(`act.${what}`, {
    by: name(a.by), name: a.name || name(a.member), time: a.until ? span((a.until - a.at) / 1000) : "", role: a.role ? t(`role.${a.role}`) : "", rules: ruleWords(a.rules ?? {}),
  });
  return h("li", {}, h("time", { text: timeOfDay(a.at) }), h("span", {}, ...line, a.why ? h("q", { class: "act-why", dir: "auto", text: a.why }) : null));
}

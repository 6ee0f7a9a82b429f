// Asking the room something: a poll, or a prediction on which guests put Bits.

import { fill, h } from "../core/dom.js";
import { runningTime } from "../core/format.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, refusal, t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {State} from "../core/types.js" */

const TIMES = [0, 30, 60, 120, 300, 900]; // seconds; 0: until somebody ends it
const KINDS = { poll: { most: 8, wish: "poll", time: "poll.time", never: "poll.untilClosed" }, prediction: { most: 10, wish: "predict", time: "prediction.time", never: "prediction.untilLocked" } };

/** @typedef {keyof typeof KINDS} Kind */

/** How it stands, in a few words. @param {State} state */
export function pollWords({ poll, prediction }) {
  if (prediction && !prediction.settled) return t("tile.prediction.on");
  return t(poll && !poll.closed ? "tile.poll.on" : "tile.poll");
}

/** @param {Session} session */
export function pollSheet(session) {
  /** @type {Kind} */
  let kind = "poll";
  const kinds = h("div", { class: "asked-kinds", role: "group", "aria-label": () => t("poll.kind") });
  const lead = h("p", { class: "lead" });
  const question = h("input", { id: "poll-question", type: "text", maxlength: "120", required: true, autocomplete: "off", dir: "auto" });
  const answers = h("div", { class: "stack asked-answers", role: "group", "aria-label": () => t("poll.answers") });
  const time = h("select", { id: "poll-time" });
  const tick = (/** @type {string} */ key) => {
    const box = h("input", { type: "checkbox", id: `poll-${key}` });
    return { box, el: h("label", { class: "tick", for: box.id }, box, h("span", { text: () => t(`poll.set.${key}`) })) };
  };
  const many = tick("many"), late = tick("late");
  const note = h("p", { class: "trouble", role: "alert" });
  const start = h("button", { type: "submit", class: "primary wide" });

  const fields = () => [...answers.querySelectorAll("input")];
  const filled = () => fields().map((x) => x.value.trim()).filter(Boolean);
  const add = () => {
    const n = fields().length + 1;
    answers.append(h("input", { type: "text", maxlength: "60", autocomplete: "off", dir: "auto", "aria-label": () => t("poll.answer", { n }), placeholder: () => t("poll.answer", { n }), oninput: grow }));
  };
  const grow = () => {
    if (fields().length < KINDS[kind].most && fields().at(-1)?.value) add();
  };
  const begin = () => {
    question.value = "";
    fill(answers);
    for (let i = 0; i < 3; i++) add();
  };

  const draw = () => {
    const { state } = session, busy = kind === "poll" ? state.poll && !state.poll.closed : state.prediction && !state.prediction.settled;
    fill(kinds, ...Object.keys(KINDS).map((k) => h("button", { type: "button", class: "choice", "aria-pressed": String(k === kind), onclick: () => ((kind = /** @type {Kind} */ (k)), draw()), text: t(k) })));
    lead.textContent = t(`${kind}.lead`);
    const before = time.value;
    fill(time, ...TIMES.map((n) => h("option", { value: String(n), text: n ? runningTime(n) : t(KINDS[kind].never) })));
    time.value = before || "0";
    timeLabel.textContent = t(KINDS[kind].time);
    many.el.hidden = late.el.hidden = kind !== "poll";
    start.textContent = t(busy ? `tile.${kind}.on` : `${kind}.start`);
    start.disabled = Boolean(busy);
  };
  const ask = async (/** @type {Event} */ e) => {
    e.preventDefault();
    const shared = { question: question.value.trim(), seconds: Number(time.value) };
    const no = await session.ask(KINDS[kind].wish, kind === "poll" ? { ...shared, options: filled(), many: many.box.checked, late: late.box.checked } : { ...shared, outcomes: filled() });
    note.textContent = no ? refusal(no) : "";
    if (no) return;
    begin();
    it.close();
  };
  const timeLabel = h("label", { for: "poll-time" });
  const it = sheet({ title: () => t("poll.ask"), kind: "small" }, kinds, lead, h("form", { class: "stack asked-form", onsubmit: ask },
    h("div", { class: "field" }, h("label", { for: "poll-question", text: () => t("poll.question") }), question), answers,
    h("div", { class: "field" }, timeLabel, time), many.el, late.el, note, start));
  session.watch((s) => [s.poll, s.prediction], draw);
  onLanguage(draw);
  begin();
  return {
    open() {
      note.textContent = "";
      it.open();
      question.focus();
    },
  };
}

// What theatre and desk have in common: the screen with its controls, the side with camera and chat.

import { sayAble } from "../core/able.js";
import { h, iconButton } from "../core/dom.js";
import { t } from "../i18n/index.js";
import { About } from "./about.js";
import { Ballot } from "./ballot.js";
import { Called } from "./called.js";
import { Camera } from "./camera.js";
import { Chat } from "./chat.js";
import { Coming } from "./coming.js";
import { Controls } from "./controls.js";
import { Delay } from "./delay.js";
import { Film } from "./film.js";
import { Reached } from "./filmtime.js";
import { Knocks } from "./knocks.js";
import { Live } from "./live.js";
import { moderator } from "./moderate.js";
import { Mirror } from "./mirror.js";
import { Motion } from "./motion.js";
import { Missed } from "./missed.js";
import { listenToKeys } from "./keys.js";
import { Poll } from "./poll.js";
import { Prediction } from "./prediction.js";
import { Reactions } from "./reactions.js";
import { Recap } from "./recap.js";
import { Replay } from "./replay.js";
import { Stage } from "./stage.js";
import { Subtitles } from "./subtitles.js";
import { toastRefusals } from "./toast.js";
import { Tuning } from "./tuning.js";
import { Turn } from "./turn.js";
import { View } from "./view.js";
import { Waiting } from "./waiting.js";
import { Waits } from "../core/waits.js";

/** @import {Session} from "../core/session.js" */
/** @import {Listing} from "../core/listing.js" */

/** @param {{session: Session, listing: Listing, root: HTMLElement, choose: () => void, drawer?: boolean}} world */
export function house({ session, listing, root, choose, drawer = false }) {
  const film = new Film(session, listing);
  sayAble(session, film.video);
  const subtitles = new Subtitles(film);
  const tuning = new Tuning(film);
  const waits = new Waits(session);
  const missed = new Missed(session, film);
  const live = new Live({ session, film, listing });
  const mirror = new Mirror(session);
  const called = new Called(session, mirror);
  const reached = new Reached({ session, film, listing });
  const reactions = new Reactions(session, reached);
  const turn = new Turn(film);
  const stage = new Stage({ session, listing, film, choose }, {
    cues: subtitles.el, notes: [turn.el, live.note, missed.notice, missed.pill], held: new Waiting({ session, film, waits, turn }).el,
  });
  const view = new View(root, film.video, { drawer });
  stage.picture.append(mirror.el, called.el, new Coming({ session, listing }).el, new Motion(session).el, reactions.el);
  const camera = new Camera({ session, film, mirror });
  new Delay(session, camera, mirror);
  const chat = new Chat(session, listing, reactions.button, reached);
  moderator(session).lines(chat.menu);
  chat.el.prepend(new Recap({ session, film, reached }).el, new Replay({ session, film, reached, reactions }).el);
  stage.picture.append(chat.goal.banner);
  const toggle = () => toggleChat(view, chat, root);
  const controls = new Controls({ session, film, listing, live }, { subtitles: subtitles.button, tuning: tuning.button, full: () => view.toggleFull(), chat: toggle });
  stage.picture.addEventListener("dblclick", () => view.toggleFull());
  const screen = h("section", { class: "screen", "aria-label": () => t("film") }, stage.el, controls.el, subtitles.menu, tuning.menu);
  const hide = iconButton("close", () => t("hideChat"), toggle, { class: "side-close" });
  const side = h("aside", { class: "side", "aria-label": () => t("chat") }, hide, camera.el, new Ballot(session, listing).el, new Poll(session).el, new Prediction(session).el, chat.el, reactions.menu, chat.bits.menu);
  unread(chat, view, controls.chat, root);
  listenToKeys({ controls, view, chat: toggle });
  toastRefusals(session);
  const knocks = new Knocks(session);
  (drawer ? screen : side).prepend(knocks.el); // the desk's chat may be in a drawer
  return { film, knocks, mirror, waits, controls, view, chat, screen, side, toggle, about: new About({ session, listing }, controls) };
}

/** Shows the chat and goes to its field; where it can be hidden, hides it. @param {View} view @param {Chat} chat @param {HTMLElement} root */
function toggleChat(view, chat, root) {
  const show = !view.sideOpen || (root.dataset.view === "tall" && !view.covers);
  view.showSide(show);
  if (show) chat.focus();
}

/** A dot on the chat's button while there are lines that nobody has seen, a ring around it when one calls this viewer. @param {Chat} chat @param {View} view @param {HTMLElement|undefined} button @param {HTMLElement} root */
function unread(chat, view, button, root) {
  chat.onLine((calls) => {
    button?.classList.toggle("unread", !view.sideOpen);
    if (calls && !view.sideOpen) button?.classList.add("called");
  });
  root.addEventListener("side", () => view.sideOpen && button?.classList.remove("unread", "called"));
}

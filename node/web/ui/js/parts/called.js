// Being called up: the host asks for one's face, and nothing is turned on without a yes.

import { h, icon } from "../core/dom.js";
import { onStage } from "../core/log.js";
import { t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Mirror} from "./mirror.js" */

export class Called {
  /** @param {Session} session @param {Mirror} mirror */
  constructor(session, mirror) {
    this.el = h("div", { class: "called", role: "alertdialog", hidden: true, "aria-label": () => t("called") }, icon("camera"),
      h("p", { text: () => t("called") }),
      h("div", { class: "acts" }, h("button", { type: "button", class: "plain", onclick: () => session.wish("bow", {}), text: () => t("calledNo") }),
        h("button", { type: "button", class: "primary", onclick: () => mirror.open(), text: () => t("calledYes") })));
    const draw = () => {
      const face = onStage(session.state, session.me.member);
      this.el.hidden = !face || Boolean(face.since) || session.may("broadcast") || mirror.busy;
    };
    session.watch((s) => [s.stage], draw);
    mirror.on("changed", draw);
  }
}

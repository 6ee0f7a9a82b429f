// Why a browser gives no camera at this address, and where it does.

import { h, icon } from "../core/dom.js";
import { offered, secured } from "../core/https.js";
import { t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */

/** @param {Session} session */
export function insecure(session) {
  const host = session.me.role === "host";
  const words = offered()
    ? [h("a", { class: "primary", href: secured(), text: () => t("cameraHttps") }),
      h("p", { class: "hint" }, h("span", { text: () => t("cameraWarns") }), " ", h("a", { href: "/trust", text: () => t("cameraTrust") }))]
    : [h("p", { text: () => t(host ? "cameraStart" : "cameraAskHost") })];
  return h("div", { class: "verdict insecure" }, icon("warning"), h("div", { class: "insecure-words" },
    h("p", { text: () => t("cameraInsecure") }), ...words, h("p", { class: "hint", text: () => t(host ? "cameraLocal" : "cameraNode") })));
}

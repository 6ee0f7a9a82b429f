// The camera's place above the chat. While nobody is on it, it is a calm empty frame.

import { bind, t } from "../i18n/index.js";
import { h, icon } from "../core/dom.js";

export class Camera {
  video = h("video", { playsinline: true, muted: true, tabindex: "-1" });

  constructor() {
    this.video.dataset.part = "camera";
    bind(this.video, () => this.video.setAttribute("aria-label", t("camera")));
    this.el = h("section", { class: "camera", "aria-label": () => t("camera") }, this.video,
      h("div", { class: "camera-empty" }, icon("camera"), h("span", { text: () => t("noCamera") })));
  }
}

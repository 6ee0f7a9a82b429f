// A sheet: a dialog that comes from the side on a wide screen and from below on a phone. The
// browser's own <dialog> keeps the focus inside, and Escape closes it.

import { t } from "../i18n/index.js";
import { h, iconButton } from "./dom.js";

/**
 * @param {{title: () => string, kind?: string, onclose?: () => void}} what
 * @param {...(Node|null|false)} body
 */
export function sheet({ title, kind = "side", onclose = () => {} }, ...body) {
  const heading = h("h2", { text: title });
  const head = h("header", { class: "sheet-head" }, heading, iconButton("close", () => t("close"), () => el.close()));
  const inside = h("div", { class: "sheet-body" }, ...body.filter((b) => b instanceof Node));
  const el = h("dialog", { class: `sheet sheet-${kind}`, "aria-label": title, onclose }, head, inside);
  el.addEventListener("pointerdown", (e) => e.target === el && el.close());
  document.body.append(el);
  return {
    el, inside, heading,
    open() {
      if (!el.open) el.showModal();
      inside.scrollTop = 0;
    },
    close: () => el.close(),
  };
}

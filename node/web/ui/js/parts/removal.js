// Showing somebody the door asks twice. Which person was asked about is kept here and not in the
// button, because the list around it is drawn anew whenever anybody comes or goes.

import { fill, h, icon } from "../core/dom.js";
import { t } from "../i18n/index.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member} from "../core/types.js" */

export class Removal {
  #session;
  #sure = "";

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  forget() {
    this.#sure = "";
  }

  /** @param {Member} m @param {string} sort class of the button */
  button(m, sort) {
    const button = h("button", { type: "button", class: `${sort} danger`, "data-key": `remove ${m.id}` });
    const draw = () => {
      const sure = this.#sure === m.id;
      if (sure) button.dataset.sure = "yes";
      button.setAttribute("aria-label", `${t(sure ? "removeSure" : "remove")}: ${m.name}`);
      fill(button, (sure || sort !== "small") && icon(sure ? "warning" : "door"), h("span", { text: t(sure ? "removeSure" : "remove") }));
    };
    button.addEventListener("click", () => {
      if (this.#sure === m.id) return void this.#session.wish("remove", { member: m.id });
      this.#sure = m.id;
      draw();
    });
    draw();
    return button;
  }
}

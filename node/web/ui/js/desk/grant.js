// The form for what the host knows of a person: region, age rating, memberships. Only what was
// changed is sent; what somebody is typing stays when a fact arrives; "Saved" means that it is.

import { fill, h, icon } from "../core/dom.js";
import { refusal, t } from "../i18n/index.js";
import { readTiers, writeTiers } from "./tiers.js";

/** @import {Session} from "../core/session.js" */
/** @import {Member} from "../core/types.js" */

/** @typedef {{region: string, tiers: string, rating: string}} Texts */

/** @param {Member} m @returns {Texts} */
function textsOf(m) {
  return { region: m.region ?? "", tiers: writeTiers(m.tiers), rating: String(m.rating ?? 0) };
}

export class Grant {
  #session; #member; #inputs; #save; #wrong; #note;
  /** @type {Texts} as it is known, which is what the fields said before anybody typed */
  #known;

  /** @param {Session} session @param {Member} m */
  constructor(session, m) {
    this.#session = session;
    this.#member = m;
    this.#known = textsOf(m);
    const { region, tiers, rating } = this.#known;
    this.#inputs = {
      region: h("input", { id: "grant-region", type: "text", maxlength: "2", minlength: "2", pattern: "[A-Za-z]{2}", required: Boolean(region), autocapitalize: "characters", value: region, class: "region-field" }),
      tiers: h("input", { id: "grant-tiers", type: "text", autocapitalize: "none", autocomplete: "off", spellcheck: "false", value: tiers, "aria-describedby": "grant-wrong" }),
      rating: h("input", { id: "grant-rating", type: "number", min: "0", max: "21", required: true, value: rating, class: "region-field" }),
    };
    this.#wrong = h("p", { class: "trouble", id: "grant-wrong", role: "alert" });
    this.#note = h("p", { class: "trouble", role: "alert" });
    this.#save = h("button", { type: "submit", class: "plain" });
    this.#face(false);
    const field = (/** @type {HTMLElement} */ input, /** @type {string} */ label, /** @type {string} */ hint, /** @type {HTMLElement|null} */ wrong = null) =>
      h("div", { class: "field" }, h("label", { for: input.id, text: t(label) }), input, wrong, h("p", { class: "hint", text: t(hint) }));
    this.el = h("form", { class: "grant", oninput: () => this.#face(false), onsubmit: (/** @type {Event} */ e) => this.#submit(e) },
      h("div", { class: "field-pair" }, field(this.#inputs.region, "region", "regionHint"), field(this.#inputs.rating, "rating", "ratingHint")),
      field(this.#inputs.tiers, "memberships", "untilHint", this.#wrong), this.#note, this.#save);
  }

  /** New facts: into the fields that nobody has touched. @param {Member} m */
  update(m) {
    const now = textsOf(m);
    for (const key of /** @type {(keyof Texts)[]} */ (Object.keys(now))) {
      if (this.#inputs[key].value === this.#known[key]) this.#inputs[key].value = now[key];
    }
    this.#known = now;
    this.#member = m;
  }

  /** @param {boolean} saved */
  #face(saved) {
    fill(this.#save, saved && icon("check"), t(saved ? "saved" : "grantSave"));
  }

  /** @param {string} text @param {string} [wrong] */
  #say(text, wrong = "") {
    this.#note.textContent = text;
    this.#wrong.textContent = wrong;
    this.#inputs.tiers.setAttribute("aria-invalid", String(Boolean(wrong)));
  }

  /** @param {Event} e */
  async #submit(e) {
    e.preventDefault();
    this.#say("");
    const typed = { region: this.#inputs.region.value, tiers: this.#inputs.tiers.value, rating: this.#inputs.rating.value };
    const { tiers, wrong, part } = readTiers(typed.tiers, this.#member.tiers);
    const other = (/** @type {keyof Texts} */ key) => typed[key] !== this.#known[key];
    if (wrong && other("tiers")) {
      this.#say("", t(wrong, { part }));
      return this.#inputs.tiers.focus();
    }
    const changed = {
      ...(other("region") && typed.region ? { region: typed.region.toUpperCase() } : {}),
      ...(other("tiers") ? { tiers } : {}),
      ...(other("rating") ? { rating: Number(typed.rating) } : {}),
    };
    const no = Object.keys(changed).length ? await this.#ask(changed) : null;
    if (no) return this.#say(refusal(no));
    this.#face(true);
  }

  /** @param {Record<string, any>} changed */
  async #ask(changed) {
    this.#save.disabled = true;
    const no = await this.#session.ask("grant", { member: this.#member.id, ...changed });
    this.#save.disabled = false;
    const now = !no && this.#session.state.members[this.#member.id];
    if (!now) return no;
    const fresh = textsOf(now);
    for (const key of /** @type {(keyof Texts)[]} */ (Object.keys(changed))) this.#inputs[key].value = fresh[key];
    this.update(now);
    return null;
  }
}

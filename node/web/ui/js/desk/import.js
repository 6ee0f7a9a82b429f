// Reads in the chat of an evening that was exported, here or in another house, as `watchparty history import` does.

import { post } from "../core/api.js";
import { fill, h } from "../core/dom.js";
import { day } from "../core/format.js";
import { sheet } from "../core/sheet.js";
import { onLanguage, refusal, t } from "../i18n/index.js";

/** @import {Listing} from "../core/listing.js" */

const LARGEST = 64 << 20; // bytes, as the host allows

/** What the file holds, to the byte: a mark at its beginning too, as the program reads it. @param {Blob} file */
const textOf = async (file) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(await file.arrayBuffer());

/** The file's name without its ending. @param {string} name */
export const plainName = (name) => name.replace(/\.[^.]*$/, "") || name;

/** @param {any} no */
const why = ({ code, reason }) => refusal({ code, reason, kind: "import" });

/** @param {Listing} listing @param {() => void} done */
export function importSheet(listing, done) {
  let text = "", busy = false;
  const file = h("input", { id: "import-file", type: "file", accept: ".json,.vtt,application/json,text/vtt", required: true, onchange: () => chosen() });
  const name = h("input", { id: "import-name", type: "text", maxlength: "32", autocomplete: "off" });
  const date = h("input", { id: "import-date", type: "date" });
  const title = h("select", { id: "import-title" });
  const note = h("p", { class: "trouble", role: "alert" });
  const made = h("p", { class: "hint", role: "status" });
  const go = h("button", { type: "submit", class: "primary wide", text: () => t("import.go") });
  const field = (/** @type {HTMLElement} */ input, /** @type {string} */ key) => h("div", { class: "field" }, h("label", { for: input.id, text: () => t(key) }), input);
  const more = h("div", { class: "stack", hidden: true }, h("p", { class: "hint", text: () => t("import.vtt") }), field(name, "import.name"), field(date, "import.date"), field(title, "import.title"));

  const chosen = async () => {
    const one = file.files?.[0];
    fill(note);
    fill(made);
    text = "";
    more.hidden = true;
    if (!one) return;
    if (one.size > LARGEST) return fill(note, t("import.long"));
    const read = await textOf(one).catch(() => "");
    if (one !== file.files?.[0]) return;
    text = read;
    more.hidden = text.trimStart().startsWith("{");
    name.value = plainName(one.name);
    title.value = date.value = "";
  };
  const submit = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (busy || !text) return;
    busy = go.disabled = true;
    fill(note);
    try {
      const past = await post("/api/history", { file: text, ...(more.hidden ? {} : { name: name.value.trim(), date: date.value, title: title.value }) });
      fill(made, t("import.done", { name: past.name, day: day(Date.parse(past.opened)) }));
      form.reset();
      text = "";
      more.hidden = true;
      done();
    } catch (no) {
      fill(note, why(no));
    }
    busy = go.disabled = false;
  };
  const draw = () => {
    const was = title.value;
    fill(title, h("option", { value: "", text: t("import.noted") }), ...listing.titles.map((x) => h("option", { value: x.id, text: listing.name(x.id) })));
    title.value = was;
  };
  const form = h("form", { class: "stack asked-form", onsubmit: submit }, field(file, "import.file"), more, note, made, go);
  const it = sheet({ title: () => t("import"), kind: "small" }, h("p", { class: "lead", text: () => t("import.lead") }), form);
  listing.on("changed", draw);
  onLanguage(draw);
  return {
    open() {
      fill(made);
      fill(note);
      draw();
      it.open();
    },
  };
}

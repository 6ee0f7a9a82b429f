// What the house's certificate is, and the two ways past a browser's warning.

import { get } from "./core/api.js";
import { fill, find, h, icon } from "./core/dom.js";
import { secured } from "./core/https.js";
import { announce, t } from "./i18n/index.js";
import { languageSwitch } from "./parts/language.js";

announce();
const words = (/** @type {string} */ key) => h("p", { text: () => t(key) });
const fingerprint = h("p", { class: "fingerprint", "aria-live": "polite" });
const open = location.protocol === "https:"
  ? h("a", { class: "primary", href: "/", text: () => t("trustBack") })
  : h("a", { class: "primary", href: secured("/"), text: () => t("cameraHttps") });

find("#trust").append(h("main", { class: "trust" },
  h("p", { class: "wordmark" }, icon("mark"), "watchparty"),
  h("h1", { text: () => t("trustTitle") }), words("trustLead"),
  h("section", {}, h("h2", { text: () => t("trustOn") }), words("trustOnHow"), open),
  h("section", {}, h("h2", { text: () => t("trustKnow") }), words("trustKnowHow"),
    h("div", { class: "field" }, h("span", { class: "label", text: () => t("fingerprint") }), fingerprint),
    h("a", { class: "plain", href: "/trust/watchparty.crt", text: () => t("trustTake") }),
    h("dl", {}, ...["Apple", "Android", "Computer"].flatMap((on) => [h("dt", { text: () => t(`trust${on}`) }), h("dd", { text: () => t(`trust${on}How`) })]))),
  h("section", {}, h("h2", { text: () => t("trustMeans") }), words("trustMeansWhat")),
  languageSwitch()));

const said = await get("/api/trust").catch(() => null);
fill(fingerprint, ...(said ? said.fingerprint.split(/(?<=:)/).flatMap((/** @type {string} */ pair) => [pair, h("wbr")]) : [t("WP-OFFLINE")]));

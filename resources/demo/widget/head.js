// The top of every screen at a bank: its logo, what to do, and through whom.

import { h, logo } from "./dom.js";

export const PROVIDERS = { PLAID: "Plaid", MX: "MX", FINICITY: "Finicity", SALTEDGE: "Salt Edge", SALTEDGEPARTNERS: "Salt Edge Partners" };

export function head(choice, title, text) {
  return h("div", { class: "head" }, logo(choice.institution, "big"),
    h("div", {}, h("h1", { tabindex: "-1" }, title), h("p", { class: "soft small" }, text)));
}

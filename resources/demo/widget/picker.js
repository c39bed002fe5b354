// The bank picker: search, list or tiles, and advice when nothing is left.

import { h, logo, say, svg } from "./dom.js";
import { heading, tiles } from "./look.js";
import { findBanks } from "./server.js";

export function pickerScreen(flow, query) {
  const list = h("ul", { class: tiles ? "banks tiles" : "banks", role: "list", "aria-label": "Banks" });
  const search = h("input", {
    type: "search", id: "search", value: query, placeholder: "Search for your bank", autocomplete: "off", spellcheck: "false",
    "aria-label": "Search for your bank", "data-first": true,
  });
  let asked = 0;

  async function refresh() {
    const mine = ++asked;
    let found;
    try {
      found = await findBanks(search.value);
    } catch (refusal) {
      flow.fail(refusal);
      return;
    }
    if (mine !== asked) return;
    const banks = found.institutions;
    list.replaceChildren(...banks.map((bank) => row(flow, bank)));
    if (found.remaining) list.append(h("li", { class: "empty soft small" }, `${found.remaining} more. Type a part of the name.`));
    if (!banks.length) list.append(nothing(flow.session, search, refresh));
    say(banks.length ? `${found.count + found.remaining} banks` : "No bank found");
  }

  search.addEventListener("input", refresh);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    list.querySelector("button.bank")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...list.querySelectorAll("button.bank")];
    (all[all.indexOf(document.activeElement) + step] ?? (step < 0 ? search : all.at(-1)))?.focus();
  });
  refresh();
  return h("section", { class: "screen" },
    h("h1", { tabindex: "-1" }, heading),
    h("div", { class: "search", role: "search" }, svg("M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4"), search),
    list);
}

function row(flow, bank) {
  const notes = [bank.redirects ? "opens the bank's own page" : bank.subName, bank.isTest ? "test bank" : ""];
  const button = h("button", { type: "button", class: "bank", onclick: () => flow.choose(bank) },
    logo(bank),
    h("span", { class: "who" }, h("span", { class: "name" }, bank.name), h("span", { class: "note" }, notes.filter(Boolean).join(", "))));
  return h("li", {}, button);
}

function nothing(session, search, refresh) {
  const { products, regions, redirects } = session.filtered;
  const reasons = [
    products ? `offer all ${products === 1 ? "of the 1 required product" : `${products} required products`}` : "",
    regions ? "serve the chosen regions" : "",
    redirects ? "do not open a page of their own" : "",
  ].filter(Boolean);
  const clear = () => {
    search.value = "";
    search.focus();
    refresh();
  };
  return h("li", { class: "empty" },
    h("b", {}, search.value ? `No bank found for “${search.value}”` : "No bank fits this link"),
    search.value && h("p", { class: "soft small" }, "Check the spelling, or try the bank's short name or web address."),
    reasons.length && h("p", { class: "soft small" }, `This link only shows banks that ${reasons.join(" and ")}. Ask for a link with fewer required products or without regions.`),
    search.value && h("button", { type: "button", class: "link", onclick: clear }, "Clear the search"));
}

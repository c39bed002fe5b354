// Which accounts to share, and the consent.

import { h } from "./dom.js";
import { head } from "./head.js";
import { complete } from "./server.js";

const PRODUCTS = {
  BALANCES: "balances", IDENTIFIERS: "account and routing numbers", INVESTMENT_HOLDINGS: "investment holdings",
  INVESTMENT_TRANSACTIONS: "investment transactions", OWNERS: "the owners' names and addresses", TRANSACTIONS: "transactions",
};

function money(account) {
  return new Intl.NumberFormat("en", { style: "currency", currency: account.currency }).format(Number(account.balance));
}

export function accountsScreen(flow, choice, accounts) {
  const trouble = h("div", { class: "wrong", role: "alert", hidden: true });
  const boxes = accounts.map((account) => {
    const box = h("input", { type: "checkbox", value: account.id });
    box.checked = true;
    return box;
  });
  const rows = accounts.map((account, index) => h("li", {}, h("label", { class: "account" }, boxes[index],
    h("span", { class: "who" }, h("span", { class: "name" }, account.name), h("span", { class: "soft small" }, `•••• ${account.mask}`)),
    h("span", { class: "sum" }, money(account)))));
  const button = h("button", { type: "submit", class: "main" }, "Agree and connect");

  async function submit(event) {
    event.preventDefault();
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    if (!chosen.length) {
      trouble.textContent = "Choose at least one account.";
      trouble.hidden = false;
      boxes[0].focus();
      return;
    }
    button.disabled = true;
    try {
      flow.finish(choice, await complete(chosen));
    } catch (refusal) {
      flow.fail(refusal);
    } finally {
      button.disabled = false;
    }
  }

  const seen = flow.session.products.map((name) => PRODUCTS[name] ?? name);
  return h("section", { class: "screen" },
    head(choice, "Choose your accounts", choice.institution.name),
    h("form", { onsubmit: submit, novalidate: true },
      trouble,
      h("ul", { class: "accounts", role: "list", "aria-label": "Accounts" }, rows),
      h("p", { class: "consent small" }, h("b", {}, "What is shared: "), `${new Intl.ListFormat("en").format(seen)}. You can end the sharing at your bank at any time.`),
      h("div", { class: "foot held" }, button)));
}

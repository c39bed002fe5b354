// A bank or provider that does not let the customer in, and the ways on from there.

import { h } from "./dom.js";
import { head, PROVIDERS } from "./head.js";
import { paint, retryColours } from "./look.js";

export const NO_ACCOUNTS = { code: "NO_ELIGIBLE_ACCOUNTS", message: "The login has no eligible account" };

const WORDS = {
  INSTITUTION_CURRENTLY_UNAVAILABLE: ["This bank cannot be reached", (bank) => `${bank} is out of order at the moment. Try again later, or another way.`],
  SERVICE_PROVIDER_INITIALIZATION_FAILURE: ["This login could not be opened", (bank, provider) => `${provider} could not start the login to ${bank}.`],
  NO_ELIGIBLE_ACCOUNTS: ["No account to connect", (bank) => `The login worked, but ${bank} has no account that can be connected.`],
};

export function failedScreen(flow, choice, trouble) {
  const bank = choice.institution.name;
  const provider = PROVIDERS[choice.serviceProvider] ?? choice.serviceProvider;
  const [title, text] = WORDS[trouble.code] ?? ["That did not work", () => `${trouble.message}.`];
  return h("section", { class: "screen" },
    head(choice, title, `Through ${provider}`),
    h("div", { class: "wrong", role: "alert" }, text(bank, provider)),
    h("div", { class: "foot" }, otherWays(flow, choice),
      h("button", { type: "button", class: "plain", onclick: () => flow.choose(choice.institution, choice.serviceProvider) }, "Try again")));
}

// After a failure: another provider for the same bank, or another bank, in the colours the link asks for. A repair
// stays with its bank and provider.
export function otherWays(flow, choice) {
  if (flow.session.isRepair) return [];
  const others = choice.otherAvailableServiceProviders;
  const elsewhere = () => flow.pick("");
  if (others === null) return [h("button", { type: "button", class: "plain", onclick: elsewhere }, "Choose another bank")];
  return [
    ...others.map((name) => paint(
      h("button", { type: "button", class: "plain", onclick: () => flow.choose(choice.institution, name) }, `Try through ${PROVIDERS[name] ?? name}`),
      retryColours.provider)),
    paint(h("button", { type: "button", class: "plain", onclick: elsewhere }, "Choose another bank"), retryColours.bank),
  ];
}

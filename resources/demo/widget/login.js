// At the bank, inside the widget: password, then perhaps a code.

import { h } from "./dom.js";
import { problem } from "./host.js";
import { NO_ACCOUNTS, otherWays } from "./failed.js";
import { head, PROVIDERS } from "./head.js";
import { enterCode, logIn } from "./server.js";

export function loginScreen(flow, choice) {
  const { hint } = choice;
  const username = h("input", { type: "text", id: "username", autocomplete: "off", autocapitalize: "none", spellcheck: "false", "data-first": true });
  const password = h("input", { type: "password", id: "password", autocomplete: "off" });
  const eye = h("button", { type: "button", class: "link", "aria-pressed": "false" }, "Show");
  eye.addEventListener("click", () => {
    const hidden = password.type === "password";
    password.type = hidden ? "text" : "password";
    eye.textContent = hidden ? "Hide" : "Show";
    eye.setAttribute("aria-pressed", String(hidden));
  });
  const fill = () => {
    [username.value, password.value] = [hint.username, hint.password];
    button.focus();
  };
  const trouble = h("div", { class: "wrong", role: "alert", id: "trouble", hidden: true });
  const retry = h("div", { class: "retry", hidden: true });
  const button = h("button", { type: "submit", class: "main" }, "Continue");

  async function submit(event) {
    event.preventDefault();
    if (!username.value || !password.value) {
      refuse("Enter your username and your password.", username.value ? password : username);
      return;
    }
    button.disabled = true;
    try {
      const answer = await logIn(username.value, password.value);
      if (answer.outcome === "code") flow.askCode(choice);
      else if (answer.outcome === "accounts") flow.chooseAccounts(choice, answer.accounts);
      else if (answer.outcome === "none") flow.failed(choice, NO_ACCOUNTS);
      else {
        problem("INVALID_CREDENTIALS", `${choice.institution.name} did not accept the login`);
        password.value = "";
        refuse("The bank did not accept this username and password. Check both and try again.", password);
        retry.replaceChildren(...otherWays(flow, choice));
        retry.hidden = false;
      }
    } catch (refusal) {
      flow.fail(refusal);
    } finally {
      button.disabled = false;
    }
  }

  function refuse(text, field) {
    trouble.textContent = text;
    trouble.hidden = false;
    for (const input of [username, password]) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", "trouble");
    }
    field.focus();
  }

  return h("section", { class: "screen" },
    head(choice, choice.isReconnect ? `Log in to ${choice.institution.name} again` : `Log in to ${choice.institution.name}`, `Through ${PROVIDERS[choice.serviceProvider] ?? choice.serviceProvider}`),
    h("form", { onsubmit: submit, novalidate: true },
      trouble,
      h("div", { class: "field" }, h("label", { for: "username" }, "Username"), username),
      h("div", { class: "field" }, h("label", { for: "password" }, "Password"), h("div", { class: "secret" }, password, eye)),
      h("div", { class: "hint" }, h("span", {}, "Demo login: ", h("code", {}, hint.username), " / ", h("code", {}, hint.password)),
        h("button", { type: "button", class: "link", onclick: fill }, "Fill in")),
      h("div", { class: "foot" }, button, retry)));
}

export function codeScreen(flow, choice) {
  const code = h("input", { type: "text", id: "code", inputmode: "text", autocomplete: "one-time-code", spellcheck: "false", "data-first": true });
  const trouble = h("div", { class: "wrong", role: "alert", id: "trouble", hidden: true });
  const button = h("button", { type: "submit", class: "main" }, "Confirm");
  const fill = () => {
    code.value = choice.hint.code;
    button.focus();
  };

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const answer = await enterCode(code.value);
      if (answer.outcome === "accounts") flow.chooseAccounts(choice, answer.accounts);
      else if (answer.outcome === "none") flow.failed(choice, NO_ACCOUNTS);
      else {
        problem("INVALID_MFA", `${choice.institution.name} did not accept the security code`);
        trouble.textContent = "The bank did not accept this code. Try again.";
        trouble.hidden = false;
        code.setAttribute("aria-invalid", "true");
        code.setAttribute("aria-describedby", "trouble");
        code.select();
        code.focus();
      }
    } catch (refusal) {
      flow.fail(refusal);
    } finally {
      button.disabled = false;
    }
  }

  return h("section", { class: "screen" },
    head(choice, "Enter your security code", `${choice.institution.name} wants to be sure that it is you`),
    h("form", { onsubmit: submit, novalidate: true },
      trouble,
      h("div", { class: "field" }, h("label", { for: "code" }, "Security code"), code),
      h("div", { class: "hint" }, h("span", {}, "Demo code: ", h("code", {}, choice.hint.code)),
        h("button", { type: "button", class: "link", onclick: fill }, "Fill in")),
      h("div", { class: "foot" }, button)));
}

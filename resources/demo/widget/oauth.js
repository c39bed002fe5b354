// The bank's own login window. It tells the widget how it went and closes itself.

import { colourOf, h, logo, say } from "./dom.js";

const state = new URLSearchParams(location.search).get("state") ?? "";
const widgetOrigin = `${location.protocol}//${location.hostname === "localhost" ? "127.0.0.1" : "localhost"}:${location.port}`;
const main = document.getElementById("screen");

async function post(path, values = {}) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ state, ...values }) });
  if (!answer.ok) throw new Error("over");
  return answer.json();
}

function show(...parts) {
  main.replaceChildren(h("section", { class: "screen" }, parts));
  say(main.querySelector("h1")?.textContent ?? "");
  (main.querySelector("[data-first]") ?? main.querySelector("h1"))?.focus();
}

function over(title, text) {
  show(h("div", { class: "ending" }, h("h1", { tabindex: "-1" }, title), h("p", { class: "soft" }, text)));
}

function goBack(outcome) {
  window.opener?.postMessage({ source: "meld-demo-bank", outcome }, widgetOrigin);
  over("Thank you", "You can close this window and go back.");
  window.close();
}

async function refuse() {
  await post("/oauth/answer", { allow: false });
  goBack("refused");
}

function form(title, text, fields, hint, label) {
  const trouble = h("div", { class: "wrong", role: "alert", hidden: true });
  const button = h("button", { type: "submit", class: "main" }, label);
  const inputs = fields.map(({ id, type }, index) => h("input", { id, type, autocomplete: "off", autocapitalize: "none", spellcheck: "false", "data-first": index === 0 }));
  const fill = () => {
    inputs.forEach((input, index) => { input.value = fields[index].demo; });
    button.focus();
  };

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const values = Object.fromEntries(inputs.map((input) => [input.id, input.value]));
      const { outcome } = await post("/oauth/answer", { allow: true, ...values });
      if (outcome === "accounts") goBack("allowed");
      else if (outcome === "none") goBack("none");
      else if (outcome === "code") askCode();
      else {
        trouble.textContent = "That is not right. Check what you entered and try again.";
        trouble.hidden = false;
        inputs.at(-1).focus();
      }
    } catch {
      over("This login is over", "Close this window and go back.");
    } finally {
      button.disabled = false;
    }
  }

  show(h("h1", { tabindex: "-1" }, title), h("p", { class: "soft" }, text),
    h("form", { onsubmit: submit, novalidate: true }, trouble,
      fields.map(({ id, label: name }, index) => h("div", { class: "field" }, h("label", { for: id }, name), inputs[index])),
      h("div", { class: "hint" }, h("span", {}, hint.map((part, index) => (index % 2 ? h("code", {}, part) : part))), h("button", { type: "button", class: "link", onclick: fill }, "Fill in")),
      h("div", { class: "foot" }, button, h("button", { type: "button", class: "plain", onclick: refuse }, "Refuse"))));
}

let login;
function askLogin() {
  form("Sign in", "Meld Desktop asks to see your accounts.", [
    { id: "username", type: "text", label: "Username", demo: login.username },
    { id: "password", type: "password", label: "Password", demo: login.password },
  ], ["Demo login: ", login.username, " / ", login.password], "Sign in and allow");
}

function askCode() {
  form("Security code", "One more step to be sure that it is you.", [{ id: "code", type: "text", label: "Security code", demo: login.code }], ["Demo code: ", login.code], "Confirm and allow");
}

try {
  const { institution, hint } = await post("/oauth/bank");
  login = hint;
  document.title = institution.name;
  document.body.style.setProperty("--house", colourOf(institution));
  document.getElementById("house").replaceChildren(logo(institution), h("b", {}, institution.name));
  askLogin();
} catch {
  over("This login is over", "Close this window and go back.");
}

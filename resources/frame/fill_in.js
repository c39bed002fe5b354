// Finds the login form of a document and fills it in. Runs in an isolated world of every document, frames too:
// login.find() says what is there, login.fill(values) writes into it and says which fields got a value.
(() => {
  "use strict";
  if (globalThis.login) return;

  const TYPES = new Set(["text", "email", "tel", "number", "password"]);
  const CODE = /one-time|otp|\bmfa|2fa|passcode|(security|verification|access|sms|auth\w*|login|confirmation)[\s_-]*(code|token)|^(code|token)$|\b(enter|your) (the )?code/i;
  const USER = /user|login|e-?mail|customer|member|account[\s_-]*(name|id)|\bid\b|sign[\s_-]*in|benutzer|identif/i;

  function* inputs(root) {
    for (const element of root.querySelectorAll("*")) {
      if (element.localName === "input") yield element;
      if (element.shadowRoot) yield* inputs(element.shadowRoot);
    }
  }

  // A form that fades in is seen, a single field nobody can see is a trap for robots.
  const isUsable = (input) => {
    const { width, height } = input.getBoundingClientRect();
    return TYPES.has(input.type) && !input.disabled && !input.readOnly && width > 4 && height > 4
      && input.checkVisibility({ visibilityProperty: true }) && getComputedStyle(input).opacity !== "0";
  };

  const labelOf = (input) => [...(input.labels ?? [])].map((label) => label.textContent).join(" ");

  const isAbout = (input, pattern) =>
    [input.autocomplete, input.name, input.id, input.placeholder, input.getAttribute("aria-label") ?? "", labelOf(input)]
      .some((text) => pattern.test(text.trim()));

  // A code that is entered one character a box.
  const boxesOf = (code, all) => {
    if (code.maxLength !== 1) return [code];
    return all.filter((input) => input.maxLength === 1 && input.form === code.form);
  };

  // The fields of the login form by what they are for, or null.
  function find() {
    const all = [...inputs(document)].filter(isUsable);
    const code = all.find((input) => isAbout(input, CODE)) ?? (all.filter((input) => input.maxLength === 1).length >= 4
      ? all.find((input) => input.maxLength === 1) : undefined);
    const passwords = all.filter((input) => input.type === "password" && input !== code && input.maxLength !== 1 && !isAbout(input, CODE));
    const current = passwords.filter((input) => input.autocomplete !== "new-password");
    if (passwords.length > 1 && passwords.filter((input) => input.autocomplete === "current-password").length !== 1) return null; // a form to sign up, or to change it
    const password = passwords.find((input) => input.autocomplete === "current-password") ?? current[0];
    if (passwords.length > 0 && !password) return null;
    const texts = all.filter((input) => input.type !== "password" && input !== code && input.maxLength !== 1);
    const named = texts.find((input) => /username|email/.test(input.autocomplete)) ?? texts.find((input) => isAbout(input, USER));
    let username = named;
    if (password) {
      const before = texts.filter((input) => input.form === password.form
        && input.compareDocumentPosition(password) & Node.DOCUMENT_POSITION_FOLLOWING);
      username = before.includes(named) ? named : before.at(-1);
    } else if (code) username = undefined;
    if (!password && !code && !username) return null;
    return { username: username ? [username] : [], password: password ? [password] : [], code: code ? boxesOf(code, all) : [] };
  }

  function deepActive() {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active;
  }

  function look() {
    const form = find();
    if (!form) return { form: false, focused: false };
    const fields = Object.values(form).flat();
    const active = deepActive();
    const focused = fields.includes(active) || fields.some((field) => field.form && field.form === active?.form);
    return { form: true, focused };
  }

  function write(input, text) {
    input.focus({ preventScroll: false });
    input.value = text; // in an isolated world the native setter, whatever a framework of the page put in its place
    input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertText", data: text }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function fill(values) {
    const form = find();
    const filled = [];
    for (const [name, fields] of Object.entries(form ?? {})) {
      const value = values[name];
      if (!value || fields.length === 0) continue;
      if (fields.length === 1) write(fields[0], value);
      else [...value].slice(0, fields.length).forEach((character, index) => write(fields[index], character));
      filled.push(name);
    }
    return { filled };
  }

  globalThis.login = { find: look, fill };
})();

// Banks that want the login in a window of their own, on an origin of their own.

import { h } from "./dom.js";
import { debug, problem } from "./host.js";
import { NO_ACCOUNTS, otherWays } from "./failed.js";
import { head } from "./head.js";
import { popupState, tell } from "./server.js";

const bankOrigin = `${location.protocol}//${location.hostname === "localhost" ? "127.0.0.1" : "localhost"}:${location.port}`;

export function popupScreen(flow, choice) {
  let popup = null;
  let timer = 0;
  const bank = choice.institution.name;
  const trouble = h("div", { class: "wrong", role: "alert", hidden: true });
  const waiting = h("div", { class: "ending", hidden: true },
    h("span", { class: "spinner", "aria-hidden": "true" }), h("p", { class: "soft", role: "status" }, `Go on in the window of ${bank}. This page continues by itself.`));
  const retry = h("div", { class: "retry", hidden: true });
  const button = h("button", { type: "button", class: "main", onclick: open, "data-first": true }, `Continue to ${bank}`);

  function open() {
    popup?.close();
    popup = window.open(bankOrigin + choice.url, "meld-demo-bank", "popup,width=480,height=700");
    if (!popup) {
      problem("POPUP_BLOCKED", "The bank's window could not be opened");
      tell("POPUP_BLOCKED");
      stop("The bank's window was blocked. Allow windows for this page and try again.");
      return;
    }
    debug("bank window opened");
    trouble.hidden = true;
    retry.hidden = true;
    waiting.hidden = false;
    button.textContent = "Open the window again";
    clearInterval(timer);
    timer = setInterval(look, 700);
  }

  function stop(text) {
    clearInterval(timer);
    trouble.textContent = text;
    trouble.hidden = false;
    waiting.hidden = true;
    retry.replaceChildren(...otherWays(flow, choice));
    retry.hidden = false;
    button.textContent = "Try again";
  }

  let asking = false;
  async function look() {
    if (asking) return;
    asking = true;
    const closed = popup?.closed;
    try {
      const answer = await popupState();
      if (answer.outcome === "accounts") {
        away();
        debug("bank window finished");
        flow.chooseAccounts(choice, answer.accounts);
      } else if (answer.outcome === "none") {
        away();
        flow.failed(choice, NO_ACCOUNTS);
      } else if (answer.outcome === "refused") {
        popup?.close();
        problem("ACCESS_DENIED", `Access was refused at ${bank}`);
        stop("You refused access at the bank. You can try again.");
      } else if (closed) {
        debug("bank window closed");
        stop("The bank's window was closed before you finished.");
      }
    } catch (refusal) {
      away();
      flow.fail(refusal);
    } finally {
      asking = false;
    }
  }

  function heard(event) {
    if (event.origin === bankOrigin && event.source === popup && event.data?.source === "meld-demo-bank") look();
  }

  function away() {
    clearInterval(timer);
    window.removeEventListener("message", heard);
    popup?.close();
  }

  window.addEventListener("message", heard);
  flow.main.addEventListener("screengone", away, { once: true });
  return h("section", { class: "screen" },
    head(choice, `Log in at ${bank}`, "A window of the bank opens. Come back here afterwards."),
    trouble, waiting, h("div", { class: "foot" }, button, retry));
}

// The flow: picker, login, code, accounts, success. Every screen is a function that returns an element.

import { h, say } from "./dom.js";
import { debug, emit, problem } from "./host.js";
import * as look from "./look.js";
import * as server from "./server.js";
import { accountsScreen } from "./accounts.js";
import { finished, goneScreen, leftScreen, unusableScreen } from "./endings.js";
import { failedScreen } from "./failed.js";
import { codeScreen, loginScreen } from "./login.js";
import { pickerScreen } from "./picker.js";
import { popupScreen } from "./popup.js";

const main = document.getElementById("screen");
const back = document.getElementById("back");
const leave = document.getElementById("leave");
const dialog = document.getElementById("leaving");
let session = null;
let goBack = null;
let ended = false;

function show(screen, { backTo = null, focus = true } = {}) {
  main.dispatchEvent(new Event("screengone"));
  main.replaceChildren(screen);
  main.scrollTop = 0;
  goBack = backTo;
  back.hidden = backTo === null;
  leave.hidden = ended;
  const heading = screen.querySelector("h1");
  say(heading?.textContent ?? "");
  if (focus) (screen.querySelector("[data-first]") ?? heading)?.focus();
}

const flow = {
  main,
  get session() { return session; },

  pick(query = session.institutionSearchString, focus = true) {
    show(pickerScreen(flow, query), { focus });
  },

  async choose(bank, provider = "") {
    try {
      const choice = await server.chooseBank(bank.id, provider);
      debug(`institution selected: ${bank.name} through ${choice.serviceProvider}`);
      const [trouble] = choice.serviceProviderInitializationErrors;
      if (trouble) flow.failed(choice, trouble);
      else flow.logIn(choice);
    } catch (refusal) {
      flow.fail(refusal);
    }
  },

  logIn(choice) {
    const screen = choice.redirects ? popupScreen(flow, choice) : loginScreen(flow, choice);
    show(screen, { backTo: session.institution ? null : () => flow.pick() });
    if (session.customerLeaves) customerLeaves();
  },

  failed(choice, trouble) {
    problem(trouble.code, trouble.message);
    show(failedScreen(flow, choice, trouble));
  },

  askCode(choice) {
    show(codeScreen(flow, choice), { backTo: () => flow.logIn(choice) });
  },

  chooseAccounts(choice, accounts) {
    show(accountsScreen(flow, choice, accounts));
  },

  finish(choice, metadata) {
    ended = true;
    dialog.close();
    emit("connect_complete", metadata);
    show(finished(flow, choice, metadata));
  },

  end(screen) {
    ended = true;
    dialog.close();
    show(screen);
  },

  fail(refusal) {
    problem(refusal.code ?? "INTERNAL_FAILURE", refusal.message);
    if (["TOKEN_EXPIRED", "TOKEN_USED", "TOKEN_INVALID"].includes(refusal.code)) show(unusableScreen(flow, refusal.code));
    else show(goneScreen(flow, refusal.message));
  },

  leave() {
    emit("cancel");
    if (session) server.tell("cancel");
    flow.end(leftScreen(session?.isRepair));
  },
};

function customerLeaves() {
  debug("Demo: this customer leaves by themselves");
  setTimeout(() => { if (!ended && !dialog.open) dialog.showModal(); }, 1200);
  setTimeout(() => { if (!ended) flow.leave(); }, 2600);
}

back.addEventListener("click", () => goBack?.());
leave.addEventListener("click", () => (session ? dialog.showModal() : flow.leave()));
document.getElementById("stay").addEventListener("click", () => dialog.close());
document.getElementById("go").addEventListener("click", () => flow.leave());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !dialog.open && !ended && session && !(event.target.type === "search" && event.target.value)) {
    event.preventDefault();
    dialog.showModal();
  }
});

try {
  session = await server.openSession();
  emit("init"); // a refused token fails right at launch (WERR): such a widget never initialises
  look.apply(session.accountPreference);
  if (session.institution) await flow.choose(session.institution);
  else flow.pick(session.institutionSearchString, false);
} catch (refusal) {
  flow.fail(refusal);
}

// Calls to the widget's own origin. The connect token travels in a header.

const token = new URLSearchParams(location.search).get("connectToken") ?? "";
let visit = "";

export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

async function post(path, values) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Connect-Token": encodeURIComponent(token) },
      body: JSON.stringify({ visit, ...values }),
    });
  } catch {
    throw new Refusal("UNREACHABLE", "The Demo does not answer. Is Meld Desktop still running?");
  }
  const body = await answer.json();
  if (!answer.ok) throw new Refusal(body.code, body.message);
  return body;
}

export async function openSession() {
  const session = await post("/widget/session", {});
  visit = session.visit;
  return session;
}

export const findBanks = (query) => post("/widget/institutions", { query });
export const chooseBank = (institutionId, serviceProvider = "") => post("/widget/provider", { institutionId, serviceProvider });
export const logIn = (username, password) => post("/widget/login", { username, password });
export const enterCode = (code) => post("/widget/code", { code });
export const popupState = () => post("/widget/popup", {});
// Only for the activity log, so nothing waits for it.
export const tell = (name) => post("/widget/event", { name }).catch(() => {});
export const complete = (accountIds) => post("/widget/complete", { accountIds });

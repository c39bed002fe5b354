// How it ends: connected, left, a link that cannot be used, or a server that is gone.

import { h, svg } from "./dom.js";
import { emit, framed, native } from "./host.js";

const TICK = "M5 13l5 5 9-11";
const CROSS = "M7 7l10 10M17 7L7 17";
const CLOCK = "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2";
const DOOR = "M10 4H6v16h4M10 12h10M16 8l4 4-4 4";

function ending(kind, path, title, text, ...foot) {
  return h("section", { class: "screen" },
    h("div", { class: "ending" }, h("span", { class: `mark ${kind}` }, svg(path)), h("h1", { tabindex: "-1" }, title), text.map((line) => h("p", { class: "soft" }, line))),
    foot.length ? h("div", { class: "foot" }, foot) : null);
}

// Where the link says the customer goes afterwards; only web addresses are followed.
function target(redirectUrl) {
  try {
    const url = new URL(redirectUrl);
    return ["http:", "https:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

export function finished(flow, choice, metadata) {
  const next = target(flow.session.redirectUrl);
  if (!framed && !native) {
    if (next) location.assign(next);
    return spinning();
  }
  const done = () => {
    emit("handover");
    flow.end(ending("good", TICK, "All done", ["You can close this window now."]));
    if (next) location.assign(next);
  };
  const count = metadata.accountCount === 1 ? "1 account is" : `${metadata.accountCount} accounts are`;
  return ending("good", TICK, flow.session.isRepair ? "Connected again" : "Connected", [`${count} connected at ${choice.institution.name}.`, next ? `You go on to ${next.host}.` : ""].filter(Boolean),
    h("button", { type: "button", class: "main", onclick: done, "data-first": true }, "Done"));
}

function spinning() {
  return h("section", { class: "screen" },
    h("div", { class: "ending" }, h("span", { class: "spinner", "aria-hidden": "true" }), h("h1", { tabindex: "-1" }, "Finishing…")),
    h("p", { class: "consent small soft" }, "Demo: your bank is connected. The real widget also spins here when it is not framed."));
}

export function leftScreen(isRepair) {
  return ending("calm", DOOR, "You have left", [`${isRepair ? "Nothing was changed." : "Nothing was connected."} You can open the same link again.`],
    h("button", { type: "button", class: "plain", onclick: () => location.reload() }, "Start again"));
}

const UNUSABLE = {
  TOKEN_EXPIRED: ["This link has expired", "Links work for 4 hours. Ask for a new one."],
  TOKEN_USED: ["This link was used already", "Your bank is connected. Ask for a new link to connect another one."],
  TOKEN_INVALID: ["This link does not work", "It may have been copied incompletely. Ask for a new one."],
};

export function unusableScreen(flow, code) {
  const [title, text] = UNUSABLE[code];
  return ending("bad", code === "TOKEN_EXPIRED" ? CLOCK : CROSS, title, [text],
    h("button", { type: "button", class: "plain", onclick: () => closed(flow) }, "Close"));
}

function closed(flow) {
  emit("cancel");
  flow.end(ending("calm", DOOR, "You can close this window", ["Nothing was connected."]));
}

export function goneScreen(flow, message) {
  return ending("bad", CROSS, "That did not work", [message],
    h("button", { type: "button", class: "main", onclick: () => location.reload() }, "Start again"),
    h("button", { type: "button", class: "plain", onclick: () => closed(flow) }, "Close"));
}

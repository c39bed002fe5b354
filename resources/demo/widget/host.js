// What the widget tells the program around it.
//
// Web form: one window message to the parent. Which key holds the metadata is not documented, so its entries stand
// beside eventName, which is where the documented names (institutionId, accounts, ...) are read most naturally.
// Native form: the string "[meld-connect]name?{json}" to window.Android.

const DOMAIN = "meld-connect";

export const framed = window.parent !== window;
export const native = typeof window.Android?.postMessage === "function";

export function emit(eventName, metadata = null) {
  window.parent.postMessage({ domain: DOMAIN, eventName, ...metadata }, "*");
  window.Android?.postMessage?.(`[${DOMAIN}]${eventName}${metadata ? `?${JSON.stringify(metadata)}` : ""}`);
}

export const debug = (details) => emit("debug", { details });
export const problem = (reason, details) => emit("error", { reason, details });

// Runs in an isolated world of the top document: the page's own scripts see neither this code nor the channel.
// Says five things through bridge.hear(kind, origin, text): "ready", "message", "dropped" (a count), "ignored" (a reason
// and a count, with the origins) and "loaded".
(() => {
  "use strict";
  const config = CONFIG;
  if (config.frameOrigin && location.origin !== config.frameOrigin) return;

  let widgetOrigin = config.widgetOrigin;
  let bridge = null;
  const waiting = [];
  const tell = (kind, origin, text) => {
    if (bridge) bridge.hear(kind, origin, text);
    else waiting.push([kind, origin, text]);
  };
  new QWebChannel(qt.webChannelTransport, (channel) => {
    bridge = channel.objects.bridge;
    for (const said of waiting.splice(0)) bridge.hear(...said);
  });

  // A page that never stops talking may not keep the program busy: a bucket of messages that refills slowly.
  let bucket = config.burst;
  let filled = performance.now();
  let dropped = 0;
  const mayPass = () => {
    const now = performance.now();
    bucket = Math.min(config.burst, bucket + ((now - filled) * config.perSecond) / 1000);
    filled = now;
    if (bucket < 1) return false;
    bucket -= 1;
    return true;
  };
  const drop = (reason, origin) => {
    if (dropped === 0) {
      setTimeout(() => {
        tell("dropped", "", String(dropped));
        dropped = 0;
      }, 1000);
    }
    dropped += 1;
    ignore(reason, origin);
  };

  // What is not passed on is counted, by reason, and told once a second.
  const ignored = new Map();
  const ignore = (reason, origin) => {
    if (ignored.size === 0) setTimeout(tellIgnored, 1000);
    if (!ignored.has(reason)) ignored.set(reason, { count: 0, origins: new Set() });
    const one = ignored.get(reason);
    one.count += 1;
    if (one.origins.size <= config.origins) one.origins.add(origin);
  };
  const tellIgnored = () => {
    for (const [reason, { count, origins }] of ignored) tell("ignored", [...origins].join(" "), `${reason} ${count}`);
    ignored.clear();
  };
  window.addEventListener("pagehide", tellIgnored);

  // Only a first sieve, so that other chatter costs nothing; what counts is decided by the program.
  const isMelds = (data) =>
    typeof data === "string" ? data.includes(config.domain) : data !== null && typeof data === "object" && data.domain === config.domain;

  window.addEventListener("message", (event) => {
    const origin = event.origin; // before the data: the other way round, each message costs a millisecond here
    if (!isMelds(event.data)) return;
    if (origin !== widgetOrigin) return ignore("foreign_origin", origin);
    if (!mayPass()) return drop("too_many", origin);
    let text;
    try {
      text = JSON.stringify(event.data);
    } catch {
      return drop("unreadable", origin); // cyclic, or a BigInt
    }
    if (typeof text !== "string") return drop("unreadable", origin);
    if (text.length > config.limit) return drop("too_long", origin);
    tell("message", origin, text);
  });

  if (!config.frameOrigin) return;
  document.addEventListener("DOMContentLoaded", () => {
    for (const [name, value] of Object.entries(config.style)) document.documentElement.style.setProperty(name, value);
    if (config.source) open(config.source, config.widgetOrigin);
    else tell("ready", "", "");
  });

  const open = (source, origin) => {
    const frame = document.querySelector("iframe");
    frame.addEventListener("load", () => tell("loaded", "", ""));
    widgetOrigin = origin;
    frame.src = source;
  };

  // For a page that was loaded before its link was there: the program calls it once, in this world.
  if (!config.source) globalThis.openWidget = open;
})();

// Runs in an isolated world of the top document: the page's own scripts see neither this code nor the channel.
// Says four things through bridge.hear(kind, origin, text): "ready", "message", "dropped" (a count) and "loaded".
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
  const drop = () => {
    if (dropped === 0) {
      setTimeout(() => {
        tell("dropped", "", String(dropped));
        dropped = 0;
      }, 1000);
    }
    dropped += 1;
  };

  // Only a first sieve, so that other chatter costs nothing; what counts is decided by the program.
  const isMelds = (data) =>
    typeof data === "string" ? data.includes(config.domain) : data !== null && typeof data === "object" && data.domain === config.domain;

  window.addEventListener("message", (event) => {
    if (event.origin !== widgetOrigin || !isMelds(event.data)) return;
    if (!mayPass()) return drop();
    let text;
    try {
      text = JSON.stringify(event.data);
    } catch {
      return drop(); // cyclic, or a BigInt
    }
    if (typeof text !== "string" || text.length > config.limit) return drop();
    tell("message", event.origin, text);
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

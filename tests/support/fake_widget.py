"""The strict server's widget page: as little as shows what a host has to do, with names a screen reader can find."""

_WIDGET = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict widget</title>
<style>body { font: 13px sans-serif; margin: 8px; } button { display: block; margin: 2px; }</style></head><body>
<h1>Strict widget</h1>
<p role="status" id="said" aria-label="Widget said">Nothing yet</p>
<script>
const complete = {institutionId: "Ntj3AwgdridJc2rtfeheku", institutionName: "Strict Savings", accountCount: 2,
  accounts: [
  {name: "Everyday", mask: "1111", type: "DEPOSITORY"}, {name: "Rainy day", mask: "2222", type: "DEPOSITORY"}]};
const said = text => { document.getElementById("said").textContent = text; };
const tell = (eventName, more) => parent.postMessage({domain: "meld-connect", eventName, ...more}, "*");
const buttons = {
  "Say init": () => tell("init"),
  "Say error": () => tell("error", {metadata: {reason: "INSTITUTION_DOWN", details: "The bank is having a rest"}}),
  "Complete": () => tell("connect_complete", {metadata: complete}),
  "Complete as text": () => tell("connect_complete", {metadata: JSON.stringify(complete)}),
  "Complete flat": () => tell("connect_complete", complete),
  "Leave widget": () => tell("cancel"),
  "Complete from elsewhere": () => parent.postMessage({domain: "someone-else", eventName: "connect_complete", metadata:
    {institutionName: "Forged Bank", accountCount: 9}}, "*"),
  "Open bank login": () => said(window.open("/popup", "bank", "width=400,height=300") ? "Popup open" : "Popup blocked"),
};
for (const [name, act] of Object.entries(buttons)) {
  const button = document.createElement("button");
  button.textContent = name;
  button.addEventListener("click", act);
  document.body.append(button);
}
window.addEventListener("message", event => {
  if (event.origin === location.origin && event.data === "signed in") said("Popup signed in");
});
if (new URLSearchParams(location.search).has("unasked"))
  setTimeout(() => said(window.open("/popup") ? "Unasked popup open" : "Unasked popup blocked"), 0);
tell("init");
</script></body></html>"""

_POPUP = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict bank login</title></head><body>
<h1>Strict bank login</h1><button id="go">Sign in at the bank</button>
<script>
document.getElementById("go").addEventListener("click", () => {
  if (window.opener) window.opener.postMessage("signed in", location.origin);
  window.close();
});
</script></body></html>"""


def widget_page(path: str) -> str | None:
    """Return the page at ``path`` of the widget host, or None when there is none."""
    return {"/": _WIDGET, "": _WIDGET, "/popup": _POPUP}.get(path)

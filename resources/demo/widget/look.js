// The picker's appearance, as the link asks for it (accountPreferenceOverride).

import { h } from "./dom.js";
import { debug } from "./host.js";

export let heading = "Select your institution";
export let tiles = false;
export let retryColours = { bank: "", provider: "" };

function usable(property, value, field) {
  if (!value) return "";
  if (CSS.supports(property, value)) return value;
  debug(`${field} is not usable here and was left out: ${value}`);
  return "";
}

export function apply(preference) {
  const root = document.documentElement;
  heading = preference.institutionSelectionText || heading;
  tiles = preference.selectionStyle === "TILE";
  root.classList.toggle("bordered", preference.showBorder === true);
  const border = usable("color", preference.borderColor, "borderColor");
  const text = usable("color", preference.borderTextColor, "borderTextColor");
  const quoted = preference.font && !preference.font.includes(",") ? `"${preference.font.replaceAll('"', "")}"` : preference.font;
  const font = usable("font-family", quoted, "font");
  if (border) root.style.setProperty("--border", border);
  if (text) root.style.setProperty("--border-text", text);
  if (font) root.style.setProperty("--font", `${font}, Inter, system-ui, sans-serif`);
  retryColours = {
    bank: usable("color", preference.routingRetryBankButtonColor, "routingRetryBankButtonColor"),
    provider: usable("color", preference.routingRetryProviderButtonColor, "routingRetryProviderButtonColor"),
  };
  if (preference.accountLogoUrl) showLogo(preference.accountLogoUrl);
}

function showLogo(url) {
  const brand = document.getElementById("brand");
  const image = h("img", { alt: "Logo" });
  image.addEventListener("error", () => {
    brand.replaceChildren(h("span", { class: "lost" }, "Logo not found"));
    debug("accountLogoUrl could not be shown");
  });
  image.src = url;
  brand.replaceChildren(image);
}

// Black or white, whichever reads better on the colour.
export function paint(button, colour) {
  if (!colour) return button;
  button.style.background = colour;
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  button.style.color = red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#000" : "#fff";
  return button;
}

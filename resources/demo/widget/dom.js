// Small helpers to build what is on the screen. Text is always set as text, never as markup.

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function svg(path) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
}

export function say(text) {
  document.getElementById("news").textContent = text;
}

const COLOURS = ["#b3402f", "#2b6a4f", "#3f5aa8", "#8a5a12", "#6b4594", "#0e6f7c", "#9c3566", "#4c6420", "#32557a", "#8c4a2f", "#48507e", "#1f6f54"];

function number(text) {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum;
}

export function colourOf(bank) {
  return COLOURS[number(bank.id) % COLOURS.length];
}

export function logo(bank, size = "") {
  const words = bank.name.split(/[\s&()-]+/u).filter((word) => /^\p{L}/u.test(word) && !/^(des|de|do|da|del|and|of)$/u.test(word));
  const tile = h("span", { class: `logo ${size}`, "aria-hidden": "true" }, words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join(""));
  tile.style.background = colourOf(bank);
  return tile;
}

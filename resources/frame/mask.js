// Covers what must not be in a picture. Runs in an isolated world of every document, frames too, once for each picture:
// mask.cover(place, colour), then mask.state() until it is ready, then the picture, then mask.uncover().
(() => {
  "use strict";
  if (globalThis.mask) return;

  const GREY = "#5f6368";
  const BOX_LIMIT = 2000;
  const TEXT_LIMIT = 1000000;
  const HELD_MS = 3000; // nobody came to uncover: the page must not stay covered
  const SLIVER = 6; // less of a document than this shows nothing

  const PLAIN = new Set(["checkbox", "radio", "range", "color", "file", "image"]);
  const BUTTONS = new Set(["button", "submit", "reset"]);
  const NO_TEXT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "OPTION", "TEXTAREA"]);
  const ROLES = "[role=textbox],[role=searchbox],[role=combobox],[role=spinbutton]";
  const EDGE = "\u0001"; // between the texts of two blocks
  const BLANK = /[\s\u0001]/;
  const DIGITS = /\p{Nd}(?:(?:[\s\u200b()\-\u2010-\u2015\u2212\u00b7\u2022]|\.(?=\p{Nd}{3})){0,3}\p{Nd}){4,}/gu;
  const PIECE = /^[\s\p{Nd}\-\u2010-\u2015]{1,8}$/u; // a part of a number that is cut into blocks

  // Where a text holds a number or an e-mail address, as [from, to] pairs.
  function secretSpans(text, typed) {
    const spans = [];
    for (const found of text.matchAll(DIGITS)) spans.push([found.index, found.index + found[0].length]);
    for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
      let [from, to] = [at, at + 1];
      while (from > 0 && at - from < 320 && text[from - 1] !== "@" && !BLANK.test(text[from - 1])) from -= 1;
      while (to < text.length && to - at < 320 && text[to] !== "@" && !BLANK.test(text[to])) to += 1;
      if (from < at && to > at + 1) spans.push([from, to]);
    }
    for (const value of typed) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
        spans.push([at, at + value.length]);
      }
    }
    return spans;
  }

  const isSecret = (text) => secretSpans(text, []).length > 0;

  const parentOf = (node) => node.parentElement ?? node.parentNode?.host ?? null; // out of a shadow root, too

  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });

  function collect() {
    const boxes = [];
    const typed = new Set();
    const nodes = [];
    const add = (rect) => {
      if (rect.width <= 0 || rect.height <= 0) return;
      if (rect.right < 0 || rect.bottom < 0 || rect.left > innerWidth || rect.top > innerHeight) return;
      boxes.push([Math.floor(rect.left) - 3, Math.floor(rect.top) - 2, Math.ceil(rect.right) + 3, Math.ceil(rect.bottom) + 2]);
    };
    const addContents = (element) => {
      add(element.getBoundingClientRect());
      const range = new Range();
      range.selectNodeContents(element);
      for (const rect of range.getClientRects()) add(rect);
    };
    const remember = (value) => {
      if (value.length >= 4 && value.length <= 200 && typed.size < 50) typed.add(value);
    };

    function lookAt(element) {
      const name = element.localName;
      if (name === "input") {
        if (element.type === "hidden" || PLAIN.has(element.type)) return;
        if (BUTTONS.has(element.type)) {
          if (isSecret(element.value)) add(element.getBoundingClientRect());
        } else if (element.type === "password" || element.value !== "" || element.validity.badInput) {
          remember(element.value);
          add(element.getBoundingClientRect());
        } else if (isSecret(element.placeholder)) add(element.getBoundingClientRect());
      } else if (name === "textarea") {
        remember(element.value);
        if (element.value !== "" || isSecret(element.placeholder)) add(element.getBoundingClientRect());
      } else if (name === "select") {
        if (element.value !== "" || [...element.options].some((option) => isSecret(option.text))) add(element.getBoundingClientRect());
      } else if (element.isContentEditable && !element.parentElement?.isContentEditable) {
        if (element.textContent.trim() !== "") {
          remember(element.textContent.trim());
          addContents(element);
        }
      } else if (element.matches(ROLES)) {
        if (element.textContent.trim() !== "") addContents(element);
      } else if (name.includes("-") && !element.shadowRoot && element.childNodes.length === 0) {
        add(element.getBoundingClientRect()); // perhaps a closed shadow root, with anything in it
      }
    }

    function walk(root) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
        node === host || NO_TEXT.has(node.nodeName) && node.nodeName !== "TEXTAREA" ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) {
          if (node.parentNode?.nodeName !== "TEXTAREA") nodes.push(node);
        } else {
          if (isShown(node)) lookAt(node);
          if (node.shadowRoot) walk(node.shadowRoot);
        }
      }
    }

    walk(document);
    if (document.designMode === "on" && document.documentElement) add(document.documentElement.getBoundingClientRect());
    coverTexts(nodes, typed, add);
    return boxes;
  }

  // The texts are read as one, so that an address or a number that lies in several elements is found.
  function coverTexts(nodes, typed, add) {
    const blocks = new Map();
    const blockOf = (element) => {
      if (!element) return null;
      if (!blocks.has(element)) {
        const display = getComputedStyle(element).display;
        blocks.set(element, display === "inline" || display === "contents" ? blockOf(parentOf(element)) : element);
      }
      return blocks.get(element);
    };
    const parts = [];
    const starts = [];
    let length = 0;
    let [lastBlock, last] = [null, ""];
    for (const node of nodes) {
      const block = blockOf(parentOf(node));
      if (length > 0 && block !== lastBlock) {
        if (node.data.trim() === "") {
          starts.push(length);
          parts.push("");
          continue;
        }
        parts[parts.length - 1] += PIECE.test(last) && PIECE.test(node.data) ? " " : EDGE;
        length += 1;
      }
      starts.push(length);
      parts.push(node.data);
      length += node.data.length;
      if (length > TEXT_LIMIT) throw new RangeError("too much text");
      [lastBlock, last] = [block, node.data];
    }
    const text = parts.join("");
    const range = new Range();
    for (const [from, to] of secretSpans(text, typed)) {
      let [low, high] = [0, starts.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= from) low = middle;
        else high = middle - 1;
      }
      for (let index = low; index < nodes.length && starts[index] < to; index += 1) {
        const node = nodes[index];
        const [first, end] = [Math.max(0, from - starts[index]), Math.min(node.data.length, to - starts[index])];
        if (first >= end || !parentOf(node) || !isShown(parentOf(node))) continue;
        range.setStart(node, first);
        range.setEnd(node, end);
        for (const rect of range.getClientRects()) add(rect);
      }
    }
  }

  // Everything, when it cannot be told apart.
  function boxesNow() {
    try {
      const boxes = collect();
      if (boxes.length <= BOX_LIMIT) return boxes;
    } catch {
      // too much text, or a page that broke the tree under our hands
    }
    return [[0, 0, innerWidth, innerHeight]];
  }

  let host = null;
  let shadow = null;
  let held = [];
  let ready = false;
  let shown = false;
  let watcher = null;
  let holding = 0;

  const style = (element, rules) => {
    element.style.cssText = Object.entries({ all: "initial", ...rules })
      .map(([name, value]) => `${name}: ${value} !important`)
      .join("; ");
  };

  function lay([left, top, right, bottom], colour) {
    const box = document.createElement("div");
    style(box, { position: "absolute", left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px`, background: colour });
    shadow.append(box);
  }

  function remove() {
    clearTimeout(holding);
    watcher?.disconnect();
    host?.remove();
    [host, shadow, watcher, held, ready, shown] = [null, null, null, [], false, false];
  }

  function cover(place, colour) {
    remove();
    if (!document.documentElement || innerWidth === 0 || innerHeight === 0) {
      ready = true;
      return { boxes: 0 };
    }
    held = boxesNow();
    host = document.createElement("div");
    host.popover = "manual"; // in the top layer: above dialogs, and no transform of the page moves it
    host.setAttribute("aria-hidden", "true");
    style(host, { position: "fixed", inset: "0", width: "100vw", height: "100vh", display: "block", overflow: "hidden", "pointer-events": "none", "z-index": "2147483647" });
    shadow = host.attachShadow({ mode: "closed" });
    for (const box of held) lay(box, GREY);
    document.documentElement.append(host);
    host.showPopover();
    holding = setTimeout(remove, HELD_MS);
    const mine = host;
    watcher = new IntersectionObserver(([entry]) => {
      if (host !== mine) return;
      watcher.disconnect();
      const { left, top, width, height } = entry.intersectionRect;
      if (width < SLIVER || height < SLIVER) {
        ready = true;
        return;
      }
      // The mark that the picture is searched for: where it is painted, the boxes are.
      // Each frame has its own place for it, because one frame may lie exactly over another.
      const x = Math.round(Math.max(left, Math.min(left + width / 2 - 8 + 20 * (place % 8), left + width - 16)));
      const y = Math.round(Math.min(top + 6 * Math.floor(place / 8), top + height - 5));
      lay([x, y, x + 16, y + 5], colour);
      shown = true;
      requestAnimationFrame(() => requestAnimationFrame(() => { ready = host === mine; }));
    });
    watcher.observe(host);
    return { boxes: held.length };
  }

  const state = () => ({ ready, shown });

  // Says whether everything was covered until now, then takes the boxes away.
  function uncover() {
    if (!host) {
      const empty = ready;
      remove();
      return { held: empty && (!document.documentElement || innerWidth === 0 || innerHeight === 0) };
    }
    const inside = (box) => held.some((big) => big[0] <= box[0] + 3 && big[1] <= box[1] + 2 && big[2] >= box[2] - 3 && big[3] >= box[3] - 2);
    const stood = host.isConnected && host.matches(":popover-open") && boxesNow().every(inside);
    remove();
    return { held: stood };
  }

  globalThis.mask = { cover, state, uncover };
})();

// Says whether a document shows anything: a text, a picture, a drawing, a film, a field or a button. Runs in an
// isolated world. Frames are asked by themselves.
globalThis.paintsAnything = (() => {
  "use strict";
  const isShown = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  const DRAWN = "canvas,svg,video,input:not([type=hidden]),textarea,select,button,progress,meter,object,embed";
  const NO_TEXT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "TITLE"]);

  function paints(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      NO_TEXT.has(node.nodeName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        const parent = node.parentElement ?? node.parentNode?.host;
        if (node.data.trim() !== "" && parent && isShown(parent)) return true;
      } else if (node.shadowRoot && paints(node.shadowRoot)) return true;
      else if (node.localName === "img" ? node.naturalWidth > 0 && isShown(node) : node.matches(DRAWN) && isShown(node)) return true;
    }
    return false;
  }
  return innerWidth > 0 && innerHeight > 0 && paints(document);
})();

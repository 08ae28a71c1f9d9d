function shortOf(element) {
  return element.outerHTML.slice(0, 120);
}

// What makes the page scroll sideways, or the page itself if nobody knows.
function sticksOut() {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
      element => element.getBoundingClientRect().right > page.clientWidth + 0.5 && !scrolls(element.parentElement));
  return [`${page.scrollWidth} pixels`, ...wide.slice(0, 5).map(shortOf)];
}

function scrolls(element) {
  return element !== null && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
}

function isShown(selector) {
  return document.querySelector(selector).checkVisibility();
}

function below(selector, other) {
  const bottom = document.querySelector(other).getBoundingClientRect().bottom;
  return document.querySelector(selector).getBoundingClientRect().top >= bottom - 1;
}

// Text whose colour is too near to that behind it: WCAG 2.2, 1.4.3.
function faint() {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Map();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === "" || !element.checkVisibility({opacityProperty: true})) continue;
    if (element.closest("svg, script, style, noscript")) continue;
    const style = getComputedStyle(element);
    const ratio = contrast(channels(style.color), channels(background(element)));
    if (ratio < 4.5) found.set(`${style.color} on ${background(element)}: ${ratio.toFixed(2)}`, shortOf(element));
  }
  return [...found].map(each => each.join(" "));
}

function background(element) {
  for (let each = element; each !== null; each = each.parentElement) {
    const colour = getComputedStyle(each).backgroundColor;
    if (colour !== "rgba(0, 0, 0, 0)") return colour;
  }
  return "rgb(255, 255, 255)";
}

function channels(colour) {
  return colour.match(/[\d.]+/g).slice(0, 3).map(Number);
}

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map(each => each / 255).map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}


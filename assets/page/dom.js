// Small helpers for building the document.

// el makes an element with attributes (true for present, false for absent) and children.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// svg makes an SVG element.
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const paths = {
  restart: ["M4.2 7.2A6.5 6.5 0 1 1 3.5 11", "M3.6 3.4v4.2h4.2"],
};

// icon makes a stroked picture of 20 by 20 with a name.
export function icon(name, words) {
  return svg("svg", { class: name, viewBox: "0 0 20 20", role: "img", "aria-label": words },
    svg("title", {}, words), ...paths[name].map((d) => svg("path", { d })));
}

const sheet = globalThis.document?.createElement?.("canvas").getContext("2d");

// widest returns the width of the widest of some texts in an element's font.
export function widest(element, texts) {
  const { fontSize, fontFamily } = getComputedStyle(element);
  sheet.font = `${fontSize} ${fontFamily}`;
  return Math.max(0, ...texts.map((text) => sheet.measureText(text).width));
}

export const byId = (id) => document.getElementById(id);

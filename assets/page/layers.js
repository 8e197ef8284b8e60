// The switches of the stage's layers, which are its legend.
import { demos } from "./demos.js";
import { el, svg } from "./dom.js";
import { tick } from "./numbers.js";
import { known, t } from "./strings.js";

const mark = (...shapes) => svg("svg", { class: "mark", viewBox: "0 0 24 16", "aria-hidden": "true" }, ...shapes);

const marks = {
  real: () => mark(svg("circle", { cx: 12, cy: 8, r: 5.2, class: "casing" }), svg("circle", { cx: 12, cy: 8, r: 5.2, class: "real" })),
  fake: () => mark(svg("path", { d: "M12 2 18 8 12 14 6 8z", class: "fake" })),
  contours: () => mark(svg("path", { d: "M2 12Q8 1 14 7t8-3M2 16Q9 6 14 12t8-3", class: "line" })),
  slope: () => svg("svg", { class: "mark wide cividis", viewBox: "0 0 64 16", "aria-hidden": "true" },
    ...Array.from({ length: 5 }, (_, i) => svg("rect", { class: `c${i}`, x: i * 12.8, y: 3, width: 13, height: 10 }))),
  warp: () => mark(svg("path", { d: "M3 4Q12 1 21 4M3 9Q12 6 21 9M3 14Q12 11 21 14M4 3Q2 9 4 15M12 2Q11 8 12 13M20 3Q22 9 20 15", class: "grid" })),
  descent: () => mark(svg("path", { d: "M3 13 17 5M17 5h-5M17 5v5", class: "line" })),
  batch: () => mark(svg("circle", { cx: 7, cy: 8, r: 4.2, class: "casing" }), svg("circle", { cx: 7, cy: 8, r: 4.2, class: "real" }), svg("path", { d: "M18 2.5 23 8 18 13.5 13 8z", class: "fake" })),
  segments: () => mark(svg("path", { d: "M2 13 22 3", class: "line" }), svg("circle", { cx: 9, cy: 9.5, r: 2.6, class: "dot" }), svg("circle", { cx: 16.5, cy: 5.8, r: 2.6, class: "dot" })),
  noise: () => mark(svg("path", { d: "M12 3 17 8 12 13 7 8z", class: "hollow" })),
  handles: () => mark(svg("rect", { x: 7, y: 3, width: 10, height: 10, class: "line" })),
  surface: () => mark(svg("path", { d: "M2 12Q6 1 11 7t11-3M2 12l8 3 12-6V4M10 15Q12 5 16 8", class: "line" })),
  difference: () => mark(svg("path", { d: "M3 5h7M6.5 1.5v7M14 12h7", class: "line" }), svg("path", { d: "M7 15 17 1", class: "grid" })),
  digits: () => mark(svg("path", { d: "M10 3h5v4l-3 2v1M12 13v1", class: "line" })),
  reconstructions: () => mark(svg("path", { d: "M3 8h6M12 5l3 3-3 3M9 8h6M18 4v8", class: "line" })),
  prior: () => mark(...[4, 10, 16].map((x) => svg("rect", { x, y: 5, width: 5, height: 6, class: "grid" }))),
  code: () => mark(...[0, 1, 2, 3].flatMap((i) => [0, 1].map((j) => svg("rect", { x: 3 + i * 5, y: 3 + j * 5, width: 4, height: 4, class: (i + j) % 3 ? "grid" : "fake" })))),
  given: () => mark(svg("path", { d: "M7 9V2h10v7", class: "line" }), svg("path", { d: "M7 11v3h10v-3", class: "grid", "stroke-dasharray": "2 2" })),
  truth: () => mark(svg("path", { d: "M7 2h10v12H7z", class: "line" })),
  mean: () => mark(svg("path", { d: "M7 8V2h10v6", class: "line" }), svg("rect", { x: 7, y: 8, width: 10, height: 6, class: "fake" })),
  samples: () => mark(...[1, 9, 17].flatMap((x) => [svg("path", { d: `M${x} 8V3h6v5`, class: "line" }), svg("rect", { x, y: 8, width: 6, height: 5, class: "fake" })])),
  analogies: () => mark(svg("path", { d: "M2 3h5v10H2z", class: "line" }), ...[10, 15, 20].map((x) => svg("rect", { x, y: 4, width: 3.5, height: 8, class: "fake" }))),
  guesses: () => mark(svg("path", { d: "M4 2h7v7H4z", class: "line" }), svg("path", { d: "M4 14h2M7 14v-2M10 14v-3M14 9l3 3 4-7", class: "line" })),
  simplex: () => mark(svg("path", { d: "M12 2 20 14H4z", class: "line" })),
};

export class Layers {
  constructor(box, change) {
    this.box = box;
    this.change = change;
    this.on = Object.fromEntries(Object.entries(demos).map(([tab, { layers }]) => [tab, { ...layers }]));
  }

  // show builds the switches of a tab.
  show(tab) {
    this.tab = tab;
    this.inputs = Object.keys(this.on[tab]).map((name) => {
      const input = el("input", { type: "checkbox", "data-layer": name, id: `layer-${name}` });
      input.checked = this.on[tab][name];
      input.onchange = () => {
        this.on[tab][name] = input.checked;
        this.change(this.state());
      };
      return input;
    });
    const labels = this.inputs.map((input) => {
      const name = input.dataset.layer;
      const label = el("label", { class: "layer" }, input, marks[name](), el("span", {}, t(known(`layers.${name}`) ? `layers.${name}` : name)));
      if (name === "handles") label.title = t("grips.hint");
      if (name === "slope") label.append(el("span", { class: "range", id: "slope-range" }));
      return label;
    });
    // What is off at first is one click further away.
    const far = ({ dataset: { layer } }) => !demos[tab].layers[layer] && layer !== "warp";
    const open = this.box.querySelector("details")?.open || this.inputs.some((i) => i.checked && far(i));
    const rest = labels.filter((_, i) => far(this.inputs[i]));
    this.box.replaceChildren(...labels.filter((_, i) => !far(this.inputs[i])));
    if (rest.length) this.box.append(el("details", { class: "more", open }, el("summary", {}, el("span", {}, t("layers.more"))), el("div", { class: "layers" }, ...rest)));
    this.change(this.state());
  }

  // several tells how many runs are drawn: the difference is one of two.
  several(n) {
    const label = this.inputs?.find((i) => i.dataset.layer === "difference")?.closest("label");
    if (label) label.hidden = n !== 2;
  }

  // set switches the layers of this tab to those that are on in a map.
  set(on) {
    for (const name of Object.keys(this.on[this.tab])) this.on[this.tab][name] = Boolean(on[name]);
    for (const input of this.inputs) input.checked = this.on[this.tab][input.dataset.layer];
    const box = this.box.querySelector("details");
    if (box?.querySelector("input:checked")) box.open = true;
    this.change(this.state());
  }

  // text is the layers that are on, for a link; "" where they are those at first.
  text() {
    const first = demos[this.tab].layers, now = this.on[this.tab];
    if (Object.keys(first).every((name) => first[name] === now[name])) return "";
    return Object.keys(now).filter((name) => now[name]).join(",") || "none";
  }

  // read is the inverse of text, for a tab that may not be shown yet. It ignores unknown
  // names; if it knows none of them, nothing changes.
  read(tab, text) {
    const given = text.split(","), known = this.names(tab);
    if (!given.some((name) => known.includes(name))) return;
    for (const name of Object.keys(this.on[tab])) this.on[tab][name] = given.includes(name);
  }

  // names returns the names of a tab's layers in a link.
  names(tab) {
    return [...Object.keys(this.on[tab]), "none"];
  }

  state() {
    return { ...this.on[this.tab] };
  }

  // count is the number of layers of this tab.
  get count() {
    return this.inputs.length;
  }

  toggle(i) {
    this.inputs[i]?.click();
  }

  // range writes what the ends of the gradient norm's colours mean.
  range({ low, high }) {
    const output = document.getElementById("slope-range");
    if (output && Number.isFinite(low) && Number.isFinite(high)) output.textContent = `${tick(Number(low.toPrecision(2)))} – ${tick(Number(high.toPrecision(2)))}`;
  }
}

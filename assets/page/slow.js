// Slow motion: one critic step of every run in stages, each with its layers on the
// picture and its term of the loss, the numbers of this very step filled in.
import { el } from "./dom.js";
import { exact, write } from "./numbers.js";
import { letter } from "./runs.js";
import { t } from "./strings.js";

const pause = 2600; // milliseconds a stage stands where it runs by itself

// stages returns what a critic step is made of. term names the part of the
// formula that it is about.
export function stages({ rule, generator, objective }) {
  const all = [
    { name: generator === "fixed" ? "noiseFixed" : "noise", layers: { noise: true, batch: generator === "fixed" }, term: "" },
    { name: "fake", layers: { batch: true, noise: true }, term: "fake" },
    { name: "critic", layers: { batch: true, contours: true }, term: "fake real" },
  ];
  if (rule === "penalty" && objective !== "gan") {
    all.push(
      { name: "mix", layers: { batch: true, segments: true }, term: "at" },
      { name: "slope", layers: { segments: true, slope: true }, term: "at slope" },
      { name: "penalty", layers: { segments: true, slope: true }, term: "penalty" },
    );
  }
  all.push({ name: "update", layers: { batch: true, contours: true, slope: true }, term: "loss", after: true });
  return all;
}

const mathML = "http://www.w3.org/1998/Math/MathML";

function m(name, attributes, ...children) {
  const element = document.createElementNS(mathML, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const i = (text) => m("mi", {}, text), o = (text) => m("mo", { stretchy: "false" }, text), n = (text) => m("mn", {}, text);
const between = (text) => m("mo", { form: "infix" }, text); // also at the start of a part
const row = (...children) => m("mrow", {}, ...children);
const over = (base, mark) => m("mover", { accent: "true" }, i(base), o(mark));
const term = (name, number, ...children) => m("munder", { class: "term", "data-term": name }, row(...children), m("mtext", { class: "number" }, number));
const mean = (...children) => row(i("𝔼"), o("["), ...children, o("]"));
const d = (x) => row(i("D"), o("("), x, o(")"));

// formula returns the loss of a critic step in parts that may stand below each
// other, each term with its number below;
// numbers are a frame's "terms", empty before there are any.
export function formula({ rule, lambda, objective }, numbers) {
  const [real, fake, slope, penalty, loss] = [0, 1, 2, 3, 4].map((k) => (numbers ? write(numbers[k]) : " "));
  const [first, sign, second] = objective === "gan"
    ? [term("real", real, mean(i("s"), o("("), o("−"), d(i("x")), o(")"))), "+", term("fake", fake, mean(i("s"), o("("), d(over("x", "~")), o(")")))]
    : [term("fake", fake, mean(d(over("x", "~")))), "−", term("real", real, mean(d(i("x"))))];
  const all = [m("math", {}, term("loss", loss, i("L")), o("="), first), m("math", {}, between(sign), second)];
  if (rule === "penalty" && objective !== "gan") {
    const steep = term("slope", slope, o("‖"), i("∇"), i("D"), o("("), m("mrow", { class: "term", "data-term": "at" }, over("x", "^")), o(")"), o("‖"));
    all.push(m("math", {}, between("+"), term("penalty", penalty, m("mrow", {}, n(exact(Number(lambda))), o("·"),
      mean(o("("), steep, o("−"), n("1"), m("msup", {}, o(")"), n("2")))))));
  }
  return all;
}

export class SlowMotion {
  // on has begin() and end(); failed(message), after which it has ended; layers(which) shows only these, null for the
  // person's own; show(frame) draws one; session() is the bench it looks at.
  constructor(box, on) {
    this.box = box;
    this.on = on;
    this.running = false;
  }

  async begin() {
    if (this.running) return;
    this.running = true;
    this.on.begin();
    this.box.hidden = false;
    this.build();
    await this.step();
  }

  build() {
    this.count = el("span", { class: "label" });
    this.said = el("p", { class: "said", "aria-live": "polite" });
    this.math = el("div", { class: "formula", role: "group", "aria-label": t("slow.formula") });
    this.next = el("button", { type: "button", class: "main", id: "slow-next" }, t("slow.next"));
    this.auto = el("input", { type: "checkbox", id: "slow-auto" });
    const end = el("button", { type: "button", id: "slow-end" }, t("slow.end"));
    this.next.onclick = () => this.go();
    this.auto.onchange = () => this.wait();
    end.onclick = () => this.end();
    this.box.replaceChildren(this.count, this.said, this.math, el("div", { class: "row" }, this.next,
      el("label", { class: "layer" }, this.auto, t("slow.auto")), end));
  }

  // step makes one critic step of every run and keeps the pictures before and after it.
  async step() {
    const session = this.on.session();
    const before = session.frame;
    try {
      await Promise.all(session.runs.map((_, run) => session.do(run, "critic-step")));
    } catch (e) {
      if (!this.running) return;
      this.end();
      this.on.failed(e.message);
      return;
    }
    const after = await this.on.frame();
    if (!this.running || !before || !after) return;
    const batch = (run) => Object.fromEntries(Object.entries(after.runs[run] ?? {}).filter(([name]) => name.startsWith("batch-")));
    this.before = { ...before, runs: before.runs.map((tensors, run) => ({ ...tensors, ...batch(run) })) };
    this.after = after;
    // Those of the run with the most terms; other runs' formulas may lack some.
    this.stages = session.runs.map(stages).reduce((most, all) => (all.length > most.length ? all : most));
    this.at = 0;
    this.show();
  }

  async go() {
    clearTimeout(this.timer);
    if (!this.stages) return;
    if (this.at + 1 < this.stages.length) {
      this.at++;
      this.show();
    } else await this.step();
  }

  show() {
    const stage = this.stages[this.at], { runs } = this.on.session();
    this.count.textContent = t("slow.stage", { n: this.at + 1, all: this.stages.length });
    this.said.textContent = t(`slow.${stage.name}`);
    this.math.replaceChildren(...runs.flatMap((values, run) => {
      const parts = formula(values, this.after.runs[run]?.terms?.data);
      return runs.length > 1 ? [el("div", { class: "formula", "data-run": run }, el("strong", {}, letter(run)), ...parts)] : parts;
    }));
    for (const e of this.math.querySelectorAll(".term")) e.classList.toggle("now", stage.term.split(" ").includes(e.dataset.term));
    this.on.layers({ real: false, fake: false, contours: false, slope: false, ...stage.layers });
    this.on.show(stage.after ? this.after : this.before);
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    if (this.running && this.auto.checked) this.timer = setTimeout(() => this.go(), pause);
  }

  end() {
    if (!this.running) return;
    this.running = false;
    clearTimeout(this.timer);
    this.box.hidden = true;
    this.stages = null;
    this.on.layers(null);
    this.on.end();
  }
}

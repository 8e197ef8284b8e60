// The card of a lesson: a sentence, a prediction, a run, and what was to be seen.
import { byId, el } from "./dom.js";
import { lessons } from "./lessons.js";
import { own } from "./own.js";
import { t, vocabulary } from "./strings.js";
import { rems } from "./type.js";

const say = (text) => own(vocabulary().lessons, text) ?? text;

// met reports whether what a step waits for has come; see is {step, get(metric,
// run), event, diverged}.
export function met(until, see) {
  if (!until || see.diverged) return true;
  if (until.event) return see.event === until.event;
  if (until.step !== undefined) return see.step >= until.step;
  const value = see.get(until.metric, until.run ?? 0);
  if (value === null || value === undefined) return false;
  return until.above !== undefined ? value > until.above : value < until.below;
}

// shuffled returns the order in which answers are shown: always the same for
// one question, and not always with the right one first.
export function shuffled(n, text) {
  let h = 7;
  for (const c of text) h = (h * 31 + c.charCodeAt(0)) >>> 0;
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    h = (h * 1103515245 + 12345) >>> 0;
    const j = (h >>> 16) % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// look returns the class of an answer; 0 is the right one. Once revealed, the right
// answer is highlighted, whether it was chosen or not.
export const look = (answer, chosen, revealed) => (revealed && answer === 0 ? "right" : answer !== chosen ? "" : revealed ? "wrong" : "chosen");

const marks = { "": "", chosen: "● ", right: "✓ ", wrong: "✗ " };

export class Lesson {
  // on has scene(tab, scene), play(), pause(), only(names), null for all, changed() and
  // left(); see() tells how the run stands.
  constructor(box, on) {
    this.box = box;
    this.on = on;
    this.lesson = null;
  }

  get id() {
    return this.lesson?.id ?? "";
  }

  open(id) {
    const lesson = lessons.find((l) => l.id === id);
    if (!lesson) return;
    this.lesson = lesson;
    this.begin(0);
    this.on.changed();
  }

  begin(i) {
    this.i = i;
    this.stepped = this.lesson.steps[i];
    this.chosen = null;
    this.done = false;
    const { scene, show } = this.stepped;
    if (scene) this.on.scene(this.lesson.tab, scene);
    this.on.only(this.last ? show : show ?? []);
    this.draw();
    this.box.scrollIntoView({ block: rems() > 45 ? "nearest" : "start" }); // on a phone, below the picture
  }

  get last() {
    return this.i === this.lesson.steps.length - 1;
  }

  choose(k) {
    this.chosen = k;
    this.on.play();
    this.draw();
    this.look();
  }

  // look is called whenever something came of the run.
  look(event) {
    if (!this.lesson || this.chosen === null || this.done) return;
    if (!met(this.stepped.until, { ...this.on.see(), event })) return;
    this.done = true;
    this.on.pause(); // so that what is said stays true
    this.draw();
  }

  leave() {
    this.lesson = null;
    this.box.hidden = true;
    this.box.replaceChildren();
    this.on.only(null);
    this.on.left();
  }

  draw() {
    const { box, lesson, stepped } = this;
    if (!lesson) return;
    box.hidden = false;
    box.dataset.lesson = lesson.id;
    box.dataset.state = this.done ? "revealed" : this.chosen === null ? "asked" : "waiting";
    const n = lessons.indexOf(lesson);
    const close = el("button", { type: "button", class: "plain icon", id: "lesson-leave", "aria-label": t("lesson.leave"), title: t("lesson.leave") }, "×");
    close.onclick = () => this.leave();
    const answers = shuffled(stepped.answers.length, stepped.ask).map((k) => {
      const looks = look(k, this.chosen, this.done);
      const b = el("button", { type: "button", "data-answer": k, disabled: this.chosen !== null,
        class: looks, "aria-pressed": String(k === this.chosen) }, marks[looks] + say(stepped.answers[k]));
      b.onclick = () => this.choose(k);
      return b;
    });
    const parts = [
      el("div", { class: "head" }, el("p", { class: "label" }, t("lesson.of", { n: n + 1, all: lessons.length })), close),
      el("h2", {}, say(lesson.title)),
      el("p", {}, say(stepped.say)),
      el("p", { class: "ask" }, say(stepped.ask)),
      el("div", { class: "answers", role: "group", "aria-label": say(stepped.ask) }, ...answers),
    ];
    if (this.done) {
      const verdict = this.chosen === 0 ? t("lesson.right") : t("lesson.wrong", { answer: say(stepped.answers[0]) });
      parts.push(el("p", { class: "reveal", role: "status" }, el("strong", {}, verdict), " ", say(stepped.reveal)));
      const next = el("button", { type: "button", class: "main", id: "lesson-next" },
        t(!this.last ? "lesson.next" : n + 1 < lessons.length ? "lesson.following" : "lesson.end"));
      next.onclick = () => {
        if (!this.last) this.begin(this.i + 1);
        else if (n + 1 < lessons.length) this.open(lessons[n + 1].id);
        else this.leave();
        box.querySelector("button[data-answer]")?.focus();
      };
      parts.push(el("div", { class: "row" }, next, el("span", { class: "help" }, this.last && stepped.show ? t("lesson.try") : "")));
    } else {
      parts.push(el("p", { class: "help", role: "status" }, t(this.chosen === null ? "lesson.predict" : stepped.until?.event ? `lesson.${stepped.until.event}` : "lesson.watch")));
    }
    const had = document.activeElement?.dataset?.answer;
    box.replaceChildren(...parts);
    if (had !== undefined) box.querySelector("#lesson-next")?.focus();
  }
}

// menu fills the list of lessons; open(id) begins one.
export function menu(open) {
  byId("lessons-about").textContent = t("lessons.about", { n: lessons.length });
  byId("lessons-list").replaceChildren(...lessons.map((l) => {
    const b = el("button", { type: "button", class: "plain", "data-lesson": l.id }, say(l.title));
    b.onclick = () => {
      byId("lessons").close();
      open(l.id);
    };
    return el("li", {}, b);
  }));
}

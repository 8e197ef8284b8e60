// Notes to the person: what of a link was not understood, a file that cannot be opened.
// Each stays until it is dismissed, and follows the language.
import { el } from "./dom.js";
import { t } from "./strings.js";

export class Notes {
  // told(text) is called with each note.
  constructor(box, told = () => {}) {
    this.box = box;
    this.told = told;
    this.all = new Map(); // what says a note, by its line
  }

  // add shows a note; say returns its text in the language spoken, or is a text.
  add(say) {
    const text = typeof say === "string" ? () => say : say;
    const line = el("p", { class: "notice" });
    this.all.set(line, text);
    this.write(line);
    this.box.append(line);
    this.told(text());
  }

  write(line) {
    const close = el("button", { type: "button", class: "plain" }, t("dismiss"));
    close.onclick = () => {
      this.all.delete(line);
      line.remove();
    };
    line.replaceChildren(this.all.get(line)(), " ", close);
  }

  clear() {
    this.all.clear();
    this.box.replaceChildren();
  }

  // translate writes all in the language spoken now.
  translate() {
    for (const line of this.all.keys()) this.write(line);
  }
}

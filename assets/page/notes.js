// Notes to the person, such as about a link that was not understood or a file that cannot
// be opened. Each stays until it is dismissed, and follows the language.
import { el } from "./dom.js";
import { t } from "./strings.js";

export class Notes {
  // added(text) is called with each note.
  constructor(box, added = () => {}) {
    this.box = box;
    this.added = added;
    this.all = new Map(); // the function that returns a note's text, by its line
  }

  // add shows a note; say is its text, or a function that returns it in the page's
  // language.
  add(say) {
    const text = typeof say === "string" ? () => say : say;
    const line = el("p", { class: "notice" });
    this.all.set(line, text);
    this.write(line);
    this.box.append(line);
    this.added(text());
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

  // translate updates all notes to the page's language.
  translate() {
    for (const line of this.all.keys()) this.write(line);
  }
}

// The row of tabs.
import { demos } from "./demos.js";
import { own } from "./own.js";

export class Tabs {
  // go(tab, focus) is called when the person chooses a tab; focus is true if by a key.
  constructor(go) {
    this.buttons = [...document.querySelectorAll("[role=tab]")];
    for (const button of this.buttons) {
      button.onclick = () => go(button.dataset.tab);
      button.onkeydown = (e) => {
        const all = Object.keys(demos), i = all.indexOf(button.dataset.tab);
        const to = own({ ArrowLeft: all[i - 1], ArrowRight: all[i + 1], Home: all[0], End: all.at(-1) }, e.key);
        if (to) go(to, true);
      };
    }
  }

  // show marks a tab as chosen; if alone is true the others cannot be chosen.
  show(name, alone, focus) {
    for (const button of this.buttons) {
      const on = button.dataset.tab === name;
      button.disabled = alone && !on;
      button.setAttribute("aria-selected", on);
      button.tabIndex = on ? 0 : -1;
      if (on && focus) button.focus();
    }
  }
}

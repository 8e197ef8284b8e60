// Keyboard shortcuts, which rest while somebody types.
import { byId, el } from "./dom.js";
import { own } from "./own.js";
import { t } from "./strings.js";

const list = [
  ["Space, Enter", "play"], [".", "step"], ["D, E", "parts"], ["M", "slow"], ["R", "reset"], ["N", "seed"], ["C", "compare"],
  ["−, +", "speed"], ["1 … 9", "layers"], ["←, ↑, →, ↓", "probe"], ["S", "slice"], ["L", "lessons"], ["G", "tabs"], ["T", "theme"], ["?", "help"],
];

// typing reports whether a key belongs to what has the focus.
function typing(e) {
  const target = e.target;
  if (!(target instanceof Element)) return false;
  if (target.closest("dialog, select, textarea, input:not([type=checkbox]):not([type=range])")) return true;
  const presses = e.key === " " || e.key === "Enter";
  return presses && target.closest("button, summary, a, input, [role=tab]") !== null;
}

// Keys calls the action of a shortcut, where there is one: play, step, critic,
// generator, slow, reset, seed, compare, slower, faster, layer(i), slice, lessons,
// tabs, theme, help.
export class Keys {
  constructor(actions) {
    this.actions = actions;
    this.press = this.press.bind(this);
    addEventListener("keydown", this.press);
  }

  press(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || e.repeat || typing(e)) return;
    const a = this.actions;
    const action = own({ " ": a.play, Enter: a.play, ".": a.step, d: a.critic, e: a.generator, m: a.slow, r: a.reset, n: a.seed, c: a.compare, s: a.slice, l: a.lessons, "-": a.slower, "+": a.faster, "=": a.faster, g: a.tabs, t: a.theme, "?": a.help }, e.key.length === 1 ? e.key.toLowerCase() : e.key);
    if (action) action();
    else if (a.layer && e.key >= "1" && e.key <= "9") a.layer(Number(e.key) - 1);
    else return;
    e.preventDefault();
  }

  // show writes the list in the language spoken.
  show() {
    byId("shortcuts-list").replaceChildren(...list.flatMap(([keys, what]) => [
      el("dt", {}, ...keys.split(", ").map((k) => el("kbd", {}, k))), el("dd", {}, t(`key.${what}`)),
    ]));
  }
}

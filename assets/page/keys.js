// Keyboard shortcuts, which are off while somebody types. One table defines what the keys
// do, the letters on buttons, their descriptions and the list of shortcuts.
import { byId, el } from "./dom.js";
import { t } from "./strings.js";

// The shortcuts: keys as in an event, in lower case, what they do, and their button if
// they have one, which the key then presses. A letter is written on its button. arrows
// and layers are handled elsewhere. tabs lists the tabs with the shortcut, if not all
// have it.
export const table = [
  { keys: [" ", "Enter"], does: "play", button: "play" },
  { keys: ["."], does: "step", button: "step" },
  { keys: ["d"], does: "critic", button: "step-critic", letter: true },
  { keys: ["g"], does: "generator", button: "step-generator", letter: true },
  { keys: ["m"], does: "slow", button: "slow" },
  { keys: ["r"], does: "reset", button: "reset" },
  { keys: ["n"], does: "seed", button: "new-seed" },
  { keys: ["c"], does: "compare", button: "compare" },
  { keys: ["-"], does: "slower", of: "speed" },
  { keys: ["+", "="], does: "faster", of: "speed" },
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], does: "layer" },
  { keys: ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"], does: "probe", elsewhere: true, tabs: ["wgan"] },
  { keys: ["s"], does: "slice", tabs: ["wgan"] },
  { keys: ["l"], does: "lessons", button: "open-lessons" },
  { keys: ["b"], does: "tabs" },
  { keys: ["t"], does: "theme", button: "theme" },
  { keys: ["?"], does: "help", button: "help", letter: true },
];

const signs = { " ": "key.space", "-": "−", ArrowLeft: "←", ArrowUp: "↑", ArrowRight: "→", ArrowDown: "↓" };

// sign returns the text on a key.
export const sign = (key) => (key === " " ? t(signs[key]) : signs[key] ?? (key.length === 1 ? key.toUpperCase() : key));

// spoken returns a key's name for aria-keyshortcuts.
const spoken = (key) => ({ " ": "Space", "+": "Plus" })[key] ?? (key.length === 1 ? key.toUpperCase() : key);

// find returns a table's shortcut for a key press, or undefined.
export function find(rows, e) {
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  return rows.find((row) => !row.elsewhere && row.keys.includes(key));
}

// mark adds the keys of a table to its elements: for screen readers, and at the end of
// their titles.
export function mark(rows) {
  for (const id of new Set(rows.map((row) => row.button ?? row.of))) {
    const element = byId(id);
    if (!element) continue;
    const mine = rows.filter((row) => (row.button ?? row.of) === id), keys = mine.flatMap((row) => row.keys);
    element.setAttribute("aria-keyshortcuts", keys.map(spoken).join(" "));
    const { tTitle, t: text } = element.dataset;
    if (tTitle ?? text) element.title = t("key.title", { words: t(tTitle ?? text), keys: mine.map((row) => sign(row.keys[0])).join(", ") });
    const letter = mine.find((row) => row.letter);
    if (letter) (element.querySelector("[data-letter]") ?? element).textContent = sign(letter.keys[0]);
  }
}

// typing reports whether a key belongs to what has the focus.
function typing(e) {
  const target = e.target;
  if (!(target instanceof Element)) return false;
  if (target.closest("dialog, select, textarea, input:not([type=checkbox]):not([type=range])")) return true;
  const presses = e.key === " " || e.key === "Enter";
  return presses && target.closest("button, summary, a, input, [role=tab]") !== null;
}

// seen reports whether an element is visible.
const seen = (element) => element !== null && element.getClientRects().length > 0;

export class Keys {
  // actions has a function for each row without a button. It gets the index of the key in
  // its row.
  constructor(actions) {
    this.actions = actions;
    this.press = this.press.bind(this);
    addEventListener("keydown", this.press);
  }

  press(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || e.repeat || e.isComposing || typing(e)) return;
    const row = find(table, e);
    if (!row) return;
    if (row.button) byId(row.button).click();
    else this.actions[row.does](row.keys.indexOf(e.key.toLowerCase()));
    e.preventDefault();
  }

  // list fills the dialog with the shortcuts of a tab and its layers.
  list(tab, layers) {
    const rows = table.filter((row) => (row.tabs?.includes(tab) ?? true) && (!(row.button ?? row.of) || seen(byId(row.button ?? row.of))));
    const keys = ({ does, keys }) => {
      if (does !== "layer") return keys.filter((key) => key !== "=").map((key) => el("kbd", {}, sign(key)));
      return layers ? [el("kbd", {}, layers > 1 ? `1 … ${Math.min(layers, keys.length)}` : "1")] : [];
    };
    byId("shortcuts-list").replaceChildren(...rows.filter((row) => keys(row).length).flatMap((row) => [el("dt", {}, ...keys(row)), el("dd", {}, t(`key.${row.does}`))]));
  }
}

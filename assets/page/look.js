// The buttons that choose how the page looks: dark or light, and the size of letters.
// theme.js sets both before the first paint.
import { isDark } from "./demos.js";
import { byId } from "./dom.js";
import { isLarge } from "./type.js";

// choose sets what the person chose, "theme" or "type", and remembers it if it may.
function choose(key, value) {
  document.documentElement.dataset[key] = value;
  try {
    localStorage.setItem(key, value);
  } catch {} // storage is closed in some frames
}

// look makes the buttons work. changed() is called when the page looks different, and
// typed(type) with what the link says of the type from then on. It returns a function
// that takes the type of a link, "" if that says nothing.
export function look(changed, typed) {
  const press = () => byId("type").setAttribute("aria-pressed", isLarge());
  byId("theme").onclick = () => {
    choose("theme", isDark() ? "light" : "dark");
    changed();
  };
  byId("type").onclick = () => {
    choose("type", isLarge() ? "usual" : "large");
    press();
    changed();
    typed(isLarge() ? "large" : "");
  };
  press();
  return (type) => {
    if (!["large", "usual"].includes(type) || (type === "large") === isLarge()) return;
    document.documentElement.dataset.type = type;
    press();
    changed();
  };
}

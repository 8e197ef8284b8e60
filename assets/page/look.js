// The buttons that choose dark or light, and the size of letters. theme.js sets both
// before the first paint.
import { isDark } from "./demos.js";
import { byId } from "./dom.js";
import { isLarge } from "./type.js";

// choose sets "theme" or "type", and remembers it if the browser allows that.
function choose(key, value) {
  document.documentElement.dataset[key] = value;
  try {
    localStorage.setItem(key, value);
  } catch {} // some frames have no storage
}

// look makes the buttons work. It calls changed() when the look changes, and typed(type)
// with the type for the link. It returns a function that takes the type of a link, "" if
// the link has no type.
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

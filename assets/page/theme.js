// Before the first paint: the theme and the size of letters that the link or the
// person chose, if any. look.js changes them.
"use strict";
{
  // A sandbox opens the page as ?open, see embed/away.js; other windows get it as always.
  if (location.search === "?open" && self.origin !== "null") location.replace(location.pathname + location.hash);
  for (const [key, all] of [["theme", ["dark", "light"]], ["type", ["large", "usual"]]]) {
    let chosen = new URLSearchParams(location.hash.slice(1)).get(key) ?? new URLSearchParams(location.search).get(key);
    try {
      chosen ??= localStorage.getItem(key);
    } catch {} // storage is closed in some frames
    if (all.includes(chosen)) document.documentElement.dataset[key] = chosen;
  }
}

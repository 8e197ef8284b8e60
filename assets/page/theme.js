// Before the first paint: the theme and the size of letters that the link or the
// person chose, if any. look.js changes them.
"use strict";
{
  // An embed opens the page as ?open, which works in a sandbox: see embed/away.js.
  // Outside a sandbox a window with an opener leaves that address, and so loses its
  // opener.
  if (location.search === "?open" && self.origin !== "null") {
    const home = location.pathname + location.hash;
    if (opener) location.replace(home);
    else history.replaceState(history.state, "", home);
  }
  for (const [key, all] of [["theme", ["dark", "light"]], ["type", ["large", "usual"]]]) {
    let chosen = new URLSearchParams(location.hash.slice(1)).get(key) ?? new URLSearchParams(location.search).get(key);
    try {
      chosen ??= localStorage.getItem(key);
    } catch {} // some frames have no storage
    if (all.includes(chosen)) document.documentElement.dataset[key] = chosen;
  }
}

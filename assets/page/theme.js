// Before the first paint: the theme and the size of letters that the link or the
// person chose, if any. look.js changes them.
"use strict";
{
  // An embed opens the page as ?open, which a sandbox allows: see embed/away.js. A window
  // that another one holds, in no sandbox, leaves that address, and so the other's hold.
  if (location.search === "?open" && self.origin !== "null") {
    const home = location.pathname + location.hash;
    if (opener) location.replace(home);
    else history.replaceState(history.state, "", home);
  }
  for (const [key, all] of [["theme", ["dark", "light"]], ["type", ["large", "usual"]]]) {
    let chosen = new URLSearchParams(location.hash.slice(1)).get(key) ?? new URLSearchParams(location.search).get(key);
    try {
      chosen ??= localStorage.getItem(key);
    } catch {} // storage is closed in some frames
    if (all.includes(chosen)) document.documentElement.dataset[key] = chosen;
  }
}

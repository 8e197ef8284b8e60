// Before the first paint: the theme that the link or the person chose, if any.
// main.js changes it.
"use strict";
{
  // A sandbox opens the page as ?open, see embed/away.js; other windows get it as always.
  if (location.search === "?open" && self.origin !== "null") location.replace(location.pathname + location.hash);
  let theme = new URLSearchParams(location.hash.slice(1)).get("theme") ?? new URLSearchParams(location.search).get("theme");
  try {
    theme ??= localStorage.getItem("theme");
  } catch {} // storage is closed in some frames
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
}

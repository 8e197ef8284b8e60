// Before the first paint: the theme that the link or the person chose, if any.
// main.js changes it.
"use strict";
{
  let theme = new URLSearchParams(location.hash.slice(1)).get("theme") ?? new URLSearchParams(location.search).get("theme");
  try {
    theme ??= localStorage.getItem("theme");
  } catch {} // storage is closed in some frames
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
}

// Keys in an embed: few are its own, for it is a guest, and what the page around
// it would do with the others it shall do.
import { find } from "../keys.js";

// shortcuts are the embed's own, a table like the page's.
export const shortcuts = [
  { keys: ["Enter"], does: "play", button: "play" },
  { keys: ["r"], does: "reset", button: "reset" },
  { keys: ["-"], does: "slower", of: "speed" },
  { keys: ["+", "="], does: "faster", of: "speed" },
  { keys: ["x"], does: "probe" },
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], does: "layer" },
];
const mute = new Set(["Tab", "Shift", "Control", "Alt", "Meta", "CapsLock", "Dead", "Process", "Unidentified"]);

// typing and pressing report whether a key belongs to what has the focus.
const typing = (e) => e.target?.closest?.("select, textarea, input:not([type=checkbox])") != null;
const pressing = (e) => (e.key === " " || e.key === "Enter") && e.target?.closest?.("button, summary, a, input") != null;

// meant returns what a key press is for: "play", "faster", "slower", "reset",
// "probe", "layer", "parent", or "" where it is nobody's or has been taken.
// probing is true while arrows move the probe.
export function meant(e, probing) {
  if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || e.isComposing || mute.has(e.key) || typing(e) || pressing(e)) return "";
  if (probing && (e.key.startsWith("Arrow") || e.key === "Escape")) return "";
  const action = find(shortcuts, e)?.does ?? "parent";
  return e.repeat && action !== "parent" ? "" : action;
}

// reveal returns what reveal.js takes for a key that was pressed in a frame.
export const reveal = (keyCode) => JSON.stringify({ method: "triggerKey", args: [keyCode] });

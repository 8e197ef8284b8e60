// The size of letters, which all other sizes follow: usual, or large, for a projector
// and the back row.

// isLarge reports whether letters are large.
export const isLarge = () => document.documentElement.dataset.type === "large";

// rems returns the width of the page in letters, the root's rem, as the style sheets
// ask for it.
export const rems = () => document.body.clientWidth / parseFloat(getComputedStyle(document.documentElement).fontSize);

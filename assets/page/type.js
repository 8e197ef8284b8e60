// The size of letters, which sets all other sizes: usual, or large, for a projector and
// the back row.

// isLarge reports whether letters are large.
export const isLarge = () => document.documentElement.dataset.type === "large";

// rems returns the width of the page in rem, as media queries in the style sheets do.
export const rems = () => document.body.clientWidth / parseFloat(getComputedStyle(document.documentElement).fontSize);

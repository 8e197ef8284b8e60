// What is asked of the trainer: not too often, and not again for nothing.

// equal reports whether two lists hold the same numbers; none equals none.
export const equal = (a, b) => a?.length === b?.length && (!a || a.every((x, i) => x === b[i]));

// latest keeps a function that answers later from being asked faster than it
// answers: ask(x) returns a promise, show(answer) is called with what it resolves
// to. While one is under way only the newest x of those that came since is kept,
// and asked next. A failed one is not shown.
export function latest(ask, show) {
  let under = false, next = null;
  return async function go(x) {
    next = { x };
    if (under) return;
    under = true;
    while (next) {
      const now = next.x;
      next = null;
      try {
        const answer = await ask(now);
        if (answer) show(answer);
      } catch {} // such as of a run that was closed meanwhile
    }
    under = false;
  };
}

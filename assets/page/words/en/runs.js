// Words about kept runs, and opening others.
export const runs = {
  runs: "Runs", "runs.hint": "The runs that you left: each is kept here, and opens where it stood",
  "runs.about": "Runs that you left, and those of other tabs. They are kept in this browser; the oldest go first.",
  "runs.closed": "This browser keeps nothing for this page: these runs are gone once it is closed. Save what you need under Files.",
  "runs.none": "No run is kept yet. A run is kept here when you leave it.",
  "runs.at": "step {step}, {time}", "runs.several": "side by side: {n}",
  "runs.open": "Open", "runs.drop": "Delete", "runs.clear": "Delete all",
  "runs.gone": "The run that stood here is no longer kept: it begins anew.",
  "runs.bad": "The kept run cannot be opened: {reason}.",
  "runs.still": "The run stays as it was: {reason}.",
  "runs.link": "the link says {given}, which is nothing here",
  "runfile.noTab": "no tab shows {name}: the command trains it on, by ganbel run --from FILE",
  "compare.anew": "Both begin at step 0: other networks are needed.",
};

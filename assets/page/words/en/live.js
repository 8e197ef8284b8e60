// Words of a page that watches a run.
export const live = {
  "live.watching": "{name} is trained by “ganbel run”; its settings cannot be changed here.",
  "live.connecting": "Connecting to the server…",
  "live.lost": "The server does not answer since {time}. Trying again…",
  "live.missing": "Waiting for the run: {message}.",
  "live.unknown": "This page cannot show a run of {name}: take a page and a command of one version.",
  "live.running": "The run goes on, to step {steps}.",
  "live.still": "The run stands still since {time}, at step {step} of {steps}.",
  "live.ended": "The run ended at step {step}, {time}.",
};

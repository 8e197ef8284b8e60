// Words of the tabs that complete digits, and that know few labels.
export const halves = {
  "tab.sop": "Completion", "tab.semi": "Few labels",
  "layers.given": "Upper half, as given", "layers.truth": "True digit", "layers.mean": "Mean of 32 completions", "layers.samples": "Six completions",
  "caption.given": "given", "caption.truth": "true", "caption.mean": "mean", "caption.samples": "six completions",
  "layers.analogies": "One style, ten classes", "layers.guesses": "Classes of test digits",
  "caption.analogies": "one style, ten classes", "caption.guesses": "which class?",

  "chart.nll": "Lower half, −log p", "chart.accuracy": "Accuracy", "chart.bounds": "Bounds of the last step", "chart.classification": "Classification of labelled digits",
  "say.gumbel-sop": "Step {step}: the lower half costs {nll} nats, {trend}. Temperature {temperature}.",
  "say.gumbel-semi": "Step {step}: {accuracy} % of test digits are classified right. ELBO {elbo} nats, {trend}.",

  "pad.half.title": "Draw the upper half", "pad.half.label": "Pad for the upper half of a digit, 28 by 14 pixels. Arrow keys move, space draws, shift with an arrow key draws along.",
  "pad.half.help": "Above the line draw with a pointer, or with the arrow keys and space; below it the network goes on. Click a row of the picture to start from it.",
  "pad.half.mean": "Below the line: the mean of 32 completions", "pad.half.six": "Six completions", "pad.half.one": "Completion {n}",
  "pad.class.help": "Draw with a pointer, or with the arrow keys and space. Click a digit of the picture to start from it.",
  "pad.class.chances": "Its class, q(y|x)", "pad.class.same": "The same style in every class", "pad.class.one": "As a {k}",

  "embed.sop": "Half a digit completed, by Gumbel-Softmax. Play trains it here.",
  "embed.semi": "Digits classified from a few labels, by Gumbel-Softmax. Play trains it here.",
};

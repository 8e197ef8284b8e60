// Words of the Gumbel tab: the schedule, the pad, the code and the one choice.
export const gumbel = {
  "chart.gap": "What relaxing flatters by", "chart.bias": "Gradient's bias", "chart.variance": "Gradient's variance", "chart.entropy": "Entropy of samples",

  "schedule.title": "Temperature schedule", "schedule.shape": "Shape", "schedule.picture": "Temperature against steps",
  "schedule.first": "First temperature", "schedule.least": "Least temperature", "schedule.reach": "Step at which the least is reached",
  "schedule.reachText": "step {step}, at a rate of {rate}", "schedule.never": "never, at a rate of 0",
  "schedule.now": "τ {tau} at step {step}", "schedule.help": "Drag the marks, or move them with the arrow keys.",

  "pad.title": "Draw a digit", "pad.label": "Pad of 28 by 28 pixels. Arrow keys move, space draws, shift with an arrow key draws along.",
  "pad.clear": "Clear", "pad.centre": "Centre", "pad.sample": "Another test digit",
  "pad.centreHint": "Moves the ink's centre to the middle, where it is in all of MNIST",
  "pad.help": "Draw with a pointer, or with the arrow keys and space.",
  "pad.at": "Column {column}, row {row}", "pad.code": "Its code, q(z|x)", "pad.codeLabel": "Likeliest classes of its code: {classes}", "pad.codeBits": { one: "Of {all} bits of its code {n} is likely 1", other: "Of {all} bits of its code {n} are likely 1" },
  "pad.drawn": "Reconstruction",

  "code.title": "The code", "code.grid": "Code: a row for each categorical, a cell for each class",
  "code.help": "Click a cell, or press Enter on it, to force a class: the decoder answers at once.",
  "code.row": "Categorical {n}", "code.cell": "class {k}, chance {chance}", "code.chosen": "chosen", "code.forced": "forced", "code.dead": "hardly ever used",
  "code.undo": "Undo", "code.free": "Undo all", "code.hard": "One-hot",
  "code.hardHint": "Decode the chosen class of every row in place of its chances",
  "code.before": "Previous digit", "code.after": "Next digit", "code.digit": "Digit {n} of {all}",
  "code.drawn": "Decoded", "code.inUse": "{n} of {all} classes in use",
  "code.gridBits": "Code: a cell for each bit", "code.helpBits": "Click a cell, or press Enter on it, to turn a bit over: the decoder answers at once.",
  "code.rowBits": "From bit {n} on", "code.cellBits": "bit {k}, chance {chance}", "code.chosenBits": "1", "code.deadBits": "hardly ever another",
  "code.hardBits": "0 or 1", "code.inUseBits": { one: "{n} of {all} bits varies", other: "{n} of {all} bits vary" },
  "code.legendChosen": "chosen", "code.legendForced": "forced", "code.legendUsage": "how often test digits use it", "code.legendDead": "dead",

  "say.gumbel-categorical": "Draw {step}: at temperature {temperature} the gradient's bias is {bias} and its variance {variance}.",
  "categorical.title": "One choice", "categorical.class": "Class", "categorical.logits": "Logits", "categorical.logit": "Logit {k}",
  "categorical.chance": "Chance", "categorical.sample": "Sample", "categorical.share": "Chosen so far",
  "categorical.row.logits": "Logit", "categorical.row.noise": "+ Gumbel noise", "categorical.row.sum": "Sum", "categorical.row.perturbed": "÷ τ", "categorical.row.sample": "Softmax", "categorical.row.hard": "One-hot",
  "categorical.row.exact": "Exact", "categorical.row.gradient": "Mean of draws",
  "categorical.temperature": "Temperature τ", "categorical.estimator": "Estimator", "categorical.draw": "Draw",
  "categorical.drawHint": "Draws new noise", "categorical.present": "The present draw", "categorical.gradient": "Gradient",
  "categorical.bias": "Bias", "categorical.variance": "Variance", "categorical.of": { one: "of {n} draw", other: "of {n} draws" },
  "categorical.help.gumbel-softmax": "Low temperature: little bias, much variance. High temperature: the other way round.",
  "categorical.help.straight-through": "However low the temperature, a straight-through gradient stays biased; the best one lies in between.",
};

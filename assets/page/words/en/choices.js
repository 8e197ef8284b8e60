// Names of the values of settings; a setting's own name for a value comes first, as in
// "binarise.fixed".
export const choices = {
  "8gaussians": "8 Gaussians", "25gaussians": "25 Gaussians",
  swissroll: "Swiss roll", moons: "Two moons", spiral: "Spiral", points: "Your points",
  wasserstein: "Wasserstein distance", gan: "Ordinary GAN",
  "least-squares": "Least squares", "one-sided": "One-sided penalty",
  learned: "Learned", fixed: "Fixed", penalty: "Penalty",
  clip: "Clipping", none: "None", adam: "Adam", rmsprop: "RMSProp",
  momentum: "Momentum", relu: "ReLU", leakyrelu: "Leaky ReLU", tanh: "tanh",
  softplus2: "Softplus", uniform: "Uniform", grey: "Grey", dynamic: "Drawn anew",
  exponential: "Exponential", linear: "Linear", stepwise: "By halves", constant: "Constant",
  "gumbel-softmax": "Gumbel-Softmax", "straight-through": "Straight-through",
  "score-function": "Score function", nvil: "NVIL", darn: "DARN", muprop: "MuProp",
  "slope-annealed": "Slope-annealed", "st-gumbel-softmax": "Straight-through Gumbel-Softmax",
  "st-gumbel": "Straight-through Gumbel-Softmax", marginalisation: "Marginalisation",
  vimco: "VIMCO", rebar: "REBAR", relax: "RELAX", arm: "ARM", disarm: "DisARM",
  all: "All digits", validation: "A sixth kept apart",
  "binarise.fixed": "Drawn once", "schedule.slope": "Slope",
};

// Headings of the form.
export const groups = {
  data: "Data", model: "Networks", critic: "Critic",
  optimiser: "Optimiser", temperature: "Temperature",
};

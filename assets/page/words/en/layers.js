// The names of the stage's layers that came after the first, and its captions.
export const layers = {
  "layers.more": "More layers", "layers.descent": "Gradient at the generated points", "layers.batch": "The critic's last batch", "layers.segments": "Segments of the penalty",
  "layers.noise": "The batch's noise", "layers.handles": "Grips at the modes", "layers.surface": "Critic as a surface",
  "layers.difference": "Difference A − B",
  "layers.logits": "Logits", "layers.gumbelNoise": "+ Gumbel noise", "layers.perturbed": "Their sum ÷ τ", "layers.softSample": "Its softmax",
  "layers.chosen": "Chosen so far", "layers.chances": "Softmax of the logits",
};

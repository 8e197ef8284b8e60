// The names of the stage's layers that came after the first, and its captions.
export const layers = {
  en: {
    "layers.more": "More layers", "layers.descent": "Gradient at the generated points", "layers.batch": "The critic's last batch", "layers.segments": "Segments of the penalty",
    "layers.noise": "The batch's noise", "layers.handles": "Grips at the modes", "layers.surface": "Critic as a surface",
    "layers.difference": "Difference A − B",
    "layers.logits": "Logits", "layers.gumbelNoise": "+ Gumbel noise", "layers.perturbed": "Their sum ÷ τ", "layers.softSample": "Its softmax",
    "layers.chosen": "Chosen so far", "layers.chances": "Softmax of the logits",
  },
  ja: {
    "layers.more": "ほかのレイヤー", "layers.descent": "生成点での勾配", "layers.batch": "クリティックの直近のバッチ", "layers.segments": "ペナルティの線分",
    "layers.noise": "バッチの雑音", "layers.handles": "モードのつまみ", "layers.surface": "クリティックの曲面",
    "layers.difference": "差 A − B",
    "layers.logits": "ロジット", "layers.gumbelNoise": "+ Gumbel 雑音", "layers.perturbed": "和 ÷ τ", "layers.softSample": "その softmax",
    "layers.chosen": "選ばれた割合", "layers.chances": "ロジットの softmax",
  },
};

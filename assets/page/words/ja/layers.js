// The names of the stage's layers that came after the first, and its captions.
export const layers = {
  "layers.more": "ほかのレイヤー", "layers.descent": "生成点での勾配", "layers.batch": "クリティックの直近のバッチ", "layers.segments": "ペナルティの線分",
  "layers.noise": "バッチの雑音", "layers.handles": "モードのつまみ", "layers.surface": "クリティックの曲面",
  "layers.difference": "差 A − B",
  "layers.logits": "ロジット", "layers.gumbelNoise": "+ Gumbel 雑音", "layers.perturbed": "和 ÷ τ", "layers.softSample": "その softmax",
  "layers.chosen": "選ばれた割合", "layers.chances": "ロジットの softmax",
};

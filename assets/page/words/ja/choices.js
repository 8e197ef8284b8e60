// Names of the values of settings; a setting's own name for a value comes first, as in
// "binarise.fixed".
export const choices = {
  "8gaussians": "8 個のガウス分布", "25gaussians": "25 個のガウス分布",
  swissroll: "スイスロール", moons: "2 つの三日月", spiral: "らせん", points: "自分の点",
  wasserstein: "ワッサースタイン距離", gan: "普通の GAN",
  "least-squares": "最小二乗", "one-sided": "片側ペナルティ",
  learned: "学習する", fixed: "固定", penalty: "ペナルティ",
  clip: "クリッピング", none: "なし", adam: "Adam", rmsprop: "RMSProp",
  momentum: "モメンタム", relu: "ReLU", leakyrelu: "Leaky ReLU", tanh: "tanh",
  softplus2: "Softplus", uniform: "一様", grey: "濃淡のまま", dynamic: "毎回 2 値化",
  exponential: "指数", linear: "直線", stepwise: "半分ずつ", constant: "一定",
  "gumbel-softmax": "Gumbel-Softmax", "straight-through": "ストレートスルー",
  "score-function": "スコア関数", nvil: "NVIL", darn: "DARN", muprop: "MuProp",
  "slope-annealed": "傾きを増すストレートスルー", "st-gumbel-softmax": "ストレートスルー Gumbel-Softmax",
  "st-gumbel": "ストレートスルー Gumbel-Softmax", marginalisation: "周辺化",
  vimco: "VIMCO", rebar: "REBAR", relax: "RELAX", arm: "ARM", disarm: "DisARM",
  all: "すべての数字", validation: "6 分の 1 を別に置く",
  "binarise.fixed": "一度だけ 2 値化", "schedule.slope": "傾き",
};

// Headings of the form.
export const groups = {
  data: "データ", model: "ネットワーク", critic: "クリティック",
  optimiser: "最適化", temperature: "温度",
};

// Units, which are named in English by the registry.
export const units = { points: "点", examples: "枚", channels: "チャネル", units: "個", layers: "層", steps: "ステップ", "per step": "毎ステップ", digits: "枚", nats: "ナット" };

// Words of the tabs that complete digits, and that know few labels.
export const halves = {
  "tab.sop": "補完", "tab.semi": "少数ラベル",
  "layers.given": "与えた上半分", "layers.truth": "正しい数字", "layers.mean": "32 個の補完の平均", "layers.samples": "6 つの補完",
  "caption.given": "上半分", "caption.truth": "正解", "caption.mean": "平均", "caption.samples": "6 つの補完",
  "layers.analogies": "一つの書き方で 10 クラス", "layers.guesses": "テスト数字のクラス",
  "caption.analogies": "一つの書き方で 10 クラス", "caption.guesses": "どのクラス？",

  "chart.nll": "下半分の −log p", "chart.accuracy": "正解率", "chart.bounds": "直近のステップの下界", "chart.classification": "ラベル付き数字の分類",
  "say.gumbel-sop": "ステップ {step}：下半分は {nll} ナット、{trend}。温度 {temperature}。",
  "say.gumbel-semi": "ステップ {step}：テスト数字の {accuracy} % を正しく分類。ELBO は {elbo} ナット、{trend}。",

  "pad.half.title": "上半分を描く", "pad.half.label": "数字の上半分を描く 28×14 画素の面。矢印キーで移動、スペースで描く、Shift と矢印キーで続けて描く。",
  "pad.half.help": "線の上に、ポインターまたは矢印キーとスペースで描きます。線の下はネットワークが続けます。図の行をクリックするとそこから始められます。",
  "pad.half.mean": "線の下：32 個の補完の平均", "pad.half.six": "6 つの補完", "pad.half.one": "補完 {n}",
  "pad.class.help": "ポインター、または矢印キーとスペースで描きます。図の数字をクリックするとそこから始められます。",
  "pad.class.chances": "そのクラス q(y|x)", "pad.class.same": "同じ書き方で各クラス", "pad.class.one": "{k} として",

  "embed.sop": "Gumbel-Softmax が数字の下半分を補完。再生するとここで学習します。",
  "embed.semi": "Gumbel-Softmax が少ないラベルで数字を分類。再生するとここで学習します。",
};

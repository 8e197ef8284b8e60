// Words of the tabs that complete digits, and that know few labels.
export const halves = {
  en: {
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
  },
  ja: {
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
  },
};

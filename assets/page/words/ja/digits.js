// Words of the tab whose networks generate digits.
export const digits = {
  "tab.mnist": "MNIST GAN",
  "chart.critic": "クリティックの損失（符号を反転）", "chart.generator": "生成器の損失", "chart.penalty": "勾配ペナルティ", "chart.score": "分類器による評価",
  "line.wgan-mnist.critic-loss": "学習用の数字", "line.wgan-mnist.validation-loss": "学習に使わない数字",
  "say.wgan-mnist": "ステップ {step}：クリティックの損失（符号を反転）は学習用の数字で {critic-loss}、{trend}。学習に使わない数字では {validation-loss}。",

  "walk.title": "四つの標本のあいだ", "walk.here": "この点",
  "walk.label": "四隅に標本を置き、そのあいだを示す地図。矢印キーで移動。",
  "walk.help": "四つの標本の z のあいだで生成器が作る数字です。ポインターまたは矢印キーで地図の上を動きます。図の生成された数字をクリックすると最も近い隅に置かれます。",
  "walk.other": "別の四隅", "walk.at": "左から {x} %、上から {y} %",

  "embed.mnist": "WGAN-GP が数字を生成。再生するとここで学習します。",
};

// The embed's words.
export const embed = {
  en: {
    "embed.start": "Train live",
    "embed.wgan": "WGAN-GP on a plane. Play trains it here.",
    "embed.gumbel": "Gumbel-Softmax on digits. Play trains it here.",
    "embed.kept": "Step {step}, as it was left. Play goes on.",
    "embed.poster.wgan": "Generated points among eight groups of real ones, on the contours of a trained critic.",
    "embed.poster.gumbel": "Gumbel-Softmax samples on three simplices: at a high temperature in the middle, at a low one in the corners.",
    "embed.settings": "Settings",
    "embed.later": "The settings come with the trainer: press Play.",
    "embed.locked": "fixed here",
    "embed.away": "The page around this frame lets it open no window. Copy the address:",
  },
  ja: {
    "embed.start": "ここで学習する",
    "embed.wgan": "平面上の WGAN-GP。再生するとここで学習します。",
    "embed.gumbel": "数字の Gumbel-Softmax。再生するとここで学習します。",
    "embed.kept": "ステップ {step} で止まっています。再生で続きから。",
    "embed.poster.wgan": "学習したクリティックの等高線の上で、8 つの本物の点の集まりに並ぶ生成された点。",
    "embed.poster.gumbel": "3 つの単体の上の Gumbel-Softmax の標本：高い温度では中ほどに、低い温度では隅に集まる。",
    "embed.settings": "設定",
    "embed.later": "設定は学習器とともに現れます。再生を押してください。",
    "embed.locked": "ここでは変えられません",
    "embed.away": "このページの枠からは新しいウィンドウを開けません。アドレスをコピーしてください：",
  },
};

// The embed's words.
export const embed = {
  "embed.start": "ここで学習する",
  "embed.wgan": "平面上の WGAN-GP。再生するとここで学習します。",
  "embed.gumbel": "数字の Gumbel-Softmax。再生するとここで学習します。",
  "embed.categorical": "三つのクラスからの、緩和した選択。再生するとここで引きます。",
  "embed.kept": "ステップ {step} で止まっています。再生で続きから。",
  "embed.poster": "学習の図の代わりの、Ganbel の印。",
  "embed.poster.recorded": "録画。{words}",
  "embed.settings": "設定",
  "embed.later": "設定は学習器とともに現れます。再生を押してください。",
  "embed.locked": "ここでは変えられません",
  "embed.away": "このページの枠からは新しいウィンドウを開けません。アドレスをコピーしてください：",
};

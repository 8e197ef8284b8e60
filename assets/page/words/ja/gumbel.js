// Words of the Gumbel tab: the schedule, the pad, the code and the one choice.
export const gumbel = {
  "chart.gap": "緩和で良く見えている分", "chart.bias": "勾配の偏り", "chart.variance": "勾配の分散", "chart.entropy": "標本のエントロピー",

  "schedule.title": "温度の予定", "schedule.shape": "形", "schedule.picture": "ステップに対する温度",
  "schedule.first": "最初の温度", "schedule.least": "最低温度", "schedule.reach": "最低に着くステップ",
  "schedule.reachText": "ステップ {step}、冷却率 {rate}", "schedule.never": "着かない（冷却率 0）",
  "schedule.now": "ステップ {step} で τ {tau}", "schedule.help": "印を引くか、矢印キーで動かします。",

  "pad.title": "数字を描く", "pad.label": "28×28 画素の描画面。矢印キーで移動、スペースで描く、Shift と矢印キーで続けて描く。",
  "pad.clear": "消す", "pad.centre": "中央へ", "pad.sample": "別のテスト数字",
  "pad.centreHint": "MNIST と同じように、インクの重心を中央に移します",
  "pad.help": "ポインター、または矢印キーとスペースで描きます。",
  "pad.at": "{column} 列 {row} 行", "pad.code": "そのコード q(z|x)", "pad.codeLabel": "コードの最も確からしいクラス：{classes}", "pad.codeBits": "コードの {all} ビットのうち {n} がおそらく 1",
  "pad.drawn": "再構成",

  "code.title": "コード", "code.grid": "コード：行がカテゴリ変数、列がクラス",
  "code.help": "セルをクリックするか Enter を押すと、そのクラスに決まります。デコーダーがすぐに答えます。",
  "code.row": "カテゴリ変数 {n}", "code.cell": "クラス {k}、確率 {chance}", "code.chosen": "選択", "code.forced": "指定", "code.dead": "ほとんど使われない",
  "code.undo": "元に戻す", "code.free": "すべて戻す", "code.hard": "One-hot",
  "code.hardHint": "確率ではなく、各行で選ばれたクラスを復号します",
  "code.before": "前の数字", "code.after": "次の数字", "code.digit": "数字 {n} / {all}",
  "code.drawn": "復号", "code.inUse": "{all} クラスのうち {n} を使用",
  "code.gridBits": "コード：セルがビット", "code.helpBits": "セルをクリックするか Enter を押すと、ビットが反転します。デコーダーがすぐに答えます。",
  "code.rowBits": "ビット {n} から", "code.cellBits": "ビット {k}、確率 {chance}", "code.chosenBits": "1", "code.deadBits": "ほとんど変わらない",
  "code.hardBits": "0 か 1", "code.inUseBits": "{all} ビットのうち {n} が変化",
  "code.legendChosen": "選択", "code.legendForced": "指定", "code.legendUsage": "テスト数字での使用頻度", "code.legendDead": "不使用",

  "say.gumbel-categorical": "{step} 回目の標本：温度 {temperature} で勾配の偏りは {bias}、分散は {variance}。",
  "categorical.title": "ひとつの選択", "categorical.class": "クラス", "categorical.logits": "ロジット", "categorical.logit": "ロジット {k}",
  "categorical.chance": "確率", "categorical.sample": "標本", "categorical.share": "これまでの選択",
  "categorical.row.logits": "ロジット", "categorical.row.noise": "＋ Gumbel 雑音", "categorical.row.sum": "和", "categorical.row.perturbed": "÷ τ", "categorical.row.sample": "ソフトマックス", "categorical.row.hard": "One-hot",
  "categorical.row.exact": "厳密", "categorical.row.gradient": "標本の平均",
  "categorical.temperature": "温度 τ", "categorical.estimator": "推定量", "categorical.draw": "引く",
  "categorical.drawHint": "新しい雑音を引きます", "categorical.present": "いまの標本", "categorical.gradient": "勾配",
  "categorical.bias": "偏り", "categorical.variance": "分散", "categorical.of": "{n} 個の標本",
  "categorical.help.gumbel-softmax": "温度が低いと偏りは小さく分散は大きい。高いとその逆です。",
  "categorical.help.straight-through": "ストレートスルーの勾配は温度をどこまで下げても偏りが残り、ちょうどよい温度はその間にあります。",
};

// Words of the person's own points as files and text.
export const points = {
  "points.choose": "ファイルを選ぶ", "points.drop": "または .csv・.txt ファイルをここか図の上にドロップする。",
  "points.count": "{n} 行目には値が {k} 個あります。x と y の 2 個が必要です。", "points.number": "{n} 行目の{what} は数ではありません。",
  "points.far": "{n} 行目の {what} は大きすぎます。−1000000 から 1000000 までの数にしてください。", "points.empty": "数の組のある行がありません。",
  "points.text": "{n} 行目は UTF-8 のテキストではありません。", "points.quote": "{n} 行目の引用符が閉じていません。",
  "points.utf16": "UTF-16 か UTF-32 のファイルです。UTF-8 で保存してください。", "points.bytes": "ファイルが大きすぎます。", "points.many": "点が多すぎます。200000 点までです。",
  "points.file": "「{name}」は .csv でも .txt でもありません。", "points.large": "「{name}」は {mb} MB を超えています。",
  "points.most": "{n} 点（{all} 点すべてから同じ確率で無作為に選んだもの）",
  "points.full": "{n} 点：これより多くは学習に使えません。", "points.gone": "「{name}」が読めません。もう一度選んでください。",
  "points.hint": "図の上に描くか、x, y の組を貼り付けるかドロップする。", "points.more": "貼り付け・ファイル",
  "points.skip.one": "読めない行をとばす（{lines} 行目）", "points.skip.many": "読めない {n} 行をとばす（{lines} 行目）",
  "points.skipped.one": "読めない 1 行をとばしました：{lines} 行目。", "points.skipped.many": "読めない {n} 行をとばしました：{lines} 行目。",
  "points.damaged": "このリンクの点は途中で切れているか壊れています。リンク全体をもらってください。いまの点は別のものです。",
  "points.lacks": "このリンクには {n} 点が入りきらず、含まれていません。点のファイルをここにドロップしてください。いまの点は別のものです。",
  "points.embedLacks": "このリンクには {n} 点が入りきらず、含まれていません。いまの点は別のものです。",
  "points.shareLacks": "リンクには {n} 点が入りきりません。点のファイルをリンクと一緒に送ってください。", "points.save": "点をファイルに保存",
};

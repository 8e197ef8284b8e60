// Words of the person's own points as files and text.
export const pointWords = {
  en: {
    "points.choose": "Choose a file", "points.drop": "or drop a .csv or .txt file here or on the picture.",
    // What is wrong with points is said as the command says it.
    "points.count": "{error}", "points.number": "{error}", "points.far": "{error}", "points.empty": "{error}", "points.text": "{error}",
    "points.quote": "{error}", "points.utf16": "{error}", "points.bytes": "{error}", "points.many": "{error}",
    "points.file": "“{name}” is no .csv or .txt file.", "points.large": "“{name}” is larger than {mb} MB.",
    "points.most": { one: "{n} point, the first of {all}", other: "{n} points, the first of {all}" },
  },
  ja: {
    "points.choose": "ファイルを選ぶ", "points.drop": "または .csv・.txt ファイルをここか図の上にドロップする。",
    "points.count": "{n} 行目には値が {k} 個あります。x と y の 2 個が必要です。", "points.number": "{n} 行目の{what} は数ではありません。",
    "points.far": "{n} 行目の {what} は大きすぎます。−1000000 から 1000000 までの数にしてください。", "points.empty": "数の組のある行がありません。",
    "points.text": "{n} 行目は UTF-8 のテキストではありません。", "points.quote": "{n} 行目の引用符が閉じていません。",
    "points.utf16": "UTF-16 か UTF-32 のファイルです。UTF-8 で保存してください。", "points.bytes": "ファイルが大きすぎます。", "points.many": "点が多すぎます。200000 点までです。",
    "points.file": "「{name}」は .csv でも .txt でもありません。", "points.large": "「{name}」は {mb} MB を超えています。",
    "points.most": "{n} 点（{all} 点のうち最初の分）",
  },
};

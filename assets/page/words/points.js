// Words of the person's own points as files and text.
export const pointWords = {
  en: {
    "points.choose": "Choose a file", "points.drop": "or drop a .csv or .txt file here or on the picture.",
    "points.count": "Row {n} has {k} values where x and y are needed.", "points.number": "Row {n}: “{what}” is no number.",
    "points.far": "Row {n}: {what} is beyond what can be computed with.", "points.empty": "There is no row with two numbers.",
    "points.file": "“{name}” is no .csv or .txt file.", "points.large": "“{name}” is larger than {mb} MB.",
    "points.most": "{n} points, the first of {all}",
  },
  ja: {
    "points.choose": "ファイルを選ぶ", "points.drop": "または .csv・.txt ファイルをここか図の上にドロップする。",
    "points.count": "{n} 行目には値が {k} 個あります。x と y の 2 個が必要です。", "points.number": "{n} 行目の「{what}」は数ではありません。",
    "points.far": "{n} 行目の {what} は計算できる範囲を超えています。", "points.empty": "数の組のある行がありません。",
    "points.file": "「{name}」は .csv でも .txt でもありません。", "points.large": "「{name}」は {mb} MB を超えています。",
    "points.most": "{n} 点（{all} 点のうち最初の分）",
  },
};

// What is said of run files, and of what is made from them.
export const runfile = {
  "runfile.none": "これは実行の記録ではありません。実行は .safetensors ファイルに保存されます。",
  "runfile.cut": "ファイルが途中で切れています（{all} バイト中 {n} バイト）。保存かコピーをやり直してください。",
  "runfile.foreign": "別のプログラムのファイルです。Ganbel の実行の記録ではありません。",
  "runfile.broken": "実行の記録が壊れています（{what}）。保存かコピーをやり直してください。",
  "runfile.unchecked": "{name} には照合用のダイジェストがありません（古いファイル）。数値の破損があっても検出できません。",
  "runfile.exporter": "ファイルを作れませんでした（{message}）。",
};

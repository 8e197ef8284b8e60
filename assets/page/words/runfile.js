// What is said of run files, and of what is made from them.
export const runfile = {
  en: {
    "runfile.none": "This is not a run file. A run is kept as a .safetensors file.",
    "runfile.cut": "The file is cut: {n} of {all} bytes are there. Save or copy it again.",
    "runfile.foreign": "This file is of another program: it holds no run of Ganbel.",
    "runfile.broken": "The run file is damaged ({what}). Save or copy it again.",
    "runfile.unchecked": "{name} carries no digest of itself, as older files do: damage to its numbers would go unnoticed.",
    "runfile.exporter": "The file could not be made: {message}.",
  },
  ja: {
    "runfile.none": "これは実行の記録ではありません。実行は .safetensors ファイルに保存されます。",
    "runfile.cut": "ファイルが途中で切れています（{all} バイト中 {n} バイト）。保存かコピーをやり直してください。",
    "runfile.foreign": "別のプログラムのファイルです。Ganbel の実行の記録ではありません。",
    "runfile.broken": "実行の記録が壊れています（{what}）。保存かコピーをやり直してください。",
    "runfile.unchecked": "{name} には照合用のダイジェストがありません（古いファイル）。数値の破損があっても検出できません。",
    "runfile.exporter": "ファイルを作れませんでした（{message}）。",
  },
};

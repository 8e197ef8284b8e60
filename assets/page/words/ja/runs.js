// Words about kept runs, and opening others.
export const runs = {
  runs: "学習の履歴", "runs.hint": "離れた学習はここに残り、止まったところから開ける",
  "runs.about": "離れた学習と、ほかのタブの学習。このブラウザーに保存され、古いものから消えます。",
  "runs.closed": "このブラウザーはこのページに保存を許していません。ページを閉じるとこれらの学習は消えます。必要なものは「ファイル」で保存してください。",
  "runs.none": "まだ何も残っていません。学習を離れると、ここに残ります。",
  "runs.at": "ステップ {step}、{time}", "runs.several": "{n} つの学習を並べたもの",
  "runs.open": "開く", "runs.drop": "削除", "runs.clear": "すべて削除",
  "runs.gone": "ここにあった学習はもう残っていないので、最初から始めます。",
  "runs.bad": "残した学習を開けません（{reason}）。",
  "runs.still": "学習は元のままです（{reason}）。",
  "runs.link": "リンクの {given} は、ここにはありません",
  "runfile.noTab": "{name} のタブはありません。コマンド ganbel run --from FILE で続けられます",
  "compare.anew": "新しいネットワークが必要なので、どちらもステップ 0 から始めます。",
};

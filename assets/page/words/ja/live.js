// Words of a page that watches a run.
export const live = {
  "live.watching": "{name} は “ganbel run” が学習しています。ここでは設定を変えられません。",
  "live.connecting": "サーバーに接続しています…",
  "live.lost": "{time} からサーバーの応答がありません。再接続しています…",
  "live.missing": "学習を待っています（{message}）。",
  "live.unknown": "このページでは {name} の学習を表示できません。ページとコマンドの版を揃えてください。",
  "live.running": "学習中です（{steps} ステップまで）。",
  "live.still": "{time} から止まっています（{steps} ステップのうち {step}）。",
  "live.ended": "ステップ {step} で終了しました（{time}）。",
};

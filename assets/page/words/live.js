// Words of a page that watches a run.
export const live = {
  en: {
    "live.watching": "{name} is trained by “ganbel run”; its settings cannot be changed here.",
    "live.connecting": "Connecting to the server…",
    "live.lost": "The server does not answer since {time}. Trying again…",
    "live.missing": "Waiting for the run: {message}.",
    "live.unknown": "This page cannot show a run of {name}: take a page and a command of one version.",
    "live.running": "The run goes on, to step {steps}.",
    "live.still": "The run stands still since {time}, at step {step} of {steps}.",
    "live.ended": "The run ended at step {step}, {time}.",
  },
  ja: {
    "live.watching": "{name} は “ganbel run” が学習しています。ここでは設定を変えられません。",
    "live.connecting": "サーバーに接続しています…",
    "live.lost": "{time} からサーバーの応答がありません。再接続しています…",
    "live.missing": "学習を待っています（{message}）。",
    "live.unknown": "このページでは {name} の学習を表示できません。ページとコマンドの版を揃えてください。",
    "live.running": "学習中です（{steps} ステップまで）。",
    "live.still": "{time} から止まっています（{steps} ステップのうち {step}）。",
    "live.ended": "ステップ {step} で終了しました（{time}）。",
  },
};

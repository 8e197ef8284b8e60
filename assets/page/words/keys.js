// Names of the shortcuts.
export const keyWords = {
  en: {
    "key.space": "Space", "key.title": "{words} ({keys})",
    "key.play": "play or pause", "key.step": "one iteration", "key.critic": "one critic step", "key.generator": "one generator step",
    "key.slow": "slow motion", "key.reset": "reset, same seed", "key.seed": "new seed", "key.compare": "compare",
    "key.slower": "slower", "key.faster": "faster", "key.layer": "layers", "key.probe": "on the picture: read the critic off", "key.slice": "slice of D",
    "key.lessons": "lessons", "key.tabs": "next tab", "key.theme": "light or dark", "key.help": "this list",
  },
  ja: {
    "key.space": "スペース", "key.title": "{words}（{keys}）",
    "key.play": "再生・停止", "key.step": "1 回だけ更新", "key.critic": "クリティックを 1 回更新", "key.generator": "生成器を 1 回更新",
    "key.slow": "スローモーション", "key.reset": "同じシードでリセット", "key.seed": "新しいシード", "key.compare": "比較",
    "key.slower": "遅く", "key.faster": "速く", "key.layer": "レイヤー", "key.probe": "図の上で：クリティックの値を読む", "key.slice": "D の断面",
    "key.lessons": "レッスン", "key.tabs": "次のタブ", "key.theme": "明るい・暗い", "key.help": "この一覧",
  },
};

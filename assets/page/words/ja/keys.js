// Names of the shortcuts.
export const keys = {
  "key.space": "スペース", "key.title": "{words}（{keys}）",
  "key.play": "再生・停止", "key.step": "1 回だけ更新", "key.critic": "クリティックを 1 回更新", "key.generator": "生成器を 1 回更新",
  "key.slow": "スローモーション", "key.reset": "同じシードでリセット", "key.seed": "新しいシード", "key.compare": "比較",
  "key.slower": "遅く", "key.faster": "速く", "key.layer": "レイヤー", "key.probe": "図の上で：クリティックの値を読む", "key.slice": "D の断面",
  "key.lessons": "レッスン", "key.tabs": "次のタブ", "key.theme": "明るい・暗い", "key.help": "この一覧",
};

// Words of the dialog that exports.
export const exporting = {
  "export.title": "ファイル", "export.close": "閉じる",
  "export.run": "学習", "export.runFile": "学習ファイル", "export.runFileDoc": "続けるのに必要なすべて。ここでも、ネイティブの ganbel run --from でも開ける", "export.saveRun": "学習ファイルを保存",
  "export.onnx": "ONNX", "export.onnxDoc": "学習したネットワークを他の枠組みへ。1 つずつのファイル", "export.saveOnnx": "ネットワークを ONNX で保存",
  "export.open": "開く", "export.openDoc": "ここかネイティブで保存した学習ファイル。ページに落としても開ける", "export.openRun": "学習ファイルを開く",
  "export.picture": "図", "export.numbers": "数値", "export.motion": "動き",
  "export.clear": "背景を透明に", "export.labels": "等高線に値を書く", "export.light": "紙のための明るい配色",
  "export.png": "PNG", "export.pngDoc": "見えている図を、1 倍・2 倍・4 倍の大きさで。", "export.pngTimes": "PNG {n}×",
  "export.svg": "SVG", "export.svgDoc": "等高線と点を曲線のまま。論文向け。", "export.saveSvg": "SVG を保存",
  "export.metrics": "指標", "export.metricsDoc": "これまでのすべての数値を CSV で。", "export.saveMetrics": "指標を CSV で保存",
  "export.samples": "標本", "export.samplesDoc": "見えている本物の点と生成した点を CSV で。", "export.saveSamples": "標本を CSV で保存",
  "export.video": "動画", "export.videoDoc": "止めるまで図を録画する（目盛りの数字は入らない）。",
  "export.record": "録画", "export.stop": "止めて保存", "export.recording": "録画中、{n} 秒",
  "export.gif": "GIF", "export.gifDoc": "これまでの学習を {n} 枚の図で。", "export.saveGif": "GIF を保存",
  "export.csv": "CSV", "export.working": "作成中…", "export.saved": "{name} を保存しました。",
  "export.failed": "失敗しました（{message}）。", "export.noVideo": "このブラウザーは図を録画できません", "export.noMotion": "録画中に動きがありませんでした",
  "export.noFrames": "元になる図がまだありません", "export.noPicture": "図がまだありません",
};

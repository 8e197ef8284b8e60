// Words of the dialog that exports.
export const exporting = {
  "export.title": "Files", "export.close": "Close",
  "export.run": "Run", "export.runFile": "Run file", "export.runFileDoc": "Everything to go on with: opens here again, and natively by ganbel run --from", "export.saveRun": "Save the run file",
  "export.onnx": "ONNX", "export.onnxDoc": "The trained networks for other frameworks, a file each", "export.saveOnnx": "Save the networks as ONNX",
  "export.open": "Open", "export.openDoc": "A run file from here or from a native run; or drop it on the page", "export.openRun": "Open a run file",
  "export.picture": "Picture", "export.numbers": "Numbers", "export.motion": "Motion",
  "export.clear": "Clear ground", "export.labels": "Numbers on the contour lines", "export.light": "Light colours, for paper",
  "export.png": "PNG", "export.pngDoc": "What you see, in one, two or four times its size.", "export.pngTimes": "PNG, {n}×",
  "export.svg": "SVG", "export.svgDoc": "Contours and points as curves, for papers.", "export.saveSvg": "Save SVG",
  "export.metrics": "Metrics", "export.metricsDoc": "All the numbers so far, as CSV.", "export.saveMetrics": "Save metrics as CSV",
  "export.samples": "Samples", "export.samplesDoc": "The points seen, real and generated, as CSV.", "export.saveSamples": "Save samples as CSV",
  "export.video": "Video", "export.videoDoc": "Records the picture, without its numbers, until you stop.",
  "export.record": "Record", "export.stop": "Stop and save", "export.recording": "Recording, {n} s",
  "export.gif": "GIF", "export.gifDoc": { one: "The run so far, {n} picture.", other: "The run so far, {n} pictures." }, "export.saveGif": "Save GIF",
  "export.csv": "CSV", "export.working": "Working…", "export.saved": "{name} is saved.",
  "export.failed": "This failed: {message}.", "export.noVideo": "This browser records no pictures", "export.noMotion": "Nothing moved while it was recorded",
  "export.noFrames": "There are no pictures to make it from yet", "export.noPicture": "There is no picture yet",
};

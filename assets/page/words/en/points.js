// Words of the person's own points as files and text.
export const points = {
  "points.choose": "Choose a file", "points.drop": "or drop a .csv or .txt file here or on the picture.",
  // What is wrong with points is said as the command says it.
  "points.count": "{error}", "points.number": "{error}", "points.far": "{error}", "points.empty": "{error}", "points.text": "{error}",
  "points.quote": "{error}", "points.utf16": "{error}", "points.bytes": "{error}", "points.many": "{error}",
  "points.file": "“{name}” is no .csv or .txt file.", "points.large": "“{name}” is larger than {mb} MB.",
  "points.most": { one: "{n} point, a random sample of all {all}: each row is as likely as any other", other: "{n} points, a random sample of all {all}: each row is as likely as any other" },
  "points.full": { one: "{n} point: the page trains on no more.", other: "{n} points: the page trains on no more." }, "points.gone": "“{name}” cannot be read: choose it again.",
  "points.hint": "Draw on the picture, or paste or drop x, y pairs.", "points.more": "Paste or choose a file",
  "points.skip.one": "Skip the bad row (line {lines})", "points.skip.many": "Skip the {n} bad rows (lines {lines})",
  "points.skipped.one": "1 bad row was skipped: line {lines}", "points.skipped.many": "{n} bad rows were skipped: lines {lines}",
  "points.damaged": "The points in this link are cut or damaged: ask for the whole link. These are others.",
  "points.lacks": { one: "This link lacks its {n} point, for which it has no room: drop its file here. These are others.", other: "This link lacks its {n} points, for which it has no room: drop their file here. These are others." },
  "points.embedLacks": { one: "This link lacks its {n} point, for which it has no room. These are others.", other: "This link lacks its {n} points, for which it has no room. These are others." },
  "points.shareLacks": { one: "The links have no room for your {n} point: send it as a file with the link.", other: "The links have no room for your {n} points: send them as a file with the link." }, "points.save": "Save the points as a file",
};

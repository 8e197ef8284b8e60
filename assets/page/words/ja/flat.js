// Words of the pictures that are drawn without WebGL.
export const flat = {
  "flat.note": "ここでは WebGL を使わずに図を描いています。",
  "flat.broken": "いまは WebGL を使わずに図を描いています（{message}）。",
  "flat.again": "WebGL をもう一度試す",
};

// Words of the pictures that are drawn without WebGL.
export const flat = {
  en: {
    "flat.note": "Pictures are drawn without WebGL here.",
    "flat.broken": "Pictures are drawn without WebGL now: {message}.",
    "flat.again": "Try WebGL again",
  },
  ja: {
    "flat.note": "ここでは WebGL を使わずに図を描いています。",
    "flat.broken": "いまは WebGL を使わずに図を描いています（{message}）。",
    "flat.again": "WebGL をもう一度試す",
  },
};

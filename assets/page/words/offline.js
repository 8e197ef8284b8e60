// Words about using the page without a network.
export const offlineWords = {
  en: {
    "offline.kept": "This page also works without a network.",
    "fault.offline": "You are offline: {message}.",
    "fault.network": "You are offline, or the server does not answer: {message}.",
    "flat.offline": "You are offline, or the server does not answer: pictures are drawn without WebGL.",
  },
  ja: {
    "offline.kept": "このページはネットワークがなくても使えます。",
    "fault.offline": "オフラインです（{message}）。",
    "fault.network": "オフラインか、サーバーから応答がありません（{message}）。",
    "flat.offline": "オフラインか、サーバーから応答がありません。WebGL を使わずに図を描いています。",
  },
};

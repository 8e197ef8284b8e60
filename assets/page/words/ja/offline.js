// Words about using the page without a network.
export const offline = {
  "offline.kept": "このページはネットワークがなくても使えます。",
  "fault.offline": "オフラインです（{message}）。",
  "fault.network": "オフラインか、サーバーから応答がありません（{message}）。",
  "flat.offline": "オフラインか、サーバーから応答がありません。WebGL を使わずに図を描いています。",
};

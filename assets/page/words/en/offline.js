// Words about using the page without a network.
export const offline = {
  "offline.kept": "This page also works without a network.",
  "fault.offline": "You are offline: {message}.",
  "fault.network": "You are offline, or the server does not answer: {message}.",
  "flat.offline": "You are offline, or the server does not answer: pictures are drawn without WebGL.",
};

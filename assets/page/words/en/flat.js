// Words of the pictures that are drawn without WebGL.
export const flat = {
  "flat.note": "Pictures are drawn without WebGL here.",
  "flat.broken": "Pictures are drawn without WebGL now: {message}.",
  "flat.again": "Try WebGL again",
};

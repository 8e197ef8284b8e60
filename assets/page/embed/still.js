// The picture of a run, taken from its stage.

// still resolves with a Blob of a picture as it is seen, w by h pixels of CSS, null
// if it has no frame.
export async function still(picture, w, h) {
  if (!picture.frame || !w || !h) return null;
  const canvas = document.createElement("canvas");
  picture.paint(canvas, w, h, Math.min(2, devicePixelRatio));
  return new Promise((done) => canvas.toBlob(done, "image/webp", 0.9));
}

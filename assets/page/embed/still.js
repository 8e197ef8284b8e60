// The still picture of an embed: what stands for its stage while that is not
// loaded, and on paper.

const patience = 400; // milliseconds; a frame that is not seen may draw nothing

// poster returns the address of a demo's picture from before any training. This is
// the seam for recorded runs: with assets/built/tapes/<experiment>.<preset>.tape
// the first frame worth seeing can be drawn here.
export const poster = (tab) => new URL(`../poster-${tab}.svg`, import.meta.url).href;

// still resolves with a picture of what a stage shows, as a Blob, null where it
// shows nothing. The seam for a renderer on 2D canvases, which would need no stage:
// it would draw the last frame. A WebGL canvas can only be read within the
// animation frame that it was drawn in, so the stage is made to draw once more.
export async function still(stage, redraw) {
  const inside = stage.ready && stage.frame.contentWindow, canvas = inside?.document.querySelector("canvas");
  if (!canvas?.width) return null;
  redraw();
  await new Promise((done) => setTimeout(done)); // the stage has heard it
  const copy = document.createElement("canvas"), c = copy.getContext("2d");
  copy.width = canvas.width;
  copy.height = canvas.height;
  let drawn = false;
  for (const end = performance.now() + patience; !drawn && performance.now() < end; ) {
    await Promise.race([new Promise(inside.requestAnimationFrame), new Promise((done) => setTimeout(done, patience))]);
    c.drawImage(canvas, 0, 0);
    drawn = c.getImageData(0, 0, 1, 1).data[3] > 0;
  }
  if (!drawn || !inside.document) return null;
  letter(c, inside, canvas);
  return new Promise((done) => copy.toBlob(done, "image/webp", 0.9));
}

// letter writes the stage's labels, which are elements above its canvas.
function letter(c, { document, getComputedStyle }, canvas) {
  const box = canvas.getBoundingClientRect(), ratio = canvas.width / box.width;
  c.setTransform(ratio, 0, 0, ratio, -box.left * ratio, -box.top * ratio);
  c.textBaseline = "middle";
  for (const span of document.querySelectorAll("#labels span")) {
    const { left, top, bottom } = span.getBoundingClientRect(), style = getComputedStyle(span);
    const mark = parseFloat(getComputedStyle(span, "::before").width) || 0;
    c.font = `${style.fontSize} ${style.fontFamily}`;
    c.fillStyle = style.color;
    c.fillText(span.textContent, left + mark * 1.6, (top + bottom) / 2);
  }
}

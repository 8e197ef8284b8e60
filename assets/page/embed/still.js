// The still picture of an embed: what stands for its stage while that is not
// loaded, and on paper.
import { Picture } from "../draw/picture.js";
import { url } from "../files.js";
import { load } from "../tape.js";

// poster returns the address of a demo's picture from before anything is known.
export const poster = (tab) => url(`page/poster-${tab}.svg`);

// still resolves with a Blob of a picture as it is seen, w by h pixels of CSS, null
// where it has no frame.
export async function still(picture, w, h) {
  if (!picture.frame || !w || !h) return null;
  const canvas = document.createElement("canvas");
  picture.paint(canvas, w, h, Math.min(2, devicePixelRatio));
  return new Promise((done) => canvas.toBlob(done, "image/webp", 0.9));
}

// recorded returns the Picture of the end of a preset's recorded run, to which the
// messages {cmd, …} apply; null where nothing was recorded.
export async function recorded(experiment, preset, messages) {
  try {
    const tape = await load(experiment, preset);
    if (!tape) return null;
    const picture = new Picture();
    for (const message of messages) picture.hear(message);
    picture.hear({ ...tape.frame(tape.steps.length - 1), cmd: "frame" });
    return picture;
  } catch {
    return null; // the drawn one will do
  }
}

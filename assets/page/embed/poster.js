// The poster of an embed: what stands for its stage while that is not loaded, and on
// paper. It is of its own run: what was drawn of it, or the end of the recorded run
// that has the very same settings. If there is neither it is of no run at all.
import { Picture } from "../draw/picture.js";
import { url } from "../files.js";
import { History } from "../history.js";
import { whole } from "../numbers.js";
import { sentence } from "../say.js";
import { language, t } from "../strings.js";
import { load } from "../tape.js";
import { still } from "./still.js";

const patience = 200; // milliseconds after the last change of size

// equal reports whether two texts are one value.
const equal = (a, b) => a === b || (a.trim() !== "" && b.trim() !== "" && Number(a) === Number(b));

// owns reports whether a tape is of the run of its preset with some of its settings given
// as text; what is no setting makes no other run.
export const owns = (tape, settings) => Object.entries(settings).every(([name, text]) => !Object.hasOwn(tape.values, name) || equal(tape.values[name], text));

// words says what a tape shows at its end.
function words(tape) {
  const history = new History(0), experiment = { name: tape.experiment, metrics: tape.metrics.map((name) => ({ name })) };
  tape.steps.forEach((step, i) => history.add(step, tape.row(i)));
  return t("embed.poster.recorded", { words: sentence(history, { experiment, values: tape.values }, whole(tape.steps.at(-1), language())) });
}

export class Poster {
  // img shows the poster of a run.
  constructor(img) {
    this.img = img;
    this.messages = new Map(); // by cmd, that apply to the picture
    this.neutral();
    new ResizeObserver(() => this.paintSoon()).observe(img.parentElement);
  }

  // hear takes a message of those that a stage takes, such as of the theme.
  hear(message) {
    this.messages.set(message.cmd, message);
    this.picture?.hear(message);
    this.paintSoon();
  }

  // neutral shows a picture of no run.
  neutral() {
    this.picture = null;
    this.wanted = null;
    this.set(url("page/poster.svg"), "", t("embed.poster"));
  }

  // own shows what was drawn of the run, a Blob.
  own(blob) {
    this.picture = null;
    this.wanted = null;
    this.set(URL.createObjectURL(blob), "run", t("picture"));
  }

  // of shows how a run of {experiment, preset, settings, several} will look, if that was
  // recorded.
  async of({ experiment, preset, settings, several }) {
    this.neutral();
    const wanted = this.wanted = {};
    let tape = null;
    try {
      if (!several) tape = await load(experiment, preset);
    } catch {} // no poster is worth a fault
    if (!tape || this.wanted !== wanted || !owns(tape, settings)) return;
    this.picture = new Picture();
    for (const message of this.messages.values()) this.picture.hear(message);
    this.picture.hear({ ...tape.frame(tape.steps.length - 1), cmd: "frame" });
    this.tape = tape;
    await this.paint();
  }

  async paint() {
    const { picture, tape } = this, { clientWidth: w, clientHeight: h } = this.img.parentElement;
    const blob = picture && (await still(picture, w, h));
    if (blob && this.picture === picture) this.set(URL.createObjectURL(blob), `${tape.experiment}.${tape.preset}`, words(tape));
  }

  paintSoon() {
    clearTimeout(this.timer);
    if (this.picture) this.timer = setTimeout(() => this.paint(), patience);
  }

  // set shows an address; of names the run, "" for none.
  set(src, of, alt) {
    URL.revokeObjectURL(this.img.src);
    Object.assign(this.img, { src, alt });
    this.img.dataset.of = of;
    this.img.classList.toggle("drawn", of === "");
  }
}

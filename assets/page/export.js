// What can be taken away: the picture as PNG or SVG, the numbers and the points as
// CSV, a video, a GIF; and the dialog that offers them.
import { el } from "./dom.js";
import { errorText } from "./errors.js";
import { gif, onnx } from "./exporter-wasm.js";
import { t } from "./strings.js";

const videos = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const gifSide = 480; // pixels, of a GIF's longer side

// fileName returns a good name: ganbel-wgan-gp-live-step-1200.svg.
export function fileName({ experiment, preset, step, what, ending }) {
  const parts = ["ganbel", experiment, preset, what, `step-${step}`].filter(Boolean);
  return `${parts.join("-").toLowerCase().replace(/[^a-z0-9-]+/g, "-")}.${ending}`;
}

const csv = (rows) => rows.map((row) => row.map((v) => (v === null || v === undefined || Number.isNaN(v) ? "" : String(v))).join(",") + "\n").join("");

// metricsCSV returns the rows of all runs: the number of the run, the step and the
// metrics in the registry.
export function metricsCSV(metrics, histories) {
  const rows = [["run", "step", ...metrics.map((m) => m.name)]];
  histories.forEach(({ steps, rows: values }, run) => steps.forEach((step, i) => rows.push([run + 1, step, ...values[i]])));
  return csv(rows);
}

// samplesCSV returns the real and the generated points of all runs, or the
// samples on the simplex; null where a frame has neither.
export function samplesCSV(frame) {
  const rows = [];
  frame?.runs.forEach((tensors, run) => {
    for (const kind of ["real", "fake", "simplex", "cloud"]) {
      const wide = tensors[kind]?.shape[1];
      for (let i = 0; wide && i < tensors[kind].shape[0]; i++) rows.push([run + 1, kind, ...tensors[kind].data.slice(wide * i, wide * (i + 1))]);
    }
  });
  if (!rows.length) return null;
  const axes = rows[0].length === 4 ? ["x", "y"] : ["class1", "class2", "class3"];
  return csv([["run", "kind", ...axes], ...rows]);
}

// save lets the person keep {name, blob} as a file.
export function save({ name, blob }) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// exporter returns what makes files of a run, each {name, blob}. session() is the
// Session that is seen, stage the Stage, frames() a list of frames {step, runs} of
// the run so far, or a promise of one, and absent where there is none.
export function exporter({ session, stage, frames }) {
  const name = (ending, what, step = session().frame?.step ?? session().step) =>
    fileName({ experiment: session().experiment.name, preset: session().preset, step, what, ending });
  const text = (ending, what, body, type) => ({ name: name(ending, what), blob: new Blob([body], { type }) });
  // shown is the picture as it is seen, and its size in pixels of CSS.
  const shown = ({ light, labels } = {}) => {
    const picture = stage.picture(), { clientWidth: w, clientHeight: h } = stage.frame.parentElement;
    if (!picture.frame || !w || !h) throw new Error(t("export.noPicture"));
    if (light) picture.hear({ cmd: "theme", dark: false });
    picture.hear({ cmd: "layers", layers: { labels: Boolean(labels) } });
    picture.hear({ cmd: "probe", x: null, y: null });
    return { picture, w, h };
  };

  // saved returns the first run's file, of the checkpoint that is seen.
  const saved = async () => {
    const s = session();
    if (s.scrubbed?.runs) return s.scrubbed.runs[0].slice();
    if (!s.open) throw new Error(t("export.noPicture"));
    await s.checkpoint();
    return s.ring.last.runs[0].slice();
  };

  return {
    frames,
    samples: () => samplesCSV(session().frame) !== null,

    // png takes scale, 1, 2 or 4, and options: clear for no ground, light for the
    // light theme, labels for numbers on the contours.
    async png(scale, options = {}) {
      const { picture, w, h } = shown(options), canvas = el("canvas");
      picture.paint(canvas, w, h, scale, { ground: !options.clear });
      const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
      canvas.width = canvas.height = 0; // large ones are not to wait for the collector
      if (!blob) throw new Error(`${w * scale} × ${h * scale}`);
      return { name: name("png", scale > 1 ? `${scale}x` : ""), blob };
    },

    async svg(options = {}) {
      const { picture, w, h } = shown(options);
      const what = `${session().experiment.title}, ${t("stepCount")} ${picture.frame.step}`;
      return text("svg", "", picture.svg(w, h, what, { ground: !options.clear }), "image/svg+xml");
    },

    // The run file opens here again and goes on natively; onnx returns a file for
    // each network.
    async runFile() {
      return { name: name("safetensors"), blob: new Blob([await saved()], { type: "application/octet-stream" }) };
    },

    async onnx() {
      return Object.entries(await onnx(await saved()))
        .map(([network, bytes]) => ({ name: name("onnx", network), blob: new Blob([bytes], { type: "application/octet-stream" }) }));
    },

    networks: () => Boolean(session().experiment?.settings.some((s) => s.name === "learning-rate")),

    models: () => ["wgan-gp", "gumbel-vae"].includes(session().experiment?.name),

    async metricsCSV() {
      return text("csv", "metrics", metricsCSV(session().experiment.metrics, session().histories), "text/csv");
    },

    async samplesCSV() {
      return text("csv", "samples", samplesCSV(session().frame), "text/csv");
    },

    // record starts a video; its stop() ends it. Numbers beside the stage's axes
    // are no part of its canvas, and so not of the video.
    record() {
      const type = globalThis.MediaRecorder && videos.find((v) => MediaRecorder.isTypeSupported(v));
      const stream = type && stage.canvas?.captureStream?.(30);
      if (!stream) throw new Error(t("export.noVideo"));
      const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 8e6 }), chunks = [];
      recorder.ondataavailable = ({ data }) => data.size && chunks.push(data);
      const ended = new Promise((done, fail) => {
        recorder.onstop = done;
        recorder.onerror = (e) => fail(e.error ?? new Error(t("export.noVideo")));
      });
      recorder.start(1000);
      stage.again(); // a still picture would give no first image
      return {
        async stop() {
          // A picture that is still, or slow, has given no image yet.
          for (let i = 0; i < 10 && !chunks.length && recorder.state === "recording"; i++) {
            stage.again();
            await new Promise((done) => setTimeout(done, 500));
          }
          if (recorder.state !== "inactive") recorder.stop();
          await ended;
          for (const track of stream.getTracks()) track.stop();
          const blob = new Blob(chunks, { type: type.split(";")[0] });
          if (!blob.size) throw new Error(t("export.noMotion"));
          return { name: name(type.includes("webm") ? "webm" : "mp4", ""), blob };
        },
      };
    },

    // gif draws the frames again, each for delay hundredths of a second and the last
    // for a second; progress(part of 1) is told how far it is.
    async gif({ delay = 10, progress = () => {}, light } = {}) {
      const list = await frames?.() ?? [];
      if (!list.length) throw new Error(t("export.noFrames"));
      const { picture, w, h } = shown({ light }), scale = gifSide / Math.max(w, h), canvas = el("canvas");
      canvas.getContext("2d", { willReadFrequently: true });
      const pixels = [];
      for (const [i, frame] of list.entries()) {
        picture.hear({ ...frame, cmd: "frame" });
        picture.paint(canvas, w, h, scale);
        pixels.push(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
        progress((i + 1) / list.length / 2);
        await new Promise((done) => setTimeout(done));
      }
      const delays = list.map((_, i) => (i === list.length - 1 ? 100 : delay));
      const made = await gif({ width: canvas.width, height: canvas.height, frames: pixels, delays });
      progress(1);
      return { name: name("gif", "", list.at(-1).step), blob: made instanceof Blob ? made : new Blob([made], { type: "image/gif" }) };
    },
  };
}

// ExportDialog offers all that an exporter makes. opened(File) is called with a run
// file that the person wants to open.
export class ExportDialog {
  constructor(exporter, opened) {
    this.exporter = exporter;
    this.opened = opened;
    this.dialog = el("dialog", { class: "export", "aria-labelledby": "export-title" });
    this.bar = el("div", { class: "recording", role: "status", hidden: true });
    document.body.append(this.dialog, this.bar);
    this.options = { clear: false, light: false, labels: false };
  }

  // open shows the dialog, in the language spoken now.
  async open() {
    const { exporter, options } = this;
    const frames = exporter.frames ? (await exporter.frames()).length : 0;
    this.progress = el("progress", { max: 1, hidden: true, "aria-label": t("export.working") });
    this.status = el("p", { class: "export-status", role: "status" });
    const option = (key) => {
      const input = el("input", { type: "checkbox", id: `export-${key}` });
      input.checked = options[key];
      input.onchange = () => { options[key] = input.checked; };
      return el("label", {}, input, t(`export.${key}`));
    };
    const button = (words, label, act) => {
      const b = el("button", { type: "button", "aria-label": label });
      b.append(words);
      b.onclick = act;
      return b;
    };
    const row = (key, doc, ...buttons) => el("div", { class: "export-row", "data-export": key },
      el("div", {}, el("strong", {}, t(`export.${key}`)), el("p", {}, doc)), el("div", { class: "export-buttons" }, ...buttons));
    const make = (act) => () => this.make(act);
    const file = el("input", { type: "file", accept: ".safetensors", hidden: true, id: "run-file", "aria-label": t("export.openRun") });
    file.onchange = () => {
      this.dialog.close();
      this.opened(file.files[0]);
    };
    const close = el("button", { class: "main" }, t("export.close"));
    this.dialog.replaceChildren(
      el("h2", { id: "export-title" }, t("export.title")),
      el("h3", {}, t("export.picture")),
      row("png", t("export.pngDoc"), ...[1, 2, 4].map((n) => button(`${n}×`, t("export.pngTimes", { n }), make(() => exporter.png(n, options))))),
      row("svg", t("export.svgDoc"), button(t("export.svg"), t("export.saveSvg"), make(() => exporter.svg(options)))),
      el("fieldset", { class: "export-options" }, el("legend", { class: "unseen" }, t("export.picture")), option("light"), option("clear"), option("labels")),
      el("h3", {}, t("export.numbers")),
      row("metrics", t("export.metricsDoc"), button(t("export.csv"), t("export.saveMetrics"), make(() => exporter.metricsCSV()))),
      ...(exporter.samples() ? [row("samples", t("export.samplesDoc"), button(t("export.csv"), t("export.saveSamples"), make(() => exporter.samplesCSV())))] : []),
      el("h3", {}, t("export.run")),
      row("open", t("export.openDoc"), button(t("export.open"), t("export.openRun"), () => file.click())), file,
      ...(exporter.networks() ? [
        row("runFile", t("export.runFileDoc"), button(t("export.runFile"), t("export.saveRun"), make(() => exporter.runFile()))),
        exporter.models() ? row("onnx", t("export.onnxDoc"), button("ONNX", t("export.saveOnnx"), make(() => exporter.onnx()))) : ""] : []),
      el("h3", {}, t("export.motion")),
      row("video", t("export.videoDoc"), button(t("export.record"), t("export.record"), () => this.record())),
      ...(frames ? [row("gif", t("export.gifDoc", { n: frames }), button(t("export.gif"), t("export.saveGif"),
        make(() => exporter.gif({ ...options, progress: (part) => this.tell(t("export.working"), part) }))))] : []),
      this.progress, this.status,
      el("form", { method: "dialog" }, close),
    );
    this.dialog.showModal();
  }

  tell(words, part) {
    this.status.textContent = words;
    this.progress.hidden = part === undefined;
    if (part !== undefined) this.progress.value = part;
  }

  // make waits for a file and saves it, or says why there is none.
  async make(act) {
    if (this.busy) return;
    this.busy = true;
    this.dialog.setAttribute("aria-busy", true);
    this.tell(t("export.working"));
    try {
      const files = [await act()].flat();
      files.forEach(save);
      this.tell(t("export.saved", { name: files.map((f) => f.name).join(", ") }));
    } catch (e) {
      this.tell(t("export.failed", { message: errorText(e.message) }));
    }
    this.busy = false;
    this.dialog.removeAttribute("aria-busy");
  }

  // record gives the picture free, and a bar with a button that stops.
  record() {
    let video;
    try {
      video = this.exporter.record();
    } catch (e) {
      this.tell(t("export.failed", { message: errorText(e.message) }));
      return;
    }
    this.dialog.close();
    const began = performance.now(), time = el("span", {}), stop = el("button", { type: "button", class: "main" }, t("export.stop"));
    const tell = () => { time.textContent = t("export.recording", { n: Math.round((performance.now() - began) / 1000) }); };
    const clock = setInterval(tell, 1000);
    tell();
    this.bar.setAttribute("aria-live", "off"); // not every second
    this.bar.replaceChildren(el("span", { class: "dot", "aria-hidden": "true" }), time, stop);
    this.bar.hidden = false;
    stop.focus();
    stop.onclick = async () => {
      clearInterval(clock);
      this.bar.hidden = true;
      await this.open();
      await this.make(() => video.stop());
    };
  }
}

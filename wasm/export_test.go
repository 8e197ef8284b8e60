//go:build tools && !js

package wasm

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A page of a session, a stage and all that is exported of them.
const labPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Exports</title>
<link rel="icon" href="page/mark.svg"><link rel="stylesheet" href="page/page.css"><link rel="stylesheet" href="page/flat.css"><link rel="stylesheet" href="page/export.css">
<script type="module" src="page/lab-of-test.js"></script></head>
<body><div class="stage" id="stage-box" data-state="loading"><iframe id="stage" title="Picture"></iframe></div></body></html>`

const labScript = `
import { ExportDialog, exporter } from "./export.js";
import { Session } from "./session.js";
import { Stage } from "./stage-client.js";
import { speak } from "./strings.js";

await speak(new URLSearchParams(location.hash.slice(1)).get("lang"));
const box = document.getElementById("stage-box"), frames = [];
const stage = new Stage(document.getElementById("stage"), { ready() {}, key() {}, range() {}, pointer() {} });
const session = new Session({ experiment: "wgan-gp", digits: null }, (kind) => {
	if (kind === "opened") session.ask();
	if (kind !== "frame" || !session.frame) return;
	box.dataset.state = "shown";
	if (frames.length < 6) frames.push(session.frame);
	stage.draw(session.frame).then(() => {
		lab.drawn++;
		session.ask();
	});
});
stage.say({ cmd: "mode", mode: "wgan" });
stage.say({ cmd: "layers", layers: { slope: true, warp: true } });
stage.start();
session.wanted = true;
session.seen = true;
session.boot((s) => { s.preset = "live"; });
const dialog = new ExportDialog(exporter({ session: () => session, stage, frames: () => frames }));
globalThis.lab = {
	drawn: 0, // pictures so far
	more: async (n) => {
		for (const end = lab.drawn + n; lab.drawn < end;) await frame();
	},
	session, stage, frames, dialog, exporter: dialog.exporter,
	pixels: async (blob) => {
		const image = new Image();
		image.src = URL.createObjectURL(blob);
		await image.decode();
		const c = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight }).getContext("2d");
		c.drawImage(image, 0, 0);
		return c.getImageData(0, 0, c.canvas.width, c.canvas.height);
	},
};`

// gifScript is in place of the encoders, which have tests of their own: gif returns what
// it was given.
const gifScript = `export const onnx = null;
export const gif = async (o) => new Blob([JSON.stringify({ ...o, frames: o.frames.map((f) => [f.constructor.name, f.length]) })]);`

// The exports are files that hold what is seen: PNG of any size, SVG that is XML
// with a mark for each point, CSV of all metrics and points, a video.
func TestExport(t *testing.T) {
	t.Parallel()
	url := site(t, fstest.MapFS{
		"assets/lab.html":              {Data: []byte(labPage)},
		"assets/page/lab-of-test.js":   {Data: []byte(labScript)},
		"assets/page/exporter-wasm.js": {Data: []byte(gifScript)},
	})
	ctx := open(t, url+"/assets/lab.html#lang=en")
	do(t, ctx, chromedp.EmulateViewport(640, 700))
	wait(t, ctx, drawnBy("webgl")+" && lab.session.step > 60 && lab.session.histories[0].steps.length > 3")

	// A video, while it trains.
	video := value[[]any](t, ctx, `(async () => {
		const video = lab.exporter.record();
		await lab.more(30);
		const { name, blob } = await video.stop();
		return [name, blob.size, blob.type, ...new Uint8Array(await blob.slice(0, 4).arrayBuffer())];
	})()`)
	t.Log("video: ", video)
	if name := video[0].(string); !strings.HasPrefix(name, "ganbel-wgan-gp-live-step-") || !strings.HasSuffix(name, ".webm") || video[1].(float64) < 4000 {
		t.Errorf("the video is %v", video[:3])
	}
	for i, want := range []float64{0x1a, 0x45, 0xdf, 0xa3} {
		if video[3+i] != want {
			t.Errorf("the video begins with %v, which is no WebM", video[3:])
			break
		}
	}
	value[bool](t, ctx, "(lab.session.want(false), true)")
	rest(t, ctx)

	sizes := value[[]float64](t, ctx, `(async () => {
		const out = [document.getElementById("stage-box").clientWidth];
		for (const scale of [1, 2, 4]) out.push((await lab.pixels((await lab.exporter.png(scale)).blob)).width);
		return out;
	})()`)
	t.Log("PNGs are as wide as: ", sizes)
	for i, scale := range []float64{1, 2, 4} {
		if sizes[1+i] != scale*sizes[0] {
			t.Errorf("a picture %v pixels wide is %v wide at %v×", sizes[0], sizes[1+i], scale)
		}
	}
	clear := value[[]float64](t, ctx, `(async () => {
		const corner = async (options) => (await lab.pixels((await lab.exporter.png(1, options)).blob)).data[3];
		return [await corner({}), await corner({ clear: true })];
	})()`)
	if clear[0] != 255 || clear[1] != 0 {
		t.Errorf("the corner's opacity is %v with a ground and %v without", clear[0], clear[1])
	}

	svg := value[map[string]any](t, ctx, `(async () => {
		const { name, blob } = await lab.exporter.svg({ labels: true }), text = await blob.text();
		const { fake, real, view } = lab.session.frame.runs[0], reach = 1.05 * view.data[0];
		const inside = ({ data, shape }) => Array.from({ length: shape[0] }, (_, i) => Math.max(Math.abs(data[2 * i]), Math.abs(data[2 * i + 1])) <= reach).filter(Boolean).length;
		// Another renderer of SVG paints what the canvas paints.
		const a = await lab.pixels((await lab.exporter.svg()).blob), b = await lab.pixels((await lab.exporter.png(1)).blob);
		let differ = 0;
		for (let i = 0; i < a.data.length; i += 4) differ += Math.abs(a.data[i] - b.data[i]) + Math.abs(a.data[i + 1] - b.data[i + 1]) + Math.abs(a.data[i + 2] - b.data[i + 2]) > 48;
		return {
			name, size: text.length, text, fakes: inside(fake), reals: inside(real), same: [a.width - b.width, a.height - b.height], differ: differ / (a.width * a.height),
		};
	})()`)
	// The page's policy does not allow parsing a text, but an empty page does.
	text, err := json.Marshal(svg["text"])
	if err != nil {
		t.Fatal(err)
	}
	delete(svg, "text")
	parsed := value[map[string]any](t, blank(t), fmt.Sprintf(`(() => {
		const doc = new DOMParser().parseFromString(%s, "image/svg+xml");
		const count = (css) => doc.querySelectorAll(css).length;
		return {
			error: doc.querySelector("parsererror")?.textContent ?? "", root: doc.documentElement.localName,
			fakes: [count("g.fake use"), %v], reals: [count("g.real use"), %v], contours: count("g.contours path"), images: count("image"), words: count("text"),
		};
	})()`, text, svg["fakes"], svg["reals"]))
	maps.Copy(svg, parsed)
	t.Log("SVG: ", svg)
	if svg["error"] != "" || svg["root"] != "svg" || !strings.HasSuffix(svg["name"].(string), ".svg") {
		t.Errorf("the SVG is none: %v", svg)
	}
	for _, kind := range []string{"fakes", "reals"} {
		if n := svg[kind].([]any); n[0] != n[1] || n[0] == 0. {
			t.Errorf("the SVG has %v marks for %v %s", n[0], n[1], kind)
		}
	}
	if svg["contours"].(float64) < 8 || svg["images"] != 1. || svg["words"].(float64) < 14 || svg["differ"].(float64) > .03 {
		t.Errorf("the SVG is not what is seen: %v", svg)
	}

	csv := value[[]any](t, ctx, `(async () => {
		const rows = (await (await lab.exporter.metricsCSV()).blob.text()).trim().split("\n");
		const points = (await (await lab.exporter.samplesCSV()).blob.text()).trim().split("\n");
		const { fake, real } = lab.session.frame.runs[0], h = lab.session.histories[0];
		return [rows[0], ["run", "step", ...lab.session.experiment.metrics.map((m) => m.name)].join(","), rows.length - 1 - h.steps.length,
			Number(rows.at(-1).split(",")[1]) - h.steps.at(-1), points[0], points.length - 1 - fake.shape[0] - real.shape[0], new Set(rows.map((r) => r.split(",").length)).size];
	})()`)
	if csv[0] != csv[1] || csv[2] != 0. || csv[3] != 0. || csv[4] != "run,kind,x,y" || csv[5] != 0. || csv[6] != 1. {
		t.Errorf("CSV: %v", csv)
	}

	gif := value[map[string]any](t, ctx, `(async () => {
		const parts = [];
		const { name, blob } = await lab.exporter.gif({ delay: 12, progress: (p) => parts.push(p) });
		return { name, parts: parts.length, ...JSON.parse(await blob.text()) };
	})()`)
	w, h, frames := gif["width"].(float64), gif["height"].(float64), gif["frames"].([]any)
	if len(frames) != 6 || max(w, h) != 480 || gif["parts"] != 7. || gif["delays"].([]any)[0] != 12. || gif["delays"].([]any)[5] != 100. {
		t.Errorf("the GIF is asked for as %v", gif)
	}
	for _, f := range frames {
		if f := f.([]any); f[0] != "Uint8ClampedArray" || f[1] != 4*w*h {
			t.Errorf("a frame of %v by %v is %v", w, h, f)
		}
	}

	// The dialog is worked by keys alone, says what it did, and closes.
	for _, name := range []string{"export-light", "export-dark"} {
		value[bool](t, ctx, "(document.documentElement.dataset.theme = '"+strings.TrimPrefix(name, "export-")+"', lab.dialog.open(), true)")
		wait(t, ctx, "document.querySelector('dialog.export').open")
		keep(t, ctx, name)
		do(t, ctx, chromedp.KeyEvent(kb.Escape))
		wait(t, ctx, "!document.querySelector('dialog.export').open")
	}
	value[bool](t, ctx, "(lab.dialog.open(), true)")
	const status = "document.querySelector('.export-status').textContent"
	for range 30 {
		if value[string](t, ctx, "document.activeElement.getAttribute('aria-label') ?? ''") == "Save SVG" {
			break
		}
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
	}
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	wait(t, ctx, "/^ganbel-wgan-gp-live-step-\\d+\\.svg is saved\\.$/.test("+status+")")
	click(t, ctx, "[data-export=video] button")
	wait(t, ctx, "!document.querySelector('dialog.export').open && !document.querySelector('.recording').hidden")
	keep(t, ctx, "export-recording")
	value[bool](t, ctx, "(lab.stage.again(), frame(30))")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	wait(t, ctx, "/\\.webm is saved\\.$/.test("+status+")")
	// Where a file cannot be made the dialog says so.
	value[bool](t, ctx, "(HTMLCanvasElement.prototype.toBlob = (done) => done(null), true)")
	click(t, ctx, "[data-export=png] button")
	wait(t, ctx, "/^This failed: /.test("+status+")")
}

//go:build tools && !js

package wasm

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image/color"
	"image/gif"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/record"
)

// trainer is JavaScript that defines trainer(), which promises say of a worker of its
// own: say(message, type, step) promises the answer of that type, and of that step
// where one is named. It also defines base64 of bytes.
const trainer = `
	const base64 = (bytes) => new Promise((done) => {
		const r = new FileReader();
		r.onload = () => done(r.result.split(",")[1]);
		r.readAsDataURL(new Blob([bytes]));
	});
	const trainer = async () => {
		const worker = (await import("/assets/page/files.js")).worker("worker.js");
		const say = (message, type, step) => new Promise((done, failed) => {
			worker.addEventListener("message", function hear({ data }) {
				if (data.type === "error") failed(new Error(data.message));
				if (data.type !== type || (step && (data.playing || data.step !== step))) return;
				worker.removeEventListener("message", hear);
				done(data);
			});
			if (message) worker.postMessage(message);
		});
		return say;
	};
	const values = { width: "16", batch: "32", field: "16", activation: "softplus2" };
`

func decode(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The page makes a GIF of its frames, and says why it cannot.
func TestGIF(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&autoplay=0")
	b := decode(t, value[string](t, ctx, `(async () => {`+trainer+`
		const { gif } = await import("/assets/page/exporter-wasm.js");
		const frames = ["#e69f00", "#0072b2", "#123456"].map((style) => {
			const c = Object.assign(document.createElement("canvas"), { width: 60, height: 40 }).getContext("2d");
			c.fillStyle = "#fafafa";
			c.fillRect(0, 0, 60, 40);
			c.fillStyle = style;
			c.fillRect(10, 10, 20, 20);
			return c.getImageData(0, 0, 60, 40).data;
		});
		return base64(await gif({ width: 60, height: 40, frames, delays: [5, 10, 100] }));
	})()`))
	g, err := gif.DecodeAll(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if g.Config.Width != 60 || g.Config.Height != 40 || !slices.Equal(g.Delay, []int{5, 10, 100}) || g.LoopCount != 0 {
		t.Errorf("%d by %d, delays %v", g.Config.Width, g.Config.Height, g.Delay)
	}
	for i, want := range []color.RGBA{{0xe6, 0x9f, 0, 255}, {0, 0x72, 0xb2, 255}, {0x12, 0x34, 0x56, 255}} {
		if got := color.RGBAModel.Convert(g.Image[i].At(15, 15)); got != want {
			t.Errorf("frame %d is %v, want %v", i, got, want)
		}
	}
	if said := value[string](t, ctx, `import("/assets/page/exporter-wasm.js").then((m) => m.gif({ width: 9, height: 9, frames: [new Uint8Array(8)], delays: [1] })).catch((e) => e.message)`); said != "The file could not be made: frame 0 has 8 bytes: 9 by 9 pixels have 324." {
		t.Errorf("frames of another size: %q", said)
	}
}

// A run goes from the browser to a native folder and back, and everywhere on; its
// networks are ONNX.
func TestRunFiles(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&autoplay=0")
	var got struct {
		File   string
		About  json.RawMessage
		Models map[string]string
	}
	text := value[string](t, ctx, `(async () => {`+trainer+`
		const say = await trainer();
		await say(null, "registry");
		await say({ cmd: "open", experiment: "wgan-gp", preset: "live", values }, "opened");
		await say({ cmd: "step", n: 7 }, "state", 7);
		const { runs: [file] } = await say({ cmd: "save" }, "saved");
		const { onnx } = await import("/assets/page/exporter-wasm.js");
		const about = await say({ cmd: "judge", id: 1, saved: [file] }, "judged");
		const models = {};
		for (const [name, b] of Object.entries(await onnx(file))) models[name] = await base64(b);
		return JSON.stringify({ file: await base64(file), about, models });
	})()`)
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if about := string(got.About); !strings.Contains(about, `"experiment":"wgan-gp"`) || !strings.Contains(about, `"step":7`) || !strings.Contains(about, `"activation":"softplus2"`) {
		t.Errorf("the file says %s", about)
	}

	dir := t.TempDir()
	var args []string
	for name, model := range got.Models {
		args = append(args, filepath.Join(dir, name+".onnx"))
		if err := os.WriteFile(args[len(args)-1], decode(t, model), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(args)
	out, err := exec.Command("/usr/bin/python3", append([]string{"../core/onnx/testdata/check.py"}, args...)...).CombinedOutput()
	if err != nil || len(args) != 2 || !strings.Contains(string(out), `"name": "critic"`) || !strings.Contains(string(out), `"step": "7"`) {
		t.Errorf("%d models: %v\n%s\n“make tools” installs what checks them", len(args), err, out)
	}

	// Natively it goes on, and what that saves opens in the browser again.
	file := filepath.Join(dir, "page.safetensors")
	if err := os.WriteFile(file, decode(t, got.File), 0o644); err != nil {
		t.Fatal(err)
	}
	r, step, err := record.Job{Dir: filepath.Join(dir, "run"), Steps: 12, Every: 5, Log: io.Discard}.From(file)
	if err != nil || step != 7 {
		t.Fatalf("at step %d, %v", step, err)
	}
	if err := record.Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	native, err := os.ReadFile(filepath.Join(r.Dir, "checkpoint.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if at := value[float64](t, ctx, fmt.Sprintf(`(async () => {`+trainer+`
		const say = await trainer();
		await say(null, "registry");
		await say({ cmd: "open", experiment: "wgan-gp", preset: "live", values }, "opened");
		await say({ cmd: "load", runs: [Uint8Array.from(atob(%q), (c) => c.charCodeAt(0)).buffer] }, "state", 12);
		return (await say({ cmd: "step", n: 3 }, "state", 15)).step;
	})()`, base64.StdEncoding.EncodeToString(native))); at != 15 {
		t.Errorf("back in the browser it goes on to step %v, want 15", at)
	}
}

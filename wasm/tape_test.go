//go:build tools && !js

package wasm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// What Go records the page reads, as exactly as a tape keeps it.
func TestTapes(t *testing.T) {
	t.Parallel()
	toys := *experiment.WGANGP
	toys.Presets = append(slices.Clone(toys.Presets), lab.Preset{Name: "tiny", Values: lab.Values{"width": "8", "batch": "200"}})
	world := experiment.World{MNIST: func() (*data.Images, *data.Images, error) {
		return data.MNIST(assets.MNIST())
	}}
	for _, c := range []struct {
		experiment *lab.Experiment
		preset     string
		steps      []int
		exact      []string
		levels     map[string]float64 // to which numbers are rounded
		rows       map[string]int     // so many of a tensor's first are kept
		even       []string           // one range holds for all frames
	}{
		{&toys, "tiny", []int{0, 1, 3, 10, 40}, []string{"modes", "view"},
			map[string]float64{"real": 1023, "fake": 1023, "critic": 511, "slope": 63, "warp": 255, "slopes": 255},
			map[string]int{"real": 256, "fake": 256, "slopes": 128}, []string{"real", "fake", "warp"}},
		{experiment.GumbelVAE, "live", []int{0, 1, 20}, []string{"chances", "temperature"},
			map[string]float64{"digits": 15, "reconstructions": 15, "prior": 15, "code": 255, "simplex": 255},
			map[string]int{"prior": 16, "simplex": 256}, []string{"reconstructions", "prior", "code", "simplex"}},
	} {
		tape, err := record.NewTape(c.experiment, c.preset, world, c.steps, 2)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "a.tape")
		var b bytes.Buffer
		if err := data.WriteSafetensors(&b, tape.Store()); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Experiment, Preset string
			Values             lab.Values
			Steps              []int
			Metrics            []string
			Checkpoints        []struct{ Step int }
			Frames             []struct {
				Experiment string
				Step       int
				Runs       []map[string]struct {
					Shape []int
					Data  []float32
				}
			}
			Rows [][]*float64
		}
		node := exec.Command("node", "--input-type=module", "-e", `
			import { readFileSync } from "node:fs";
			import { parse } from "../assets/page/tape.js";
			const b = readFileSync(process.argv[1]), tape = parse(b.buffer.slice(b.byteOffset, b.byteOffset + b.length));
			const plain = (f) => ({ ...f, runs: f.runs.map((tensors) => Object.fromEntries(Object.entries(tensors).map(([k, v]) => [k, { shape: v.shape, data: [...v.data] }]))) });
			console.log(JSON.stringify({ ...tape, frames: tape.steps.map((_, i) => plain(tape.frame(i))), rows: tape.steps.map((_, i) => tape.row(i)) }));`, name)
		node.Stderr = os.Stderr
		out, err := node.Output()
		if err != nil {
			t.Fatalf("%v: make test installs node", err)
		}
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		if got.Experiment != c.experiment.Name || got.Preset != c.preset || !slices.Equal(got.Steps, c.steps) || len(got.Values) != len(c.experiment.Settings) || len(got.Frames) != len(c.steps) {
			t.Fatalf("read %v %v %v with %d values and %d frames", got.Experiment, got.Preset, got.Steps, len(got.Values), len(got.Frames))
		}
		for i, row := range tape.Rows {
			for j, want := range row {
				v := got.Rows[i][j]
				if math.IsNaN(want) != (v == nil) || v != nil && math.Abs(*v-want) > 1e-6*math.Abs(want) {
					t.Errorf("frame %d: %s is %v, not %v", i, got.Metrics[j], v, want)
				}
			}
		}
		for i, f := range got.Frames {
			if f.Step != c.steps[i] || f.Experiment != c.experiment.Name || len(f.Runs) != 1 {
				t.Fatalf("frame %d is of %s, step %d, %d runs", i, f.Experiment, f.Step, len(f.Runs))
			}
			// want is what the run showed, cut as the tape cuts it.
			want := func(name string, i int) []float32 {
				v := slices.Clone(tape.Frames[i].Tensors[name].Data)
				if n, ok := c.rows[name]; ok {
					v = v[:len(v)/tape.Frames[i].Tensors[name].Shape[0]*n]
				}
				reach := map[string]float32{"real": 1.25, "fake": 1.25, "warp": 1.5}[name] * 3 // of the view
				for i, x := range v {
					if reach > 0 {
						v[i] = max(-reach, min(reach, x))
					}
				}
				if name == "slopes" {
					slices.Sort(v)
				}
				return v
			}
			for _, name := range c.exact {
				if !slices.Equal(f.Runs[0][name].Data, want(name, i)) {
					t.Errorf("frame %d: %s is %v, not %v", i, name, f.Runs[0][name].Data, want(name, i))
				}
			}
			for name, levels := range c.levels {
				if i == 0 && name == "slopes" {
					if _, ok := f.Runs[0][name]; ok {
						t.Errorf("before the first step there are %s", name)
					}
					continue
				}
				all := want(name, i)
				low, high := slices.Min(all), slices.Max(all)
				if slices.Contains(c.even, name) {
					for j := range c.steps {
						low, high = min(low, slices.Min(want(name, j))), max(high, slices.Max(want(name, j)))
					}
				}
				half := float64(high-low)/levels/2 + 1e-6*float64(max(high, -low)) // the most by which rounding may be wrong
				r := f.Runs[0][name]
				if len(r.Data) != len(all) || len(r.Shape) != len(tape.Frames[i].Tensors[name].Shape) {
					t.Fatalf("%s has %d numbers and shape %v, not %d", name, len(r.Data), r.Shape, len(all))
				}
				worst := 0.
				for j, x := range all {
					d := math.Abs(float64(r.Data[j] - x))
					if name == "slope" {
						floor := max(low, high/1e4)
						d = math.Abs(math.Log(float64(r.Data[j])) - math.Log(float64(max(x, floor))))
						half = math.Log(float64(high/floor))/levels/2 + 1e-5
					}
					worst = max(worst, d)
				}
				if worst > half {
					t.Errorf("step %d: %s is wrong by %v, at most %v is due to rounding", f.Step, name, worst, half)
				}
			}
		}
	}
}

// What is loaded first is small: a tape, and the page's own files with it.
func TestTapeSizes(t *testing.T) {
	t.Parallel()
	const folder = "../assets/built/tapes"
	names, err := filepath.Glob(folder + "/*.tape")
	if err != nil || len(names) == 0 {
		t.Fatalf("no tapes, %v: run make build first", err)
	}
	for _, name := range names {
		most := int64(90_000)
		if strings.HasPrefix(filepath.Base(name), "wgan-gp.") {
			most = 60_000
		}
		br, err := os.Stat(name + ".br")
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes compressed", filepath.Base(name), br.Size())
		if br.Size() > most {
			t.Errorf("%s has %d bytes compressed, at most %d were meant", name, br.Size(), most)
		}
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := data.ReadSafetensors(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		var checkpoints []struct {
			Step, Bytes int
			File        string
		}
		if err := json.Unmarshal([]byte(s.Meta["checkpoints"]), &checkpoints); err != nil {
			t.Fatal(err)
		}
		for _, c := range checkpoints {
			file, err := os.Open(filepath.Join(folder, c.File))
			if err != nil {
				t.Fatal(err)
			}
			s, err := data.ReadSafetensors(file)
			file.Close()
			if info, _ := os.Stat(file.Name()); err != nil || s.Meta["step"] != strconv.Itoa(c.Step) || info.Size() != int64(c.Bytes) || c.Bytes > 1_260_000 {
				t.Errorf("%s: step %s, %d bytes, %v", c.File, s.Meta["step"], c.Bytes, err)
			}
		}
	}
}

// A tape's frames are drawn, and its checkpoints train on in the browser.
func TestTapeShown(t *testing.T) {
	t.Parallel()
	for tab, preset := range map[string]string{"wgan": "wgan-gp.live", "gumbel": "gumbel-vae.live", "mnist": "wgan-mnist.live", "sop": "gumbel-sop.live", "semi": "gumbel-semi.live"} {
		ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0&tab="+tab)
		expect(ctx, `404 .*\.none\.tape`) // one that is not there
		wait(t, ctx, "document.getElementById('stage-box').dataset.state === 'shown'")
		experiment, name, _ := strings.Cut(preset, ".")
		before := shoot(t, ctx, "tape-before-"+tab)
		last := value[float64](t, ctx, fmt.Sprintf(`import("/assets/page/tape.js").then(async ({ load }) => {
			if (await load(%[1]q, "none") !== null) throw new Error("a tape that is not there");
			window.tape = await load(%[1]q, %[2]q);
			const stage = document.getElementById("stage").contentWindow, i = tape.steps.length - 1;
			const drawn = new Promise((done) => addEventListener("message", ({ data }) => {
				if (data.type === "stage-drawn" && data.step === tape.steps[i]) done(data.step);
				if (data.type === "stage-error") throw new Error(data.message);
			}));
			stage.postMessage({ ...tape.frame(i), cmd: "frame" }, location.origin);
			return drawn;
		})`, experiment, name))
		rest(t, ctx)
		after := shoot(t, ctx, "tape-"+tab)
		if n := differ(before, after); last < 100 || n < 3000 {
			t.Errorf("%s: step %v changed %d pixels", preset, last, n)
		}
		if tab != "wgan" {
			continue
		}
		n := stagePixels(t, ctx, after, near(0xE6, 0x9F, 0, 60), near(0, 0x72, 0xB2, 60))
		if n[0] < 50 || n[1] < 100 {
			t.Errorf("%d orange pixels of real points and %d blue ones of fakes", n[0], n[1])
		}
		got := value[[]float64](t, ctx, `Promise.all([import("/assets/page/tape.js"), import("/assets/page/files.js")]).then(async ([{ checkpoint }, files]) => {
			const kept = tape.checkpoints.at(-1), bytes = await checkpoint(kept), worker = files.worker("worker.js");
			return new Promise((done, fail) => {
				worker.onmessage = ({ data }) => {
					if (data.type === "registry") worker.postMessage({ cmd: "open", experiment: tape.experiment, preset: tape.preset, values: {}, points: null });
					else if (data.type === "opened") worker.postMessage({ cmd: "load", runs: [bytes] });
					else if (data.type === "error") fail(new Error(data.message));
					else if (data.type === "metrics" && data.step === kept.step) {
						const w1 = tape.metrics.indexOf("w1"), i = tape.steps.indexOf(kept.step);
						done([data.runs[0][w1], tape.row(i)[w1]]);
					}
				};
			});
		})`)
		if math.Abs(got[0]-got[1]) > 1e-3*got[1] {
			t.Errorf("the checkpoint has W₁ %v in the browser, and %v on the tape", got[0], got[1])
		}
	}
}

package experiment

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// every lists the presets, and what else a person may choose, as changes of the
// first preset. It is all that TestEvery tries.
func every(e *lab.Experiment) map[string]lab.Values {
	all := map[string]lab.Values{}
	add := func(v lab.Values) {
		name := ""
		for _, s := range e.Settings {
			if text, ok := v[s.Name]; ok {
				name += " " + s.Name + "=" + text
			}
		}
		all[name[1:]] = v
	}
	// Each choice and each switch, one at a time.
	for _, s := range e.Settings {
		if e != WGANMNIST && e.Setting("held-out") != nil && WGANMNIST.Setting(s.Name) != nil {
			continue // every game's, tried with one
		}
		for _, c := range s.Choices {
			if s.Name == "estimator" && e != GumbelCategorical {
				continue // below, each with the variables that it is for
			}
			add(lab.Values{s.Name: c})
		}
		if s.Kind == lab.Bool {
			add(lab.Values{s.Name: "true"})
			add(lab.Values{s.Name: "false"})
		}
	}
	// And what meets within one run.
	if e == WGANGP {
		for _, d := range e.Setting("data").Choices {
			for _, rule := range e.Setting("rule").Choices {
				for _, g := range e.Setting("generator").Choices {
					add(lab.Values{"data": d, "rule": rule, "generator": g})
				}
			}
		}
		return all
	}
	if e != GumbelVAE && e != GumbelSOP {
		return all
	}
	for _, name := range e.Setting("estimator").Choices {
		for _, classes := range []string{"1", "3"} {
			if classes == "1" || name != "arm" && name != "disarm" { // they are for bits
				add(lab.Values{"estimator": name, "classes": classes})
			}
		}
	}
	if e == GumbelSOP {
		return all
	}
	for _, prior := range e.Setting("prior").Choices {
		for _, estimator := range []string{"gumbel-softmax", "st-gumbel-softmax", "vimco"} {
			for _, pixels := range e.Setting("binarise").Choices {
				add(lab.Values{"prior": prior, "estimator": estimator, "binarise": pixels})
			}
		}
	}
	return all
}

// Every preset and every choice trains, measures and shows finite numbers, and
// goes on bit for bit from what it saved.
func TestEvery(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	for _, e := range lab.Experiments() {
		for _, p := range e.Presets {
			t.Run(e.Name+"/"+p.Name, func(t *testing.T) { live(t, e, p.Name, small(e)) })
		}
		for name, v := range every(e) {
			t.Run(e.Name+"/"+name, func(t *testing.T) {
				changes := small(e)
				switch e {
				case GumbelVAE:
					changes["hidden"] = "none"
				case WGANGP:
					changes["width"], changes["field"] = "8", "8"
				}
				maps.Copy(changes, v)
				live(t, e, "", changes)
			})
		}
	}
}

func live(t *testing.T, e *lab.Experiment, preset string, changes lab.Values) {
	t.Parallel()
	r := open(t, e, preset, changes)
	checkFrame(t, r)
	if err := r.Train(2); err != nil {
		t.Fatal(err)
	}
	checkMeasure(t, e, r)
	checkFrame(t, r)

	var file bytes.Buffer
	if err := data.WriteSafetensors(&file, r.Save()); err != nil {
		t.Fatal(err)
	}
	saved, err := data.ReadSafetensors(&file)
	if err != nil {
		t.Fatal(err)
	}
	other := open(t, e, preset, changes)
	if err := other.Load(saved); err != nil {
		t.Fatal(err)
	}
	if e == GumbelClasses {
		same(t, other, r) // what it measures next is of another time
		return
	}
	for _, run := range []*train.Run{r, other} {
		if err := run.Train(1); err != nil {
			t.Fatal(err)
		}
	}
	same(t, other, r)
}

// Before the first step what training has not computed yet is not known, and all
// else is.
func TestMeasureBeforeTraining(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	unknown := map[string]bool{"wgan-gp critic-loss": true, "score": true, "real-score": true, "accuracy-real": true, "accuracy-fake": true, "generator-loss": true, "penalty": true, "slope-mean": true, "slope-p5": true, "slope-p95": true,
		"gumbel-vae elbo": true, "reconstruction": true, "kl": true, "loss": true, "labelled": true, "unlabelled": true, "classification": true,
		"classes": true, "marginalisation": true, "gumbel-softmax": true, "ratio": true, "deviation": true, "error": true,
		"8gaussians-slope": true, "25gaussians-slope": true, "swissroll-slope": true,
		"clip-0.1-growth": true, "clip-0.01-growth": true, "clip-0.001-growth": true, "penalty-growth": true}
	for _, e := range lab.Experiments() {
		m := open(t, e, "", small(e)).Measure()
		if len(m) != len(e.Metrics) {
			t.Fatalf("%d metrics for %d names", len(m), len(e.Metrics))
		}
		for i, v := range m {
			if name := e.Metrics[i].Name; math.IsNaN(v) != (unknown[name] || unknown[e.Name+" "+name] || e == GumbelGradients) {
				t.Errorf("%s is %v", name, v)
			}
		}
	}
}

// same asserts that two runs stand at the same step with the same state, bit for bit.
func same(t *testing.T, got, want *train.Run) {
	t.Helper()
	sameStore(t, got.Save(), want.Save())
}

func sameStore(t *testing.T, a, b data.Store) {
	t.Helper()
	if !maps.Equal(a.Meta, b.Meta) {
		t.Errorf("one run says %v, the other %v", a.Meta, b.Meta)
	}
	for name, w := range b.Tensors {
		for i, x := range w.Data {
			if math.Float32bits(a.Tensors[name].Data[i]) != math.Float32bits(x) {
				t.Fatalf("number %d of %s is %g in one run and %g in the other", i, name, a.Tensors[name].Data[i], x)
			}
		}
	}
}

func checkMeasure(t *testing.T, e *lab.Experiment, r *train.Run) {
	t.Helper()
	v := r.Values()
	for i, x := range r.Measure() {
		name := e.Metrics[i].Name
		none := name == "score" || name == "real-score" || name == "generator-loss" && v["generator"] == "fixed" ||
			strings.HasSuffix(name, "arm") && v["classes"] != "1" || // ARM is for bits
			name == "penalty" && e != WGANGP && (v["rule"] == "clip" || v["rule"] == "none") ||
			name == "slope-mean" && e != WGANGP && (v["rule"] == "clip" || v["rule"] == "none") ||
			strings.HasPrefix(name, "accuracy-") && v["labels"] == "false" ||
			(name == "modes" || name == "quality") && !strings.Contains(v["data"], "gaussians")
		if math.IsNaN(x) != none || math.IsInf(x, 0) {
			t.Errorf("%s is %v", name, x)
		}
	}
}

// checkFrame holds a frame to the promise of Frame's comment.
func checkFrame(t *testing.T, r *train.Run) {
	t.Helper()
	f, v := r.Frame(), r.Values()
	shapes := map[string][]int{}
	switch f.Experiment {
	case WGANGP.Name:
		side := v.Int("field")
		shapes = map[string][]int{"real": {512, 2}, "fake": {512, 2}, "descent": {512, 2}, "critic": {side, side}, "slope": {side, side},
			"view": {1}, "weights": {64}, "weights-range": {2}}
		if v["generator"] == "learned" {
			shapes["warp"] = []int{17, 17, 2}
		}
		if r.Step() > 0 {
			b := min(64, v.Int("batch"))
			maps.Copy(shapes, map[string][]int{"slopes": {v.Int("batch")}, "batch-real": {b, 2}, "batch-fake": {b, 2}, "batch-mix": {b, 2}, "batch-slope": {b}, "batch-critic": {b, 2},
				"terms": {6}, "layers": {v.Int("depth") + 1}})
			if v["generator"] == "learned" {
				shapes["batch-noise"] = []int{b, 2}
			}
		}
		if modes := map[string]int{"8gaussians": 8, "25gaussians": 25}[v["data"]]; modes > 0 {
			shapes["modes"] = []int{modes, 2}
		}
	case GumbelCategorical.Name:
		for _, name := range []string{"logits", "noise", "perturbed", "sample", "hard", "chances", "counts", "exact", "gradient"} {
			shapes[name] = []int{3}
		}
		shapes["cloud"], shapes["temperature"], shapes["estimate"] = []int{v.Int("cloud"), 3}, []int{1}, []int{4}
	case GumbelGradients.Name:
		n := len(gumbel.GradientEstimators(gumbel.Variables{N: v.Int("latents"), K: v.Int("classes")}))
		if shapes["temperature"] = []int{1}; r.Step() > 0 {
			shapes["bias"], shapes["chance"], shapes["variance"] = []int{n}, []int{n}, []int{n}
		}
	case GumbelDistributions.Name:
		k := 3
		if v["chance-7"] != "0" {
			k = 7
		}
		shapes = map[string][]int{"chances": {k}, "temperatures": {5}, "samples": {5, 200, k}}
		if k == 3 {
			shapes["log-density"] = []int{4, 48, 48}
		}
		if r.Step() > 0 {
			maps.Copy(shapes, map[string][]int{"expectations": {5, k}, "deviations": {5, k}, "frequencies": {5, k}, "greatest": {5}, "entropies": {5}})
		}
	case GumbelSemi.Name:
		shapes = map[string][]int{"digits": {16, 28, 28}, "labels": {16}, "classes": {16, 10}, "reconstructions": {16, 28, 28}, "analogies": {8, 11, 28, 28}, "temperature": {1}}
	case "wgan-values":
		side := v.Int("field")
		shapes = map[string][]int{"surfaces": {2, 3, side, side}, "surface-data": {3, 256, 2}, "surface-view": {1}}
	case "wgan-depth":
		shapes = map[string][]int{"depth-weights": {2, 64}, "depth-ends": {2, 2}, "depth-real": {512, 2}, "depth-fake": {4, 512, 2}, "depth-view": {1}}
		if r.Step() > 0 {
			shapes["depth-norms"] = []int{4, v.Int("depth") + 1}
		}
	case GumbelClasses.Name:
		shapes = map[string][]int{"class-counts": {6}, "marginalisation": {6}, "gumbel-softmax": {6}}
	default:
		if p, ok := r.Model.(*pictures); ok {
			rows, cols, channels := p.real.Shape()
			shapes = map[string][]int{"samples": {100, rows, cols, channels}, "real": {20, rows, cols, channels}}
			if v.Bool("labels") {
				shapes["classes"] = []int{1}
			}
			if p.Penalised() && r.Step() > 0 {
				shapes["slopes"] = []int{v.Int("batch")}
			}
			break
		}
		if _, ok := r.Model.(Writer); ok {
			one := []int{1}
			shapes = map[string][]int{"letters": {len(f.Tensors["letters"].Data)}, "text": {100, 32}, "text-real": {20, 32}, "floor-js-1": one, "floor-js-2": one, "floor-js-3": one, "floor-js-4": one}
			if r.Step() > 0 && (v["rule"] == "penalty" || v["rule"] == "one-sided") {
				shapes["slopes"] = []int{v.Int("batch")}
			}
			break
		}
		rows, cols := laid(gumbel.Variables{N: v.Int("latents"), K: v.Int("classes")})
		if f.Experiment == GumbelSOP.Name {
			shapes = map[string][]int{"digits": {8, 28, 28}, "completions": {8, 6, 28, 28}, "mean": {8, 28, 28},
				"layer-1": {8, rows, cols}, "layer-2": {8, rows, cols}, "bits": {1}, "temperature": {1}}
			break
		}
		shapes = map[string][]int{"digits": {16, 28, 28}, "reconstructions": {16, 28, 28}, "prior": {64, 28, 28},
			"code": {rows, cols}, "codes": {16, rows, cols}, "usage": {rows, cols}, "simplex": {512, 3}, "chances": {3}, "bits": {1}, "temperature": {1}}
	}
	bits := v["classes"] == "1"
	if f.Step != r.Step() || len(f.Tensors) != len(shapes) {
		t.Errorf("a frame of step %d with %d tensors, want step %d and %d", f.Step, len(f.Tensors), r.Step(), len(shapes))
	}
	for name, shape := range shapes {
		tensor := f.Tensors[name]
		n := 1
		for _, d := range shape {
			n *= d
		}
		if !slices.Equal(tensor.Shape, shape) || len(tensor.Data) != n {
			t.Errorf("%s has shape %v and %d numbers, want %v", name, tensor.Shape, len(tensor.Data), shape)
		}
		if last := len(tensor.Data) - 1; name == "terms" && v["generator"] == "fixed" {
			if !math.IsNaN(float64(tensor.Data[last])) {
				t.Errorf("a fixed generator has the loss %v", tensor.Data[last])
			}
			tensor.Data = tensor.Data[:last]
		}
		least, most := slices.Min(tensor.Data), slices.Max(tensor.Data)
		if math.IsNaN(float64(least)) || math.IsInf(float64(least), 0) || math.IsInf(float64(most), 0) {
			t.Errorf("%s is from %v to %v", name, least, most)
		}
		switch name {
		case "digits", "reconstructions", "prior", "completions", "mean", "layer-1", "layer-2", "code", "codes", "usage", "simplex", "chances", "sample", "hard", "cloud",
			"samples", "expectations", "deviations", "frequencies", "greatest", "classes", "analogies":
			if _, ok := r.Model.(*pictures); ok && name == "classes" {
				break // their number
			}
			if least < 0 || most > 1 {
				t.Errorf("%s is from %v to %v, want within [0, 1]", name, least, most)
			}
		}
		switch name {
		case "code", "codes", "usage", "layer-1", "layer-2", "simplex", "cloud", "samples", "expectations", "frequencies", "classes": // rows of probabilities
			if _, ok := r.Model.(*pictures); ok || bits && name != "simplex" {
				break
			}
			for row := range slices.Chunk(tensor.Data, shape[len(shape)-1]) {
				sum := float32(0)
				for _, x := range row {
					sum += x
				}
				if math.Abs(float64(sum)-1) > 1e-5 {
					t.Fatalf("a row of %s adds up to %v", name, sum)
				}
			}
		}
	}
}

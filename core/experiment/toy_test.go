package experiment

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
)

func do(t *testing.T, r *train.Run, action string, in map[string]data.Tensor) map[string]data.Tensor {
	t.Helper()
	out, err := r.Do(action, in)
	if err != nil {
		t.Fatalf("%s: %v", action, err)
	}
	return out
}

// A run that is saved within an iteration goes on with it bit for bit, as one that
// was not stopped.
func TestSteps(t *testing.T) {
	a := open(t, WGANGP, "", small(WGANGP))
	a.Train(2)
	b, c := open(t, WGANGP, "", small(WGANGP)), open(t, WGANGP, "", small(WGANGP))
	b.Load(a.Save())
	for range 2 {
		do(t, b, "critic-step", nil)
	}
	if b.Step() != 2 {
		t.Errorf("two critic steps make it step %d", b.Step())
	}
	if err := c.Load(b.Save()); err != nil {
		t.Fatal(err)
	}
	same(t, c, b)
	for range 3 {
		do(t, b, "critic-step", nil)
	}
	do(t, b, "generator-step", nil)
	c.Train(1)
	a.Train(1)
	same(t, b, a)
	same(t, c, a)
	a.Train(2)
	b.Train(2)
	same(t, b, a)

	fixed := open(t, WGANGP, "", lab.Values{"generator": "fixed", "width": "8", "batch": "8", "n-critic": "2"})
	if _, err := fixed.Do("generator-step", nil); err == nil || !strings.Contains(err.Error(), "fixed") {
		t.Errorf("a fixed generator's step: %v", err)
	}
	do(t, fixed, "critic-step", nil)
	do(t, fixed, "critic-step", nil)
	if fixed.Step() != 1 {
		t.Errorf("two of two critic steps make it step %d", fixed.Step())
	}
}

// Every action that the registry names is there, as Begin of a run makes sure, and says
// what it does.
func TestActions(t *testing.T) {
	for _, e := range lab.Experiments() {
		open(t, e, "", small(e))
		for _, a := range e.Actions {
			if a.Doc == "" {
				t.Errorf("%s: the action %q is not explained", e.Name, a.Name)
			}
		}
	}
}

// A run whose modes were moved learns them, measures by them, and is saved with
// them; one saved without them has its data's own.
func TestMoveModes(t *testing.T) {
	a := open(t, WGANGP, "", small(WGANGP))
	old := a.Save()
	delete(old.Tensors, "modes")
	delete(old.Tensors, "critic-steps")
	own := a.Frame().Tensors["modes"]
	a.Train(2)
	to := data.Tensor{Shape: []int{8, 2}}
	for i := range 8 {
		to.Data = append(to.Data, float32(i), 10)
	}
	do(t, a, "move-modes", map[string]data.Tensor{"modes": to})
	if got := a.Frame().Tensors["modes"]; !slices.Equal(got.Data, to.Data) {
		t.Errorf("the modes are at %v", got.Data)
	}
	for p := range slices.Chunk(a.Frame().Tensors["real"].Data, 2) {
		if math.Abs(float64(p[1])-10) > .2 {
			t.Fatalf("a real point at %v", p)
		}
	}
	if w1 := a.Measure()[4]; w1 < 5 {
		t.Errorf("W₁ is %v, and all modes are ten away", w1)
	}
	saved := a.Save()
	a.Train(3)
	b := open(t, WGANGP, "", small(WGANGP))
	if err := b.Load(saved); err != nil {
		t.Fatal(err)
	}
	b.Train(3)
	same(t, b, a)
	if err := b.Load(old); err != nil {
		t.Fatal(err)
	}
	if got := b.Frame().Tensors["modes"]; !slices.Equal(got.Data, own.Data) {
		t.Errorf("a run saved without modes has %v", got.Data)
	}

	before := b.Save()
	for what, in := range map[string]map[string]data.Tensor{
		"none":           nil,
		"too few":        {"modes": {Shape: []int{7, 2}, Data: make([]float32, 14)}},
		"wrong shape":    {"modes": {Shape: []int{2, 8}, Data: make([]float32, 16)}},
		"another length": {"modes": {Shape: []int{8, 2}, Data: make([]float32, 14)}},
		"not finite":     {"modes": {Shape: []int{8, 2}, Data: append(make([]float32, 15), float32(math.NaN()))}},
	} {
		if _, err := b.Do("move-modes", in); err == nil || !strings.Contains(err.Error(), "modes") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if !slices.Equal(b.Save().Tensors["modes"].Data, before.Tensors["modes"].Data) {
		t.Error("modes that were refused moved")
	}
	roll := open(t, WGANGP, "", lab.Values{"data": "swissroll", "width": "8", "batch": "8"})
	if _, err := roll.Do("move-modes", map[string]data.Tensor{"modes": to}); err == nil || !strings.Contains(err.Error(), "swissroll") {
		t.Errorf("the modes of a Swiss roll: %v", err)
	}
}

func TestEvaluate(t *testing.T) {
	r := open(t, WGANGP, "", small(WGANGP))
	r.Train(2)
	before, f := r.Save(), r.Frame()
	out := do(t, r, "evaluate", map[string]data.Tensor{"points": f.Tensors["fake"]})
	if !slices.Equal(out["critic"].Shape, []int{512}) || !slices.Equal(out["gradient"].Shape, []int{512, 2}) {
		t.Errorf("shapes %v and %v", out["critic"].Shape, out["gradient"].Shape)
	}
	for i, g := range f.Tensors["descent"].Data {
		if math.Abs(float64(out["gradient"].Data[i]-g)) > 1e-5 {
			t.Fatalf("number %d of the gradient is %v, and the descent's %v", i, out["gradient"].Data[i], g)
		}
	}
	if after := r.Save(); !maps.Equal(after.Meta, before.Meta) {
		t.Errorf("evaluating leaves %v, not %v", after.Meta, before.Meta)
	}
	if _, err := r.Do("evaluate", map[string]data.Tensor{"points": {Shape: []int{0, 2}}}); err == nil {
		t.Error("evaluated no points")
	}
}

// The terms of a frame add up to the critic's loss, and its histogram holds every
// weight.
func TestFrameTerms(t *testing.T) {
	for _, c := range []struct {
		rule, objective string
		loss            func(real, fake, penalty float64) float64
	}{
		{"penalty", "wasserstein", func(real, fake, penalty float64) float64 { return fake - real + penalty }},
		{"clip", "wasserstein", func(real, fake, _ float64) float64 { return fake - real }},
		{"none", "gan", nil},
	} {
		t.Run(c.rule+" "+c.objective, func(t *testing.T) {
			r := open(t, WGANGP, "", lab.Values{"rule": c.rule, "objective": c.objective, "width": "16", "batch": "64", "clip": "0.1", "learning-rate": "0.01"})
			if err := r.Train(30); err != nil {
				t.Fatal(err)
			}
			f, m := r.Frame().Tensors, r.Measure()
			terms := f["terms"].Data
			if got := float64(terms[4]); got != float64(float32(m[0])) || float64(terms[5]) != float64(float32(m[1])) || float64(terms[3]) != float64(float32(m[2])) || float64(terms[2]) != float64(float32(m[7])) {
				t.Errorf("terms %v do not fit the metrics %v", terms, m)
			}
			softplus := func(x float64) float64 { return math.Log1p(math.Exp(x)) }
			real, fake, gan, slope := 0., 0., 0., 0.
			for i, p := range slices.Collect(slices.Chunk(f["batch-critic"].Data, 2)) {
				real += float64(p[0]) / 64
				fake += float64(p[1]) / 64
				gan += (softplus(-float64(p[0])) + softplus(float64(p[1]))) / 64
				slope += float64(f["batch-slope"].Data[i]) / 64
			}
			want := gan
			if c.loss != nil {
				want = c.loss(real, fake, float64(terms[3]))
			}
			for i, w := range []float64{real, fake, slope, float64(terms[3]), want} {
				if math.Abs(float64(terms[i])-w) > 1e-4*(1+math.Abs(w)) {
					t.Errorf("term %d is %v, want %v", i, terms[i], w)
				}
			}

			weights, outside := 0, 0
			span, counts := f["weights-range"].Data, f["weights"].Data
			sum := float32(0)
			for _, k := range counts {
				sum += k
			}
			for _, w := range r.Model.(*toy).Weights() {
				weights += len(w)
				for _, x := range w {
					if x > span[0] || x < -span[0] {
						outside++
					}
				}
			}
			if weights != 2*16+16*16+16*16+16 || int(sum) != weights || outside > 0 {
				t.Errorf("%v of %d weights counted, %d beyond ±%v", sum, weights, outside, span[0])
			}
			if clipped := c.rule == "clip"; clipped != (span[1] > .1) || clipped && (span[0] != .1 || counts[0]+counts[63] < span[1]*sum*.9) {
				t.Errorf("range %v, with %v and %v at its ends", span, counts[0], counts[63])
			}
		})
	}
	for x, want := range map[float32]float32{0: 1, .1: .1, .100001: .2, 3: 5, 5.1: 10, .007: .01, 1e-20: 1e-20} {
		if got := roundUp(x); got != want {
			t.Errorf("%v is rounded up to %v, want %v", x, got, want)
		}
	}
}

// In a deep critic the gradient reaches the first layers under the penalty, and does
// not where weights are clipped to little: figure 1(b).
func TestFigure1b(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	layers := func(changes lab.Values) []float32 {
		v := lab.Values{"width": "32", "batch": "32", "field": "8"}
		maps.Copy(v, changes)
		r := open(t, WGANGP, "figure-1b", v)
		if err := r.Train(20); err != nil {
			t.Fatal(err)
		}
		return r.Frame().Tensors["layers"].Data
	}
	penalty := layers(nil)
	clip := layers(lab.Values{"rule": "clip", "optimiser": "rmsprop", "learning-rate": "0.00005", "clip": "0.001"})
	if len(penalty) != 13 || penalty[0] < penalty[12]/30 || penalty[0] > penalty[12]*30 {
		t.Errorf("under the penalty the norms are %v", penalty)
	}
	if len(clip) != 13 || !(clip[0] < 1e-20*clip[12]) || clip[0] == 0 {
		t.Errorf("clipped to .001 they are %v", clip)
	}
}

// Goodfellow's GAN covers fewer than the eight modes.
func TestCollapse(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	r := open(t, WGANGP, "gan", lab.Values{"field": "8"})
	if err := r.Train(800); err != nil {
		t.Fatal(err)
	}
	if m := r.Measure(); m[5] >= 7 {
		t.Errorf("it covers %v modes", m[5])
	}
}

package experiment

import (
	"math"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// What cannot be trained is refused with what would be right.
func TestDigitsRefused(t *testing.T) {
	for _, c := range []struct {
		changes lab.Values
		want    string
	}{
		{lab.Values{"estimator": "arm", "classes": "10"}, "Bernoulli"},
		{lab.Values{"estimator": "vimco", "batch": "9000", "latents": "200", "classes": "200"}, "--batch"},
		{lab.Values{"batch": "10000"}, "training digits"},
		{lab.Values{"latents": "200", "classes": "200"}, "weights"},
	} {
		for _, e := range []*lab.Experiment{GumbelVAE, GumbelSOP} {
			if e == GumbelVAE && c.want == "weights" {
				continue // a VAE has no square of them
			}
			v, err := e.Resolve("", c.changes)
			if err != nil {
				t.Fatal(err)
			}
			w := world()
			if c.want == "--batch" {
				w = many()
			}
			if _, err := Open(e, v, w); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s of %v: error %v does not tell of %q", e.Name, c.changes, err, c.want)
			}
		}
		if _, err := Open(GumbelSOP, must(t, GumbelSOP), World{}); err == nil || !strings.Contains(err.Error(), "needs MNIST") {
			t.Errorf("without digits: %v", err)
		}
	}
}

func must(t *testing.T, e *lab.Experiment) lab.Values {
	v, err := e.Resolve("", nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// many are as many digits as MNIST has, all black.
func many() World {
	m := &data.Images{Rows: 28, Cols: 28, Channels: 1, Pixels: make([]uint8, 60_000*28*28)}
	return World{MNIST: func() (*data.Images, *data.Images, error) { return m, m.Slice(0, 10_000), nil }}
}

// The bound's action tells of every digit what Bound tells of their mean, and
// refuses what it cannot do.
func TestBoundAction(t *testing.T) {
	for _, e := range []*lab.Experiment{GumbelVAE, GumbelSOP} {
		r := open(t, e, "", lab.Values{"latents": "4", "batch": "20", "draws": "3", "split": "validation", "binarise": "fixed"})
		if err := r.Train(2); err != nil {
			t.Fatal(err)
		}
		one := func(x float32) data.Tensor { return data.Tensor{Shape: []int{1}, Data: []float32{x}} }
		in := func(from, count, draws, validation float32) map[string]data.Tensor {
			return map[string]data.Tensor{"from": one(from), "count": one(count), "draws": one(draws), "validation": one(validation)}
		}
		out, err := r.Do("bound", in(0, 100, 3, 0))
		if err != nil {
			t.Fatal(err)
		}
		bound, mean := 0., 0.
		for i, x := range out["bound"].Data {
			bound, mean = bound-float64(x)/100, mean-float64(out["mean"].Data[i])/100
			if out["mean"].Data[i] > x+1e-3 {
				t.Errorf("%s: digit %d has a mean of logs %v above the log of the mean %v", e.Name, i, out["mean"].Data[i], x)
			}
		}
		want := r.Measure()[0]
		if e == GumbelVAE {
			want = -r.Measure()[1]
		}
		if math.Abs(bound-want) > 1e-4*math.Abs(want) || mean < bound {
			t.Errorf("%s: the action bounds at %v, mean of logs %v; the metric is %v", e.Name, bound, mean, want)
		}
		for name, c := range map[string]struct {
			in   map[string]data.Tensor
			want string
		}{
			"nothing":     {nil, "from must be"},
			"a fraction":  {in(0, 100, 1.5, 0), "draws must be"},
			"no draws":    {in(0, 100, 0, 0), "at least 1"},
			"odd digits":  {in(0, 50, 1, 0), "hundreds"},
			"too many":    {in(1e6, 100, 1, 0), "hundreds"},
			"no hundreds": {in(0, 900, 1, 1), "validation digits"},
		} {
			if _, err := r.Do("bound", c.in); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: error %v does not tell of %q", e.Name, name, err, c.want)
			}
		}
		if _, err := open(t, e, "", lab.Values{"latents": "4", "batch": "20", "split": "all"}).Do("bound", in(0, 100, 1, 1)); err == nil || !strings.Contains(err.Error(), "split") {
			t.Errorf("%s without validation digits: %v", e.Name, err)
		}
	}
}

// An SOP completes what it is given: the upper half stays, the lower is chances,
// and what was below does not matter.
func TestComplete(t *testing.T) {
	r := open(t, GumbelSOP, "", small(GumbelSOP))
	if err := r.Train(2); err != nil {
		t.Fatal(err)
	}
	image := data.Tensor{Shape: []int{28, 28}, Data: make([]float32, 28*28)}
	for i := range image.Data {
		image.Data[i] = float32(i%7) / 7
	}
	out, err := r.Do("complete", map[string]data.Tensor{"image": image})
	if err != nil {
		t.Fatal(err)
	}
	const half = 14 * 28
	mean, samples := out["mean"].Data, out["completions"].Data
	if len(mean) != 2*half || len(samples) != 12*half {
		t.Fatalf("%d and %d pixels", len(mean), len(samples))
	}
	differ := false
	for i := range half {
		for k := range 6 {
			if samples[2*k*half+i] != image.Data[i] {
				t.Fatalf("sample %d has %v at pixel %d of what was given, not %v", k, samples[2*k*half+i], i, image.Data[i])
			}
			if p := samples[(2*k+1)*half+i]; !(p > 0 && p < 1) {
				t.Fatalf("sample %d has the chance %v", k, p)
			}
			differ = differ || samples[(2*k+1)*half+i] != samples[half+i]
		}
		if mean[i] != image.Data[i] || !(mean[half+i] > 0 && mean[half+i] < 1) {
			t.Fatalf("the mean has %v above and %v below at pixel %d", mean[i], mean[half+i], i)
		}
	}
	if !differ {
		t.Error("all samples are alike")
	}
	for i := half; i < 2*half; i++ {
		image.Data[i] = 1
	}
	again, err := r.Do("complete", map[string]data.Tensor{"image": image})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range again["mean"].Data {
		if p != mean[i] {
			t.Fatal("the lower half that was given changes the completion")
		}
	}
	image.Data[3] = 2
	if _, err := r.Do("complete", map[string]data.Tensor{"image": image}); err == nil || !strings.Contains(err.Error(), "from 0 to 1") {
		t.Errorf("a pixel of 2: %v", err)
	}
}

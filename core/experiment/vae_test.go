package experiment

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// What is decoded of a code, and encoded of a digit, has the shapes that the
// registry promises, is what the frame shows, and changes nothing.
func TestCodeActions(t *testing.T) {
	r := open(t, GumbelVAE, "live", lab.Values{"latents": "4", "classes": "6", "batch": "20"})
	if err := r.Train(20); err != nil {
		t.Fatal(err)
	}
	before, f := r.Save(), r.Frame()
	one := f.Tensors["digits"].Data[:28*28]
	out, err := r.Do("encode", map[string]data.Tensor{"image": {Shape: []int{28, 28}, Data: one}})
	if err != nil {
		t.Fatal(err)
	}
	for name, shape := range map[string][]int{"chances": {4, 6}, "code": {4, 6}, "reconstruction": {28, 28}} {
		if got := out[name]; !slices.Equal(got.Shape, shape) || len(got.Data) != shape[0]*shape[1] {
			t.Fatalf("%s has shape %v and %d numbers", name, got.Shape, len(got.Data))
		}
	}
	// The first digit of the frame has the same noise.
	for what, pair := range map[string][2][]float32{
		"code":           {out["code"].Data, f.Tensors["code"].Data},
		"reconstruction": {out["reconstruction"].Data, f.Tensors["reconstructions"].Data[:28*28]},
	} {
		for i := range pair[0] {
			if math.Abs(float64(pair[0][i]-pair[1][i])) > 1e-5 {
				t.Fatalf("%s: number %d is %v encoded and %v in the frame", what, i, pair[0][i], pair[1][i])
			}
		}
	}
	drawn, err := r.Do("decode", map[string]data.Tensor{"code": out["code"]})
	if err != nil {
		t.Fatal(err)
	}
	if got := drawn["image"]; !slices.Equal(got.Shape, []int{28, 28}) || !slices.Equal(got.Data, out["reconstruction"].Data) {
		t.Errorf("what was encoded is decoded with shape %v and other numbers than at once", got.Shape)
	}
	// What an action returned is a copy.
	drawn["image"].Data[0] = 7
	if again, _ := r.Do("decode", map[string]data.Tensor{"code": out["code"]}); again["image"].Data[0] == 7 {
		t.Error("the run lent its own memory")
	}

	full := func(n int, x float32) []float32 { return slices.Repeat([]float32{x}, n) }
	for _, c := range []struct {
		action string
		in     map[string]data.Tensor
		want   string
	}{
		{"flip", nil, "decode, encode"},
		{"decode", nil, "code is missing: it must be a tensor (4, 6)"},
		{"decode", map[string]data.Tensor{"code": {Shape: []int{6, 4}, Data: full(24, 0)}}, "(4, 6)"},
		{"decode", map[string]data.Tensor{"code": {Shape: []int{4, 6}, Data: full(23, 0)}}, "23 numbers"},
		{"decode", map[string]data.Tensor{"code": {Shape: []int{4, 6}, Data: full(24, -1)}}, "from 0 to 1"},
		{"encode", map[string]data.Tensor{"code": {Shape: []int{4, 6}, Data: full(24, 0)}}, "image is missing"},
		{"encode", map[string]data.Tensor{"image": {Shape: []int{784}, Data: full(784, 0)}}, "(28, 28)"},
		{"encode", map[string]data.Tensor{"image": {Shape: []int{28, 28}, Data: full(784, float32(math.NaN()))}}, "from 0 to 1"},
	} {
		if _, err := r.Do(c.action, c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %v: error %v does not tell of %q", c.action, c.in, err, c.want)
		}
	}
	after := r.Save()
	for name, v := range before.Tensors {
		if !slices.Equal(v.Data, after.Tensors[name].Data) {
			t.Errorf("looking changed %s", name)
		}
	}
	if before.Meta["stream.gumbel"] != after.Meta["stream.gumbel"] {
		t.Error("looking drew from training's noise")
	}
}

// The schedule turns during a run, and the temperature follows it at once.
func TestSchedule(t *testing.T) {
	r := open(t, GumbelVAE, "live", small(GumbelVAE))
	if err := r.Train(2); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"temperature": "2", "least-temperature": "0.1", "anneal": "0.4", "anneal-every": "1"} {
		if err := r.Set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	for shape, want := range map[string]float64{"exponential": 2 * math.Exp(-.8), "linear": 2 * .2, "stepwise": 1, "constant": 2} {
		if err := r.Set("schedule", shape); err != nil {
			t.Fatal(err)
		}
		if got := r.Frame().Tensors["temperature"].Data[0]; math.Abs(float64(got)-want) > 1e-6 {
			t.Errorf("%s: τ %v, want %v", shape, got, want)
		}
	}
	if err := r.Set("schedule", "cosine"); err == nil || !strings.Contains(err.Error(), "stepwise") {
		t.Errorf("a cosine schedule: %v", err)
	}
}

package experiment

import (
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// A place that is a sample's is that sample, and a bad question is answered by what
// would be right.
func TestBetween(t *testing.T) {
	v, err := WGANMNIST.Resolve("live", lab.Values{"width": "4", "batch": "8"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(WGANMNIST, v, world())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Train(2); err != nil {
		t.Fatal(err)
	}
	row := func(v ...float32) data.Tensor { return data.Tensor{Shape: []int{len(v)}, Data: v} }
	rows := func(n int, v ...float32) data.Tensor { return data.Tensor{Shape: []int{n, len(v) / n}, Data: v} }
	out, err := r.Do("between", map[string]data.Tensor{"of": row(3, 70), "weights": rows(3, 2, 0, 0, .5, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	images, samples := out["images"], r.Frame().Tensors["samples"]
	if want := []int{3, 28, 28, 1}; len(images.Data) != 3*28*28 || images.Shape[0] != want[0] || images.Shape[3] != want[3] {
		t.Fatalf("images have shape %v, want %v", images.Shape, want)
	}
	most := func(a, b []float32) (far float32) {
		for i := range a {
			far = max(far, a[i]-b[i], b[i]-a[i])
		}
		return far
	}
	image := func(t data.Tensor, i int) []float32 { return t.Data[i*28*28 : (i+1)*28*28] }
	if most(image(images, 0), image(samples, 3)) > 1e-6 || most(image(images, 1), image(samples, 70)) > 1e-6 {
		t.Error("a place that is a sample's is not that sample")
	}
	if most(image(images, 2), image(samples, 3)) < 1e-3 || most(image(images, 2), image(samples, 70)) < 1e-3 {
		t.Error("between two samples is one of them")
	}
	for want, in := range map[string]map[string]data.Tensor{
		"they must be (k) and (n, k)":  {"of": row(1, 2, 3), "weights": rows(1, 1, 1)},
		"there must be 1 to 100":       {"of": row(1), "weights": rows(101, make([]float32, 101)...)},
		"there are 0 to 99":            {"of": row(100), "weights": rows(1, 1)},
		"sample 0.5 is asked for":      {"of": row(.5), "weights": rows(1, 1)},
		"finite, and not all be 0":     {"of": row(1, 2), "weights": rows(1, 0, 0)},
		"of has shape [] and weights ": {"weights": rows(1, 1)},
	} {
		if _, err := r.Do("between", in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", in["of"], err, want)
		}
	}
}

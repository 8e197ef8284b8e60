package experiment

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// openPoints opens a small run on points.
func openPoints(t *testing.T, changes lab.Values, points ...float32) *train.Run {
	t.Helper()
	v, err := WGANGP.Resolve("live", lab.Merge(lab.Values{"data": "points", "width": "4", "batch": "8", "field": "9"}, changes))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(WGANGP, v, World{Points: points, Goroutines: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// The plane reaches as far as the points, and so does the critic's field.
func TestFarPoints(t *testing.T) {
	for _, c := range []struct {
		view   string
		points []float32
		want   float64
	}{
		{"2", []float32{0, 1.99}, 2}, {"2", []float32{2, -2}, 2}, {"7", []float32{0, 5}, 7}, {"2", []float32{2.1, 0}, 2.5}, {"2", []float32{0, -50}, 60},
		{"2", []float32{0, 0, 50, -20}, 60}, {"2", []float32{-9.9, 3}, 12}, {"0.1", []float32{0.3, 0}, 0.4}, {"2", []float32{1e6, 0}, 1.2e6}, {"100", []float32{1500, 0}, 2000},
	} {
		r := openPoints(t, lab.Values{"view": c.view}, c.points...)
		f := r.Frame().Tensors
		if got := float64(f["view"].Data[0]); math.Abs(got/c.want-1) > 1e-6 {
			t.Errorf("view %s of %v: %v, want %v", c.view, c.points, got, c.want)
			continue
		}
		if r.Values()["view"] != c.view {
			t.Errorf("the setting became %s", r.Values()["view"])
		}
		// The corners of the field are those of the plane.
		v := f["view"].Data[0]
		if v > data.MaxCoordinate {
			continue // beyond the range of evaluate
		}
		out := do(t, r, "evaluate", map[string]data.Tensor{"points": {Shape: []int{2, 2}, Data: []float32{-v, -v, v, v}}})
		field, n := f["critic"].Data, len(f["critic"].Data)
		for i, at := range []int{0, n - 1} {
			if d := math.Abs(float64(field[at] - out["critic"].Data[i])); d > 1e-5*(1+math.Abs(float64(field[at]))) {
				t.Errorf("D at a corner is %v, and %v in the field", out["critic"].Data[i], field[at])
			}
		}
		for _, x := range f["real"].Data {
			if math.Abs(float64(x)) > float64(v) {
				t.Errorf("%v lies beyond %v", x, v)
			}
		}
	}
}

// A saved run contains its points, if it was trained on points.
func TestSavedPoints(t *testing.T) {
	points := []float32{0, 1, 1e6, -3, .1, .2}
	r := openPoints(t, nil, points...)
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, r.Save()); err != nil {
		t.Fatal(err)
	}
	s, err := data.ReadSafetensors(&b)
	if err != nil {
		t.Fatal(err)
	}
	got, name := train.SavedPoints(s)
	if !slices.Equal(got, points) || name != data.Drawn {
		t.Errorf("%s, %v", name, got)
	}
	if err := openPoints(t, nil, got...).Load(s); err != nil {
		t.Error(err)
	}
	delete(s.Tensors, "points")
	if got, _ := train.SavedPoints(s); got != nil {
		t.Errorf("an older file has %v", got)
	}
	if err := openPoints(t, nil, points...).Load(s); err != nil {
		t.Errorf("an older file: %v", err)
	}
	if got, _ := train.SavedPoints(open(t, WGANGP, "", small(WGANGP)).Save()); got != nil {
		t.Errorf("a run of Gaussians has %v", got)
	}
	s = r.Save()
	s.Tensors["points"] = data.Tensor{Shape: []int{3}, Data: []float32{1, 2, 3}}
	if got, _ := train.SavedPoints(s); got != nil {
		t.Errorf("of another shape: %v", got)
	}
}

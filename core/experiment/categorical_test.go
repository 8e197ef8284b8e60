package experiment

import (
	"math"
	"slices"
	"testing"

	"ganbel/core/lab"
)

// What a frame says of one draw fits together, and turning a setting acts at once,
// on the same noise.
func TestCategorical(t *testing.T) {
	r := open(t, GumbelCategorical, "live", lab.Values{"cloud": "100"})
	if err := r.Train(5); err != nil {
		t.Fatal(err)
	}
	before := r.Frame().Tensors
	for name, text := range map[string]string{"logit-1": "1.5", "logit-2": "-2", "temperature": "0.4", "cloud": "7"} {
		if err := r.Set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	f := r.Frame().Tensors
	if !slices.Equal(f["noise"].Data, before["noise"].Data) {
		t.Error("a setting drew other noise")
	}
	if !slices.Equal(f["logits"].Data, []float32{1.5, -2, 2}) || f["temperature"].Data[0] != .4 || f["cloud"].Shape[0] != 7 {
		t.Errorf("logits %v, temperature %v and a cloud of %d", f["logits"].Data, f["temperature"].Data, f["cloud"].Shape[0])
	}
	sum, most := 0., slices.Max(f["perturbed"].Data)
	for i := range 3 {
		want := (f["logits"].Data[i] + f["noise"].Data[i]) / .4
		if math.Abs(float64(f["perturbed"].Data[i]-want)) > 1e-4 {
			t.Errorf("class %d: perturbed to %v, want %v", i, f["perturbed"].Data[i], want)
		}
		sum += math.Exp(float64(f["perturbed"].Data[i] - most))
	}
	for i := range 3 {
		want := math.Exp(float64(f["perturbed"].Data[i]-most)) / sum
		if math.Abs(float64(f["sample"].Data[i])-want) > 1e-5 || math.Abs(float64(f["cloud"].Data[i])-want) > 1e-4 {
			t.Errorf("class %d: sample %v, first of the cloud %v, want %v", i, f["sample"].Data[i], f["cloud"].Data[i], want)
		}
		if hot := f["hard"].Data[i]; (hot == 1) != (f["perturbed"].Data[i] == most) || hot*hot != hot {
			t.Errorf("class %d: %v of the one-hot sample", i, hot)
		}
		if f["counts"].Data[i] != f["hard"].Data[i] {
			t.Errorf("other logits leave the counts at %v", f["counts"].Data)
		}
	}
	// The gradient's numbers are the metrics'.
	m, off := r.Measure(), 0.
	for i, x := range f["gradient"].Data {
		off += math.Pow(float64(x-f["exact"].Data[i]), 2)
	}
	e := f["estimate"].Data
	if math.Abs(math.Sqrt(off)-m[0]) > 1e-6 || math.Abs(float64(e[0])-m[0]) > 1e-6 || math.Abs(float64(e[2])-m[1]) > 1e-5 || !(e[1] > 0 && float64(e[1]) < m[1]) {
		t.Errorf("a bias of %v in the frame's gradients, %v in its estimate and %v in the metrics %v", math.Sqrt(off), e, m[0], m)
	}
	// The next step draws anew; other settings begin its statistics anew.
	r.Train(1)
	if slices.Equal(r.Frame().Tensors["noise"].Data, f["noise"].Data) {
		t.Error("a step drew no noise")
	}
	if n := r.Frame().Tensors["estimate"].Data[3]; n != 2*e[3] {
		t.Errorf("%v draws after one more step than %v", n, e[3])
	}
	if got, want := r.Frame().Tensors["estimate"].Data[1]*float32(math.Sqrt2), e[1]; math.Abs(float64(got/want)-1) > .2 {
		t.Errorf("twice as many draws scatter by %v, want about %v", got, want)
	}
}

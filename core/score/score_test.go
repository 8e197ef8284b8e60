package score

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"ganbel/core/data"
)

// write returns a safetensors file.
func write(t *testing.T, s data.Store) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, s); err != nil {
		t.Fatal(err)
	}
	return &b
}

// The ends are reached, halves are cut, and what is out of range is held.
func TestPixels(t *testing.T) {
	got := make([]uint8, 7)
	Pixels(got, []float32{-1, 1, 0, -.999, 1.5, -2, float32(math.NaN())})
	if want := []uint8{0, 255, 127, 0, 255, 0, 0}; !bytes.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The classifier of MNIST within the command knows digits.
func TestDigits(t *testing.T) {
	files := os.DirFS("../../assets/mnist")
	c, err := OpenDigits(files)
	if err != nil {
		t.Fatal(err)
	}
	_, test, err := data.MNIST(files)
	if err != nil {
		t.Fatal(err)
	}
	m := test.Slice(0, 2020)
	if a := Accuracy(c, m); !(a > .985) {
		t.Errorf("it knows %.2f %% of %d digits", 100*a, m.Count())
	}
	p, features := c.Classify(m.Slice(0, 3))
	if len(p) != 30 || len(features) != 3*32 {
		t.Errorf("%d probabilities and %d features of 3 digits", len(p), len(features))
	}
	if mean, std := Of(c, m, 4); !(mean > 9 && mean <= 10 && std > 0 && std < .5) {
		t.Errorf("digits score %v ± %v", mean, std)
	}
	if one, _ := c.Classify(m.Slice(2, 3)); one[0] != p[20] || one[9] != p[29] {
		t.Errorf("a digit alone is %v, among others %v", one, p[20:])
	}
	if err := c.Takes(32, 32, 3); err == nil || !strings.Contains(err.Error(), "32 by 32 with 3") {
		t.Errorf("colour: %v", err)
	}
	if _, err := OpenDigits(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), DigitsFile) {
		t.Errorf("no file: %v", err)
	}
	s := data.Store{Tensors: map[string]data.Tensor{"first.w": {Shape: []int{1, 1}, Data: []float32{0}}}}
	if _, err := Digits(s); err == nil || !strings.Contains(err.Error(), `"first.w"`) || !strings.Contains(err.Error(), "[9 16]") {
		t.Errorf("a tensor of another shape: %v", err)
	}
}

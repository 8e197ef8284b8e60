package score

import (
	"bytes"
	"context"
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

// Each way to enlarge puts pixels where its definition says.
func TestEnlarge(t *testing.T) {
	m := &data.Images{Rows: 2, Cols: 2, Channels: 1, Pixels: []uint8{0, 100, 100, 200}}
	for name, c := range map[string]struct {
		kernel kernel
		want   []float32 // the first row, twice as wide, and its last row
	}{
		// pixel i lies at i/2 of the small one, and what is beyond the last is the last
		"points": {points, []float32{0, 50, 100, 100, 100, 150, 200, 200}},
		// at -1/4, 1/4, 3/4 and 5/4
		"squares": {squares, []float32{0, 25, 75, 100, 100, 125, 175, 200}},
	} {
		dst := make([]float32, 4*4*3)
		enlarge(dst, m, 0, 4, c.kernel)
		for i, w := range c.want {
			at := i
			if i >= 4 {
				at = 12 + i - 4
			}
			for ch := range 3 {
				if math.Abs(float64(dst[3*at+ch]-w)) > 1e-4 {
					t.Errorf("%s: place %d is %v, want %v", name, at, dst[3*at:3*at+3], w)
				}
			}
		}
	}
	// The shares of a cubic sum to one, and a slope stays a slope away from the rim.
	for i := range 64 {
		sum, at := 0., 0.
		for _, tap := range cubic(i, 16, 64) {
			sum += tap.share
			at += tap.share * float64(tap.from)
		}
		if want := (float64(i)+.5)/4 - .5; math.Abs(sum-1) > 1e-12 || (i >= 8 && i < 56 && math.Abs(at-want) > 1e-12) {
			t.Errorf("pixel %d: shares sum to %v, at %v", i, sum, at)
		}
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

// A short training learns, and its folded normalisations are
// those it was trained with.
func TestTrainDigits(t *testing.T) {
	train, test, err := data.MNIST(os.DirFS("../../assets/mnist"))
	if err != nil {
		t.Fatal(err)
	}
	var losses []float64
	c := DigitsTraining{Epochs: 1, Batch: 10, Rate: 2e-3, Seed: 1, Goroutines: 1, Log: func(_, _ int, loss float64) { losses = append(losses, loss) }}
	s, err := TrainDigits(context.Background(), train.Slice(0, 2000), c)
	if err != nil {
		t.Fatal(err)
	}
	if len(losses) != 2 || !(losses[1] < losses[0]) {
		t.Errorf("losses %v", losses)
	}
	judge, err := Digits(s)
	if err != nil {
		t.Fatal(err)
	}
	if a := Accuracy(judge, test.Slice(0, 500)); !(a > .4) { // a tenth by chance
		t.Errorf("it knows %.1f %%", 100*a)
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := TrainDigits(done, train.Slice(0, 2000), c); err != context.Canceled {
		t.Errorf("stopped: %v", err)
	}
}

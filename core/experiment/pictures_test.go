package experiment

import (
	"math"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/wgan"
)

// fixed is a classifier that is sure of the class of an image's first pixel.
type fixed struct{}

func (fixed) Name() string                         { return "first pixel" }
func (fixed) Classes() int                         { return 4 }
func (fixed) Takes(rows, cols, channels int) error { return nil }
func (fixed) Classify(m *data.Images) (p, _ []float32) {
	p = make([]float32, 4*m.Count())
	for i := range m.Count() {
		p[4*i+int(m.Pixels[i*m.Size()])/64] = 1
	}
	return p, nil
}

// Images are scored beside as many real ones, and both are told.
func TestScores(t *testing.T) {
	v, err := WGANMNIST.Resolve("live", lab.Values{"width": "4", "batch": "8", "score-images": "200"})
	if err != nil {
		t.Fatal(err)
	}
	w := world()
	w.Classifier = fixed{}
	r, err := Open(WGANMNIST, v, w)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	metric := func(name string) float64 {
		for i, m := range WGANMNIST.Metrics {
			if m.Name == name {
				return r.Measure()[i]
			}
		}
		t.Fatalf("no metric %s", name)
		return 0
	}
	// A generator at its first step makes greys near the middle; digits begin black.
	if made, real := metric("score"), metric("real-score"); !(made >= 1 && made <= 2.01) || math.Abs(real-1) > 1e-9 {
		t.Errorf("scores %v and %v", made, real)
	}
	reports := r.Model.(Reporter).Reports()
	if len(reports) != 2 || reports[1].Rows[0][1] != "200" || reports[1].Rows[1][1] != "200" || !strings.Contains(reports[1].Title, "first pixel score") {
		t.Errorf("it reports %+v", reports)
	}
	if err := r.Set("score-images", "0"); err != nil {
		t.Fatal(err)
	}
	if made := metric("score"); !math.IsNaN(made) {
		t.Errorf("no images score %v", made)
	}
}

// What is generated becomes pixels as the authors' code rounds them.
func TestGeneratedPixels(t *testing.T) {
	r := open(t, WGANMNIST, "live", lab.Values{"width": "4", "batch": "8"}).Model.(*pictures)
	r.classifier = fixed{}
	m := r.Generate(100)
	at := 0
	r.Samples(1, 100, func(batch []float32) {
		for _, x := range batch {
			if want := uint8(float64(x) * 255.99); m.Pixels[at] != want && m.Pixels[at] != want-1 && m.Pixels[at] != want+1 {
				t.Fatalf("pixel %d, %v, becomes %d, want %d", at, x, m.Pixels[at], want)
			}
			at++
		}
	})
	if at != len(m.Pixels) || m.Count() != wgan.SampleBatch {
		t.Errorf("%d pixels of %d images", len(m.Pixels), m.Count())
	}
}

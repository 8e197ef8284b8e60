package experiment

import (
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/random"
	"ganbel/core/train"
)

// digits are the test set of MNIST, read once.
var digits = sync.OnceValues(func() (*data.Images, error) {
	_, test, err := data.MNIST(os.DirFS("../../assets/mnist"))
	return test, err
})

// world gives tests real digits, the first thousand of MNIST's test set, and
// three points.
func world() World {
	return World{MNIST: func() (train, test *data.Images, err error) {
		d, err := digits()
		if err != nil {
			return nil, nil, err
		}
		return d.Slice(0, 800), d.Slice(800, 1000), nil
	}, Points: []float32{0, 0, 1, 1, -1, .5}, Pictures: noise, Text: func() ([]string, error) { return sentences(200), nil }}
}

// sentences gives n lines of words, some too short and some too long.
func sentences(n int) []string {
	words := strings.Fields("the cat a dog sees no house in every town of Rome , and then goes home .")
	r := random.New(1, "sentences")
	lines := make([]string, n)
	for i := range lines {
		for range 2 + r.Intn(9) {
			lines[i] += words[r.Intn(len(words))] + " "
		}
	}
	return lines
}

// noise gives 60 images of noise in colour and of ten classes, a third of them to
// validate with.
func noise(side int) (train, validation data.Source, err error) {
	m := &data.Images{Rows: side, Cols: side, Channels: 3, Pixels: make([]uint8, 60*side*side*3), Labels: make([]uint8, 60)}
	v := make([]float32, len(m.Pixels))
	random.New(1, "noise").Uniform(v)
	for i, x := range v {
		m.Pixels[i] = uint8(255 * x)
	}
	for i := range m.Labels {
		m.Labels[i] = uint8(i % 10)
	}
	return m.Slice(0, 40), m.Slice(40, 60), nil
}

// open opens a run on one goroutine, so that tests can run side by side.
func open(t testing.TB, e *lab.Experiment, preset string, changes lab.Values) *train.Run {
	t.Helper()
	return openOn(t, e, preset, changes, 1)
}

func openOn(t testing.TB, e *lab.Experiment, preset string, changes lab.Values, goroutines int) *train.Run {
	t.Helper()
	v, err := e.Resolve(preset, changes)
	if err != nil {
		t.Fatal(err)
	}
	w := world()
	w.Goroutines = goroutines
	r, err := Open(e, v, w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func small(e *lab.Experiment) lab.Values {
	switch e.Name {
	case "wgan-values":
		return lab.Values{"width": "8", "batch": "16", "field": "8"}
	case "wgan-depth":
		return lab.Values{"width": "8", "batch": "16"}
	}
	switch e {
	case WGANGP:
		return lab.Values{"width": "16", "batch": "32", "field": "16"}
	case GumbelCategorical:
		return lab.Values{"cloud": "40"}
	case GumbelGradients:
		return lab.Values{"latents": "2"}
	case GumbelDistributions:
		return lab.Values{"draws": "50"}
	case GumbelSemi:
		return lab.Values{"channels": "2", "code": "3", "batch": "20", "labelled-batch": "10", "test-digits": "50"}
	case GumbelClasses:
		return lab.Values{"channels": "1", "code": "1", "batch": "1", "windows": "1", "window": "0.001"}
	}
	if strings.HasPrefix(e.Name, "gumbel-") {
		return lab.Values{"latents": "4", "batch": "20", "draws": "3"}
	}
	v := lab.Values{"batch": "4", "held-out": "1", "n-critic": "1"}
	if e.Setting("width") != nil {
		v["width"] = "4"
	} else {
		v["filters-g"], v["filters-d"] = "2", "2"
	}
	if e.Setting("blocks") != nil {
		v["blocks"], v["lines"] = "1", "50"
	}
	if e.Setting("examples") != nil {
		v["examples"] = "20"
	}
	return v
}

// leftOut reports whether a short suite leaves out an experiment: this one is wgan-lsun
// with larger images.
func leftOut(e *lab.Experiment) bool { return testing.Short() && e.Name == "wgan-lsun-128" }

// A run that is saved and loaded goes on bit for bit, and watching it changes nothing.
func TestSaveLoad(t *testing.T) {
	for _, e := range lab.Experiments() {
		if e == GumbelClasses {
			continue // it measures time
		}
		if leftOut(e) {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			a := open(t, e, "", small(e))
			a.Train(3)
			a.Measure()
			a.Frame()
			turned := "learning-rate"
			if e == GumbelCategorical || e == GumbelGradients {
				turned = "temperature"
			}
			if e.Setting(turned) == nil {
				turned = "seed" // nothing acts at once
			} else if err := a.Set(turned, "0.06"); err != nil {
				t.Fatal(err)
			}
			text := a.Values()[turned]
			saved := a.Save()
			a.Train(4)
			b := open(t, e, "", small(e))
			b.Train(1)
			if err := b.Load(saved); err != nil {
				t.Fatal(err)
			}
			if b.Step() != 3 || b.Values()[turned] != text {
				t.Errorf("loaded at step %d with %s %s", b.Step(), turned, b.Values()[turned])
			}
			b.Train(4)
			if got, want := b.Measure(), a.Measure(); !slices.EqualFunc(got, want, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) }) {
				t.Errorf("goes on with %v, want %v", got, want)
			}
			for name, want := range a.Save().Tensors {
				if !slices.Equal(b.Save().Tensors[name].Data, want.Data) {
					t.Errorf("%s differs", name)
				}
			}
			for name, spoil := range map[string]func(*data.Store){
				"experiment": func(s *data.Store) { s.Meta["experiment"] = "x" },
				"step":       func(s *data.Store) { s.Meta["step"] = "-1" },
				"stream": func(s *data.Store) {
					maps.DeleteFunc(s.Meta, func(name, _ string) bool { return strings.HasPrefix(name, "stream.") })
				},
				"setting": func(s *data.Store) { s.Meta["set.seed"] = "31" },
				"tensor":  func(s *data.Store) { clear(s.Tensors) },
			} {
				if name == "stream" && e == GumbelCategorical {
					continue // its noise is a function of the step
				}
				s := a.Save()
				spoil(&s)
				if err := b.Load(s); err == nil {
					t.Errorf("took a store with a broken %s", name)
				}
			}
			if b.Step() != 7 {
				t.Errorf("a refused store moved the run to step %d", b.Step())
			}
		})
	}
}

func TestResolve(t *testing.T) {
	v, err := WGANGP.Resolve("live", lab.Values{"lambda": "10"})
	if err != nil || v["lambda"] != "10" || v["width"] != "64" || v["n-critic"] != "5" {
		t.Errorf("resolved to %v, %v", v, err)
	}
	for _, c := range []struct{ preset, name, text, want string }{
		{"x", "", "", "live"}, {"", "lamda", "1", "lambda"}, {"", "lambda", "-1", "0.001"}, {"", "n-critic", "2.5", "whole"},
		{"", "data", "rings", "swissroll"}, {"", "lambda", "NaN", "number"},
	} {
		changes := lab.Values{}
		if c.name != "" {
			changes[c.name] = c.text
		}
		if _, err := WGANGP.Resolve(c.preset, changes); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v does not tell of %q", c, err, c.want)
		}
	}
	if _, err := lab.Find("wgan"); err == nil || !strings.Contains(err.Error(), "gumbel-vae") {
		t.Errorf("Find: %v", err)
	}
	for _, e := range lab.Experiments() {
		for _, s := range e.Settings {
			if err := s.Check(s.Default); err != nil {
				t.Errorf("%s: the default: %v", e.Name, err)
			}
			if s.Doc == "" || s.Title == "" || s.Group == "" {
				t.Errorf("%s: setting %s has a hole", e.Name, s.Name)
			}
		}
		for _, p := range e.Presets {
			if _, err := e.Resolve(p.Name, nil); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		}
	}
}

func TestDiverged(t *testing.T) {
	for _, e := range []*lab.Experiment{WGANGP, GumbelVAE, GumbelSemi} { // the others train nothing
		r := open(t, e, "", small(e))
		r.Train(2)
		s := r.Save()
		for _, v := range s.Tensors {
			v.Data[0] = float32(math.Inf(1))
		}
		if err := r.Load(s); err != nil {
			t.Fatal(err)
		}
		err := r.Train(5)
		if d, ok := err.(*train.Diverged); !ok || d.Step != 2 || d.What == "" || !strings.Contains(err.Error(), "learning rate") {
			t.Errorf("%s with an infinite weight ends with %v", e.Name, err)
		}
	}
}

func TestTurnRefuses(t *testing.T) {
	r := open(t, WGANGP, "live", small(WGANGP))
	if err := r.Set("width", "32"); err == nil {
		t.Error("the width changed during a run")
	}
	if err := r.Set("lambda", "x"); err == nil || r.Values()["lambda"] != "0.1" {
		t.Errorf("lambda is %s, error %v", r.Values()["lambda"], err)
	}
}

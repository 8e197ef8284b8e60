package experiment

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/memory"
	"ganbel/core/train"
)

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A run that is too large is refused with both numbers before anything is allocated.
func TestTooLarge(t *testing.T) {
	for _, c := range []struct {
		e       *lab.Experiment
		changes lab.Values
		advice  string
	}{
		{WGANGP, lab.Values{"width": "4096", "depth": "20", "batch": "4096"}, "lower --width or --batch"},
		{WGANMNIST, lab.Values{"width": "512"}, "lower --width or --batch"},
		{GumbelVAE, lab.Values{"latents": "200", "classes": "200"}, "lower --latents or --batch"},
		{GumbelSOP, lab.Values{"latents": "200", "classes": "50"}, "lower --latents or --batch"},
		{GumbelSemi, lab.Values{"channels": "128", "batch": "500"}, "lower --channels or --batch"},
		{GumbelClasses, lab.Values{"batch": "800"}, "lower --channels or --batch"},
	} {
		v, err := c.e.Resolve("", c.changes)
		if err != nil {
			t.Fatal(err)
		}
		w := world()
		w.Goroutines, w.Free = 8, func() memory.Room { return memory.Room{Bytes: 100_000_000, Of: "this machine"} }
		w.MNIST() // decodes the digits, once
		goroutines := runtime.NumGoroutine()
		var planned train.Plan
		w.Planned = func(p train.Plan) { planned = p }
		n := allocated(func() { _, err = Open(c.e, v, w) })
		var large *train.TooLarge
		if !errors.As(err, &large) || large.Needs < uint64(planned.Bytes) || planned.Bytes < 100_000_000 {
			t.Errorf("%s: %v, and %d bytes are planned", c.e.Name, err, planned.Bytes)
			continue
		}
		if want := "the run needs " + memory.Text(large.Needs) + " and this machine has 100 MB free: " + c.advice; err.Error() != want {
			t.Errorf("%s says %q, want %q", c.e.Name, err, want)
		}
		if n > large.Needs/4 || n > 60<<20 {
			t.Errorf("%s allocated %d bytes to find out that it needs %d", c.e.Name, n, large.Needs)
		}
		if g := runtime.NumGoroutine(); g > goroutines {
			t.Errorf("%s left %d goroutines", c.e.Name, g-goroutines)
		}
	}
}

// The state that a run is to continue from is compared with the run before anything is
// allocated.
func TestSavedFits(t *testing.T) {
	v, err := WGANGP.Resolve("live", lab.Values{"width": "4096", "depth": "6"})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]data.Store{
		"nothing": {}, "too few numbers": {Tensors: map[string]data.Tensor{"critic": {Shape: []int{2}, Data: []float32{1, 2}}}},
	} {
		w := world()
		w.Saved = &s
		n := allocated(func() { _, err = Open(WGANGP, v, w) })
		if err == nil || !strings.Contains(err.Error(), `the run's tensor "critic" has `+strconv.Itoa(len(s.Tensors["critic"].Data))+" numbers: it must have ") {
			t.Errorf("%s: %v", name, err)
		}
		if n > 32<<20 {
			t.Errorf("%s: %d bytes were allocated", name, n)
		}
	}
	small := open(t, WGANGP, "", small(WGANGP))
	small.Train(2)
	s, w := small.Save(), world()
	w.Saved = &s
	same, err := Open(WGANGP, small.Values(), w)
	if err != nil {
		t.Fatal(err)
	}
	defer same.Close()
	if err := same.Load(s); err != nil {
		t.Error(err)
	}
}

// The plan is what a run really takes once it has trained, measured and drawn.
func TestPlanned(t *testing.T) {
	for _, e := range lab.Experiments() {
		if e == GumbelClasses || leftOut(e) {
			continue // the one's machines last for a step only
		}
		for _, p := range e.Presets[:1] {
			for _, goroutines := range []int{1, 3} {
				t.Run(e.Name+"/"+p.Name+"/"+strconv.Itoa(goroutines), func(t *testing.T) {
					v, err := e.Resolve(p.Name, small(e))
					if err != nil {
						t.Fatal(err)
					}
					w, asked := world(), 0
					w.Goroutines = goroutines
					var plan train.Plan
					w.Planned = func(p train.Plan) { plan, asked = p, asked+1 }
					r, err := Open(e, v, w)
					if err != nil {
						t.Fatal(err)
					}
					defer r.Close()
					if asked != 1 {
						t.Fatalf("asked %d times", asked)
					}
					states := 0
					for _, tensor := range r.Save().Tensors {
						states += 4 * len(tensor.Data)
					}
					if states != plan.States {
						t.Errorf("the state has %d bytes, and %d were planned", states, plan.States)
					}
					if err := r.Train(2); err != nil {
						t.Fatal(err)
					}
					r.Measure()
					r.Frame()
					if ratio := float64(plan.Bytes) / float64(r.Bytes()); e != GumbelDistributions && e != GumbelCategorical && (ratio < .95 || ratio > 1.3) {
						t.Errorf("%d bytes were planned, and %d are taken", plan.Bytes, r.Bytes())
					}
				})
			}
		}
	}
}

// Runs that are closed leave no goroutines and no buffers, and neither do runs that
// could not be opened.
func TestClose(t *testing.T) {
	settle := func(want int) int {
		end := time.Now().Add(time.Minute) // only a leak waits so long
		for runtime.NumGoroutine() > want && time.Now().Before(end) {
			runtime.Gosched()
		}
		return runtime.NumGoroutine()
	}
	for _, e := range lab.Experiments() {
		if leftOut(e) {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			v, err := e.Resolve("", small(e))
			if err != nil {
				t.Fatal(err)
			}
			before := runtime.NumGoroutine()
			for range 3 {
				w := world()
				w.Goroutines = 4
				r, err := Open(e, v, w)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Train(1); err != nil {
					t.Fatal(err)
				}
				r.Close()
				r.Close()
			}
			if n := settle(before); n > before {
				t.Errorf("three runs left %d goroutines", n-before)
			}
			broken := errors.New("the file is broken")
			for _, w := range []World{
				{Goroutines: 4},
				{Goroutines: 4, MNIST: func() (a, b *data.Images, err error) { return nil, nil, broken }, Text: func() ([]string, error) { return nil, broken },
					Pictures: func(int) (a, b data.Source, err error) { return nil, nil, broken }},
				{Goroutines: 4, MNIST: world().MNIST, Text: world().Text, Pictures: world().Pictures, Free: func() memory.Room { return memory.Room{Of: "this machine"} }},
			} {
				if r, err := Open(e, v, w); err == nil {
					r.Close()
				}
			}
			if n := settle(before); n > before {
				t.Errorf("runs that could not be opened left %d goroutines", n-before)
			}
		})
	}
}

// Results do not depend on the number of threads.
func TestThreads(t *testing.T) {
	for _, c := range []struct {
		e       *lab.Experiment
		changes lab.Values
	}{
		{WGANGP, lab.Values{"width": "128", "batch": "256", "field": "16"}}, // large enough to be shared out
		{GumbelVAE, lab.Values{"latents": "20", "hidden": "256", "batch": "100", "draws": "2"}},
	} {
		t.Run(c.e.Name, func(t *testing.T) {
			one := openOn(t, c.e, "", c.changes, 1)
			if err := one.Train(3); err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{2, 3, 8} {
				other := openOn(t, c.e, "", c.changes, n)
				if err := other.Train(3); err != nil {
					t.Fatal(err)
				}
				same(t, other, one)
				if a, b := other.Measure(), one.Measure(); len(a) != len(b) {
					t.Error("another number of measurements")
				} else {
					for i := range a {
						if a[i] != b[i] && (a[i] == a[i] || b[i] == b[i]) {
							t.Errorf("%s is %v on %d threads and %v on one", c.e.Metrics[i].Name, a[i], n, b[i])
						}
					}
				}
			}
		})
	}
}

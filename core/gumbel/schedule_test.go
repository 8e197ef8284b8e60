package gumbel

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/lab"
	"ganbel/core/train"
)

func TestSchedule(t *testing.T) {
	for rate, step := range map[float64]float64{1e-5: 69314.7, 1e-4: 6931.5, 3e-5: 23104.9} {
		s := Schedule{First: 1, Least: .5, Fall: rate, Every: 1}
		if before, after := s.At(int(step)-20), s.At(int(step)+20); !(before > .5) || after != .5 {
			t.Errorf("rate %v: τ is %v before and %v after step %v", rate, before, after, step)
		}
	}
	if s := (Schedule{First: 1, Least: .5, Fall: 3e-5, Every: 1000}); s.At(1999) != s.At(1000) || s.At(2000) == s.At(1999) {
		t.Error("the temperature must change every 1000 steps, and only then")
	}
}

// A temperature that is none is told where it would be used.
func TestScheduleRefuses(t *testing.T) {
	for _, s := range []Schedule{{}, {First: math.NaN(), Least: .5}, {First: 1, Shape: "cosine"}, {First: -1}, {First: 1, Fall: .01, Shape: Linear}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v gives %v", s, s.At(100))
				}
			}()
			s.At(100)
		}()
	}
}

// What Check refuses would be no temperature at some step, and what it takes is one at
// every step.
func TestScheduleCheck(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, shape := range []Shape{"", Exponential, Linear, Stepwise, Slope, Constant, "cosine"} {
		for _, first := range []float64{0, -1, nan, inf, -inf, 1, 1e-300} {
			for _, least := range []float64{0, -1, nan, inf, .5} {
				for _, fall := range []float64{0, -1, nan, inf, .01, 1} {
					s := Schedule{Shape: shape, First: first, Least: least, Fall: fall}
					err := s.Check()
					if good := shape != "cosine" && (first == 1 || first == 1e-300) && (least == .5 || least == 0) && fall >= 0 && !math.IsInf(fall, 1); err == nil && !good {
						t.Errorf("%+v is taken", s)
					}
					if err != nil {
						continue
					}
					for _, step := range []int{0, 1, 100, 1_000_000} {
						if tau := s.At(step); !(tau > 0) || math.IsInf(tau, 1) {
							t.Errorf("%+v is taken, and at step %d is %v", s, step, tau)
						}
					}
				}
			}
		}
	}
	for _, s := range []Schedule{{First: 1, Least: .5, Fall: 1e-3}, {First: 1}, {First: 1, Shape: Constant}, {First: 2, Fall: .1, Shape: Slope}} {
		if err := s.Check(); err != nil {
			t.Errorf("%+v is refused: %v", s, err)
		}
	}
}

// A temperature of 0 or less, NaN or infinite is refused wherever one comes in, and so
// is one that float32 does not hold.
func TestNoTemperature(t *testing.T) {
	m := drawings(100, 1)
	m.Labels = make([]uint8, 100)
	for i := range m.Labels {
		m.Labels[i] = uint8(i % 2)
	}
	config := Config{Train: m, Test: m, Estimator: "gumbel-softmax", Batch: 5, Optimiser: "adam", Binarisation: Grey}
	run := func(tau float64) *train.Run {
		return newRun(t, lab.Values{"temperature": text(tau), "least-temperature": text(tau), "learning-rate": "0.01", "logit-1": "0", "logit-2": "0", "logit-3": "0", "estimator": "gumbel-softmax"})
	}
	for _, tau := range []float64{0, math.Copysign(0, -1), -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e-60, 1e60} {
		for what, f := range map[string]func(){
			"Softmax": func() { g := graph.New(); Softmax(g.Input("l", 1, 2), g.Input("u", 1, 2), g.Const(1, 1, tau)) },
			"Relaxed": func() { g := graph.New(); Bits(2).Relaxed(g.Input("l", 1, 2), g.Const(1, 1, tau)) },
			"Categorical": func() {
				r := run(tau)
				r.Begin(bare{NewCategorical(r)})
			},
			"Gradients": func() {
				r := run(tau)
				r.Begin(bare{NewGradients(r, Bits(1), 1)})
			},
			"VAE": func() {
				r := run(tau)
				v := NewVAE(r, VAEConfig{Config: config, Variables: Variables{1, 2}})
				r.Begin(bare{v})
				v.Iterate()
			},
			"SOP": func() {
				n := *m
				n.Rows, n.Cols = 4, 3
				r, c := run(tau), config
				c.Train, c.Test = &n, &n
				v := NewSOP(r, SOPConfig{Config: c, Variables: Bits(2)})
				r.Begin(bare{v})
				v.Iterate()
			},
			"Semi": func() {
				r := run(tau)
				s, err := NewSemi(r, SemiConfig{Train: m, K: 2, Labels: 4, Estimator: SemiGumbel, Z: 1, Channels: 1, Batch: 5, LabelledBatch: 2})
				if err != nil {
					panic(err)
				}
				r.Begin(bare{s})
				s.Iterate()
			},
		} {
			func() {
				defer func() {
					if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "temperature") {
						t.Errorf("%s with τ %v: %v", what, tau, r)
					}
				}()
				f()
			}()
		}
	}
}

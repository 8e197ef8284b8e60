package gumbel

import (
	"strconv"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// newRun returns a run without a model, whose settings are those of more where others do not
// do.
func newRun(t testing.TB, more lab.Values) *train.Run {
	t.Helper()
	v := lab.Merge(lab.Values{"seed": "1", "learning-rate": "0.001", "rate-fall": "1", "alpha": "1", "labelled-weight": "1",
		"schedule": string(Exponential), "temperature": "1", "least-temperature": "0.5", "anneal": "0", "anneal-every": "1"}, more)
	e := &lab.Experiment{Name: "test"}
	for name := range v {
		s := lab.Setting{Name: name, Kind: lab.Float, Min: -1e9, Max: 1e9}
		switch name {
		case "schedule":
			s.Kind, s.Choices = lab.Choice, []string{string(Exponential), string(Linear), string(Stepwise), string(Slope), string(Constant)}
		case "estimator":
			s.Kind, s.Choices = lab.Choice, []string{"gumbel-softmax", "straight-through"}
		}
		e.Settings = append(e.Settings, s)
	}
	r := train.New(e, v, cpu.Device(1))
	t.Cleanup(r.Close)
	return r
}

// text returns a number as a setting has it.
func text(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// set changes a setting.
func set(t testing.TB, r *train.Run, name, text string) {
	t.Helper()
	if err := r.Set(name, text); err != nil {
		t.Fatal(err)
	}
}

// A bare is a model of which nothing is measured or drawn.
type bare struct {
	of interface{ Iterate() string }
}

func (b bare) Iterate() string             { return b.of.Iterate() }
func (bare) Measure() []float64            { return nil }
func (bare) Frame() map[string]data.Tensor { return nil }

func (b bare) Begin() {
	if m, ok := b.of.(train.Beginner); ok {
		m.Begin()
	}
}

func (b bare) Settle() {
	if m, ok := b.of.(train.Settler); ok {
		m.Settle()
	}
}

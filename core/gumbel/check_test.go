package gumbel

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// Every function of plain numbers refuses what it cannot take, by name, and with
// what would be right.
func TestRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	type call struct{ y, logits, u []float64 }
	functions := map[string]func(c call, tau float64) error{
		"Max":    func(c call, _ float64) error { _, err := Max(c.logits, c.u); return err },
		"Sample": func(c call, tau float64) error { return Sample(slices.Clone(c.y), c.logits, c.u, tau) },
		"SampleBinary": func(c call, tau float64) error {
			_, err := SampleBinary(c.logits[0], c.u[0], tau)
			return err
		},
		"LogDensity": func(c call, tau float64) error { _, err := LogDensity(c.y, c.logits, tau); return err },
		"LogDensityBinary": func(c call, tau float64) error {
			_, err := LogDensityBinary(c.y[0], c.logits[0], tau)
			return err
		},
	}
	good := func() call { return call{[]float64{.5, .25, .25}, []float64{-3, 2, 0}, []float64{.5, .1, .9}} }
	for name, f := range functions {
		if err := f(good(), .5); err != nil {
			t.Errorf("%s refuses what is right: %v", name, err)
		}
	}
	all, drawn, dense := []string{"Max", "Sample", "SampleBinary", "LogDensity", "LogDensityBinary"}, []string{"Max", "Sample", "SampleBinary"}, []string{"LogDensity", "LogDensityBinary"}
	relaxed := all[1:]
	for _, c := range []struct {
		of    []string
		spoil func(c *call, tau *float64)
		want  string
	}{
		{relaxed, func(_ *call, tau *float64) { *tau = 0 }, "τ is 0: it must be a positive number"},
		{relaxed, func(_ *call, tau *float64) { *tau = -1 }, "τ is -1"},
		{relaxed, func(_ *call, tau *float64) { *tau = nan }, "τ is NaN"},
		{relaxed, func(_ *call, tau *float64) { *tau = inf }, "τ is +Inf"},
		{all, func(c *call, _ *float64) { c.logits[0] = nan }, "logit 0 is NaN: it must be finite"},
		{all, func(c *call, _ *float64) { c.logits[0] = -inf }, "leave out a class whose chance is 0"},
		{[]string{"Max", "Sample", "LogDensity"}, func(c *call, _ *float64) { *c = call{} }, "no logits: give one for each class"},
		{[]string{"Max", "Sample"}, func(c *call, _ *float64) { c.u = c.u[1:] }, "u has length 2 and the logits 3"},
		{[]string{"Sample"}, func(c *call, _ *float64) { c.y = append(c.y, 0) }, "dst has length 4 and the logits 3"},
		{[]string{"LogDensity"}, func(c *call, _ *float64) { c.y = c.y[1:] }, "y has length 2 and the logits 3"},
		{drawn, func(c *call, _ *float64) { c.u[0] = 0 }, "uniform number 0 is 0: it must be greater than 0 and less than 1"},
		{drawn, func(c *call, _ *float64) { c.u[0] = 1 }, "uniform number 0 is 1"},
		{drawn, func(c *call, _ *float64) { c.u[0] = nan }, "uniform number 0 is NaN"},
		{dense, func(c *call, _ *float64) { c.y[0] = 0 }, "y[0] is 0: it must be greater than 0"},
		{dense, func(c *call, _ *float64) { c.y[0] = nan }, "y[0] is NaN"},
		{dense, func(c *call, _ *float64) { c.y[0] = -.1 }, "y[0] is -0.1"},
		{[]string{"LogDensityBinary"}, func(c *call, _ *float64) { c.y[0] = 1 }, "y[1] is 0"},
		{[]string{"LogDensity"}, func(c *call, _ *float64) { c.y[0] = .75 }, "y adds up to 1.25: a point of the simplex adds up to 1"},
		{[]string{"LogDensity"}, func(c *call, _ *float64) { c.y[0] = inf }, "y adds up to +Inf"},
		{dense, func(c *call, tau *float64) { *tau, c.y[0], c.y[1] = 1e308, 1e-9, .75-1e-9 }, "beyond a float64's range"},
	} {
		for _, name := range c.of {
			in, tau := good(), .5
			c.spoil(&in, &tau)
			if err := functions[name](in, tau); err == nil || !strings.HasPrefix(err.Error(), "gumbel: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v does not tell %q", name, err, c.want)
			}
		}
	}
}

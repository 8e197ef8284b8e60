package gumbel

import (
	"testing"

	"ganbel/core/lab"
)

// The estimators that are unbiased show no bias, those that are not do.
func TestGradients(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	unbiased := map[string]bool{"score-function": true, "nvil": true, "muprop": true, "rebar": true, "relax": true, "arm": true, "disarm": true}
	for _, v := range []Variables{Bits(4), {2, 3}} {
		r := newRun(t, lab.Values{"seed": "3"})
		g := NewGradients(r, v, 4)
		r.Begin(bare{g})
		for range 60 {
			if bad := g.Iterate(); bad != "" {
				t.Fatal(bad + " is not finite")
			}
		}
		for _, e := range g.Estimates() {
			t.Logf("%v, %s: bias %.4f, of which chance %.4f, variance %.3f", v, e.Name, e.Bias, e.Error, e.Variance)
			chance := 4 * e.Error
			if unbiased[e.Name] && e.Bias > chance {
				t.Errorf("%v: %s has a bias of %v, more than %v by chance", v, e.Name, e.Bias, chance)
			}
			if !unbiased[e.Name] && e.Bias < 6*e.Error {
				t.Errorf("%v: %s has a bias of %v, no more than %v by chance", v, e.Name, e.Bias, 6*e.Error)
			}
			if e.Variance <= 0 {
				t.Errorf("%v: %s has the variance %v", v, e.Name, e.Variance)
			}
		}
		set(t, r, "temperature", "0.1")
		if e := g.Estimates()[0]; e.Draws != 0 || e.Bias == e.Bias {
			t.Errorf("at another temperature %v draws with a bias of %v are left", e.Draws, e.Bias)
		}
	}
}

package gumbel

import (
	"fmt"
	"math"
	"testing"
)

// plane integrates f(y, p(y)) over the simplex of three classes, in coordinates
// z with y = softmax(z₁, z₂, 0), where dy = y₁y₂y₃·dz and the trapezoid rule
// converges faster than any power of its step.
func plane(t *testing.T, logits []float64, tau float64, f func(y []float64, add func(at int, x float64))) (integrals [4]float64) {
	reach := 20 / tau // where p(y)·y₁y₂y₃ is e^-20 of its peak
	step := min(.4, .4/tau)
	n := int(reach / step)
	for i := -n; i <= n; i++ {
		for j := -n; j <= n; j++ {
			z := []float64{float64(i) * step, float64(j) * step, 0}
			most := max(z[0], z[1], 0)
			y, sum := make([]float64, 3), 0.
			for k := range y {
				y[k] = math.Exp(z[k] - most)
				sum += y[k]
			}
			for k := range y {
				y[k] /= sum
			}
			log, err := LogDensity(y, logits, tau)
			if err != nil {
				t.Fatal(err)
			}
			weight := math.Exp(log) * y[0] * y[1] * y[2] * step * step
			f(y, func(at int, x float64) { integrals[at] += x * weight })
		}
	}
	return integrals
}

// The density integrates to 1, and its means are those of samples, known from 2
// million draws within .0003 for π = (.1, .2, .7).
func TestDensityIntegrates(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	known := map[float64][]float64{.5: {.1180, .2216, .6604}, 1: {.1541, .2531, .5928}}
	for _, logits := range [][]float64{three, {0, 0, 0}, {5, 3.5, 4}} {
		for _, tau := range []float64{.5, 1, 2} {
			got := plane(t, logits, tau, func(y []float64, add func(int, float64)) {
				add(3, 1)
				for i, v := range y {
					add(i, v)
				}
			})
			if math.Abs(got[3]-1) > 1e-6 {
				t.Errorf("logits %v, τ %v: the density integrates to %v", logits, tau, got[3])
			}
			if &logits[0] != &three[0] {
				continue
			}
			for i, want := range known[tau] {
				if math.Abs(got[i]-want) > 6e-4 {
					t.Errorf("τ %v: the mean of class %d is %v by the density, %v by samples", tau, i, got[i], want)
				}
			}
		}
	}
}

// The density as the paper prints it, in plain powers, where those do not overflow.
func TestDensityPrinted(t *testing.T) {
	for _, c := range []struct{ pi, y []float64 }{
		{[]float64{.1, .2, .7}, []float64{.3, .3, .4}}, {[]float64{.1, .2, .7}, []float64{.98, .01, .01}},
		{[]float64{.4, .1, .2, .3}, []float64{.1, .2, .05, .65}}, {[]float64{1}, []float64{1}},
	} {
		for _, tau := range []float64{.1, 1, 3} {
			k := float64(len(c.y))
			sum, product := 0., math.Gamma(k)*math.Pow(tau, k-1)
			logits := make([]float64, len(c.y))
			for i := range c.y {
				sum += c.pi[i] / math.Pow(c.y[i], tau)
				product *= c.pi[i] / math.Pow(c.y[i], tau+1)
				logits[i] = math.Log(c.pi[i]) - 40 // all classes share it
			}
			want := product / math.Pow(sum, k)
			if got, err := LogDensity(c.y, logits, tau); err != nil || math.Abs(math.Exp(got)/want-1) > 1e-11 {
				t.Errorf("%v, τ %v: %v, want %v, %v", c, tau, math.Exp(got), want, err)
			}
		}
	}
}

// Between two classes Y ≤ y where a logistic number is at most τ·log(y/(1-y)) -
// log α, so that the density is that distribution's slope. LogDensity agrees.
func TestDensityBinary(t *testing.T) {
	for _, tau := range []float64{.3, 1, 2.5} {
		for _, logit := range []float64{-2, 0, .7} {
			below := func(y float64) float64 { return 1 / (1 + math.Exp(logit-tau*math.Log(y/(1-y)))) }
			for _, y := range []float64{.001, .2, .5, .93} {
				h := 1e-5 * y
				want := (8*(below(y+h)-below(y-h)) - (below(y+2*h) - below(y-2*h))) / (12 * h)
				one, err := LogDensityBinary(y, logit, tau)
				if err != nil || math.Abs(math.Exp(one)/want-1) > 1e-8 {
					t.Errorf("τ %v, logit %v, y %v: %v, want %v, %v", tau, logit, y, math.Exp(one), want, err)
				}
				two, err := LogDensity([]float64{y, 1 - y}, []float64{logit - 1, -1}, tau)
				if err != nil || math.Abs(one-two) > 1e-12*math.Max(1, math.Abs(one)) {
					t.Errorf("τ %v, logit %v, y %v: %v between two classes, %v in the binary case, %v", tau, logit, y, two, one, err)
				}
			}
		}
	}
}

// Near the simplex's edge, where y^-τ overflows, one class outweighs the others and
// the logarithm is a line in log y.
func TestDensityAtTheEdge(t *testing.T) {
	for _, tau := range []float64{.1, 2, 10} {
		one, err := LogDensityBinary(1e-300, .7, tau)
		two, other := LogDensity([]float64{1e-300, 1}, []float64{.7, 0}, tau)
		if err != nil || other != nil || math.Abs(one-two) > 1e-12*math.Abs(one) {
			t.Errorf("τ %v: %v in the binary case, %v between two classes, %v, %v", tau, one, two, err, other)
		}
		for _, e := range []float64{1e-30, 1e-100, 1e-300} {
			t.Run(fmt.Sprint(tau, e), func(t *testing.T) {
				got, err := LogDensity([]float64{e, .25, .75}, three, tau)
				if err != nil {
					t.Fatal(err)
				}
				others := .2*math.Pow(.25, -tau) + .7*math.Pow(.75, -tau)
				first := math.Log(.1) - tau*math.Log(e)            // log π₁/y₁^τ
				sum := first + math.Log1p(others*math.Exp(-first)) // e^-first may be 0
				want := math.Log(2) + 2*math.Log(tau) - 3*sum + first - math.Log(e) + math.Log(.2*.7) - (tau+1)*math.Log(.25*.75)
				if math.Abs(got-want) > 1e-9*math.Abs(want) {
					t.Errorf("%v, want %v", got, want)
				}
			})
		}
	}
}

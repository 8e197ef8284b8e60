package gumbel

import (
	"math"

	"ganbel/core/measure"
)

// Exact returns what the samples at Temperatures[t] are on average without drawing
// any: all of it for the categorical distribution, and for two and three classes
// within 1e-7 where no chance is less than a thousandth of another. For more classes
// it takes an integral over as many dimensions less one, and all but Argmax, which is
// the chances, is NaN.
func (d *Distributions) Exact(t int) Summary {
	tau, k, s := Temperatures[t], len(d.Chances), newSummary(len(d.Chances))
	switch {
	case tau == 0:
		for i, p := range d.Chances {
			s.Mean[i], s.SD[i] = p, math.Sqrt(p*(1-p))
		}
		s.Greatest = 1
	case k == 2 || k == 3:
		for best := range k {
			d.integrate(&s, tau, best, 0, 1, d.Chances[best])
		}
		for i, m := range s.Mean {
			s.SD[i] = math.Sqrt(max(s.SD[i]-m*m, 0))
		}
		return s
	default:
		for i := range k {
			s.Mean[i], s.SD[i] = math.NaN(), math.NaN()
		}
		s.Greatest, s.Entropy = math.NaN(), math.NaN()
	}
	copy(s.Argmax, d.Chances)
	return s
}

// integrate adds to s, of which SD holds squares, what lies where the class best is
// the greatest: where dⱼ = x_best - xⱼ > 0 for all others, of the perturbed logits
// x = log π + g. There y_best = 1/(1 + Σ e^(-dⱼ/τ)), yⱼ = y_best·e^(-dⱼ/τ), and
// the density of the dⱼ is
//
//	Γ(K)·Π π·Π e^dⱼ / (π_best + Σ πⱼ·e^dⱼ)^K
//
// It goes through the classes from the given one on. With d = log(1 + eᵛ) all is
// smooth in v and falls off to both sides, so that the trapezoid rule is nearly exact.
// weight and sum are the product and the sum above, of the classes before.
func (d *Distributions) integrate(s *Summary, tau float64, best, class int, weight, sum float64) {
	const from, to, step = -16, 40, .4
	k := len(d.Chances)
	if class == best {
		d.y[class] = 1
		class++
	}
	if class < k {
		for v := float64(from); v <= to; v += step {
			difference := math.Log1p(math.Exp(v))
			slope := 1 / (1 + math.Exp(-v))
			growth := d.Chances[class] * math.Exp(difference)
			d.y[class] = math.Exp(-difference / tau)
			d.integrate(s, tau, best, class+1, weight*growth*slope*step, sum+growth)
		}
		return
	}
	for i := range k {
		weight /= sum
		weight *= float64(max(i, 1)) // in all Γ(K)
	}
	weight *= d.Chances[best]
	total := 0.
	for _, y := range d.y {
		total += y
	}
	s.Argmax[best] += weight
	s.Greatest += weight / total
	for i, y := range d.y {
		y /= total
		s.Mean[i] += weight * y
		s.SD[i] += weight * y * y
		s.Entropy -= weight * measure.XLogY(y, y)
	}
}

// Package gumbel is "Categorical Reparameterization with Gumbel-Softmax"
// (Jang, Gu and Poole, 2017).
package gumbel

import (
	"fmt"
	"math"

	"ganbel/core/graph"
)

// Noise returns Gumbel(0, 1) noise from uniform numbers u on (0, 1): -log(-log u),
// section 2.1. It is infinite where u is 0 or 1, which random.Uniform
// never gives.
func Noise(u *graph.Node) *graph.Node { return u.Log().Neg().Log().Neg() }

// Softmax is equation 2: y = softmax((logits + g)/τ) of every row, with Gumbel
// noise from the uniform u. logits and u are (rows, classes), tau is (1, 1).
// For the straight-through estimator use Softmax(…).StraightThrough().
func Softmax(logits, u, tau *graph.Node) *graph.Node {
	return logits.Add(Noise(u)).Div(tau).Softmax()
}

// KLUniform returns Σ q·(log q - log 1/K) of every row of logits, (rows, 1): the
// categorical, not relaxed, divergence from the uniform prior over K classes.
func KLUniform(logits *graph.Node) *graph.Node {
	logq := logits.LogSoftmax()
	return logq.Exp().Mul(logq.AddConst(math.Log(float64(logits.Cols)))).SumCols()
}

// KL returns Σ q·(log q - log p) of every row of logits, (rows, 1), where p has
// the logits prior, of the same shape.
func KL(logits, prior *graph.Node) *graph.Node {
	logq := logits.LogSoftmax()
	return logq.Exp().Mul(logq.Sub(prior.LogSoftmax())).SumCols()
}

// Sample writes into dst a Gumbel-Softmax sample of the categorical with
// probabilities pi: equation 2 for plain numbers. u holds as many uniform
// numbers on (0, 1), and dst may be u. It returns an error for a temperature
// that is not positive, no classes, lengths that differ, or probabilities that
// are negative or not finite.
func Sample(dst, pi, u []float64, tau float64) error {
	switch {
	case !(tau > 0):
		return fmt.Errorf("gumbel: temperature %v must be positive", tau)
	case len(pi) == 0 || len(u) != len(pi) || len(dst) != len(pi):
		return fmt.Errorf("gumbel: %d probabilities, %d uniform numbers and room for %d: there must be equally many, and some", len(pi), len(u), len(dst))
	}
	most := math.Inf(-1)
	for i, p := range pi {
		if !(p >= 0) || math.IsInf(p, 1) {
			return fmt.Errorf("gumbel: probability %d is %v", i, p)
		}
		dst[i] = (math.Log(p) - math.Log(-math.Log(u[i]))) / tau
		most = math.Max(most, dst[i])
	}
	if math.IsInf(most, -1) {
		return fmt.Errorf("gumbel: all probabilities are 0")
	}
	sum := 0.
	for i := range dst {
		dst[i] = math.Exp(dst[i] - most)
		sum += dst[i]
	}
	for i := range dst {
		dst[i] /= sum
	}
	return nil
}

// LogDensity is equation 3: the logarithm of the density of the Gumbel-Softmax
// distribution with probabilities pi at y, a point of the open simplex:
//
//	log Γ(k) + (k-1)·log τ - k·log Σ πᵢ/yᵢ^τ + Σ (log πᵢ - (τ+1)·log yᵢ)
//
// It is in nats, and not finite at the simplex's edge. y and pi must be equally long.
func LogDensity(y, pi []float64, tau float64) float64 {
	k := float64(len(y))
	lg, _ := math.Lgamma(k)
	sum, rest := 0., 0.
	for i := range y {
		sum += pi[i] / math.Pow(y[i], tau)
		rest += math.Log(pi[i]) - (tau+1)*math.Log(y[i])
	}
	return lg + (k-1)*math.Log(tau) - k*math.Log(sum) + rest
}

// Shape says how a temperature falls.
type Shape string

// The shapes, with t the step rounded down to a multiple of Every.
const (
	Exponential Shape = "exponential" // max(Least, First·e^(-Fall·t)), section 4.2
	Linear      Shape = "linear"      // max(Least, First·(1 - Fall·t)), as steep at step 0
	Stepwise    Shape = "stepwise"    // max(Least, First·2^-⌊Fall·t/ln 2⌋): the exponential, held from one halving to the next
	Slope       Shape = "slope"       // max(Least, First/(1 + Fall·t)): its inverse, the slope of annealed straight-through, rises along a line
	Constant    Shape = "constant"    // First
)

// A Schedule is the temperature over the steps of a run.
type Schedule struct {
	Shape Shape   // "" is Exponential
	First float64 // τ at step 0
	Least float64 // τ never falls below this, unless it is Constant
	Fall  float64 // rate a step, 0 for a constant temperature
	Every int     // steps between changes, at least 1
}

// At returns the temperature at a step. It panics where there is no such shape.
func (s Schedule) At(step int) float64 {
	t := float64(step / max(s.Every, 1) * max(s.Every, 1))
	switch s.Shape {
	case Exponential, "":
		return math.Max(s.Least, s.First*math.Exp(-s.Fall*t))
	case Linear:
		return math.Max(s.Least, s.First*(1-s.Fall*t))
	case Stepwise:
		return math.Max(s.Least, s.First*math.Exp2(-math.Floor(s.Fall*t/math.Ln2)))
	case Slope:
		return math.Max(s.Least, s.First/(1+s.Fall*t))
	case Constant:
		return s.First
	}
	panic(fmt.Sprintf("gumbel: a temperature cannot be %q", s.Shape))
}

package gumbel

import (
	"fmt"
	"math"

	"ganbel/core/graph"
)

// What all functions of plain numbers ask of what they are given. Every message
// names the number at fault and says what would be right.

func finite(x float64) bool { return x-x == 0 }

func checkTau(tau float64) error {
	if !(tau > 0) || !finite(tau) {
		return fmt.Errorf("gumbel: the temperature τ is %v: it must be a positive number; as it nears 0 Sample becomes Max", tau)
	}
	return nil
}

// tau32 returns a temperature as a graph takes it. It panics if it is not positive and
// finite, also in float32.
func tau32(tau float64) float32 {
	if err := checkTau(tau); err != nil {
		panic(err)
	}
	t := float32(tau)
	if t == 0 || math.IsInf(float64(t), 0) {
		panic(fmt.Sprintf("gumbel: the temperature τ is %v, which is %v in float32: it must be from 1e-45 to 3e38", tau, t))
	}
	return t
}

// checkConst panics if a temperature is a constant that is not positive and finite.
func checkConst(tau *graph.Node) {
	if tau.Op == graph.Const {
		tau32(tau.K)
	}
}

func checkLogits(logits []float64) error {
	if len(logits) == 0 {
		return fmt.Errorf("gumbel: there are no logits: give one for each class, such as the logarithm of its chance")
	}
	for i, l := range logits {
		if !finite(l) {
			return fmt.Errorf("gumbel: logit %d is %v: it must be finite; leave out a class whose chance is 0", i, l)
		}
	}
	return nil
}

func checkLength(what string, n, classes int) error {
	if n != classes {
		return fmt.Errorf("gumbel: %s has length %d and the logits %d: there must be one for each class", what, n, classes)
	}
	return nil
}

func checkUniform(u ...float64) error {
	for i, u := range u {
		if !(u > 0 && u < 1) {
			return fmt.Errorf("gumbel: uniform number %d is %v: it must be greater than 0 and less than 1, as a random.Stream's are", i, u)
		}
	}
	return nil
}

// simplexTolerance is how far from 1 a point's sum may be: samples in float32 of
// hundreds of classes are much nearer.
const simplexTolerance = 1e-5

func checkSimplex(y ...float64) error {
	sum := 0.
	for i, v := range y {
		if !(v > 0) {
			return fmt.Errorf("gumbel: y[%d] is %v: it must be greater than 0, because on the simplex's edge, where samples of a low temperature are rounded to, there is no density", i, v)
		}
		sum += v
	}
	if !(math.Abs(sum-1) <= simplexTolerance) {
		return fmt.Errorf("gumbel: y adds up to %v: a point of the simplex adds up to 1", sum)
	}
	return nil
}

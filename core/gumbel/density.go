package gumbel

import (
	"fmt"
	"math"
)

// LogDensity is equation 3: the logarithm, in nats, of the Gumbel-Softmax
// distribution's density at y, with respect to all elements of y but one:
//
//	p(y) = Γ(K)·τ^(K-1)·(Σ πᵢ/yᵢ^τ)^-K·Π πᵢ/yᵢ^(τ+1)
//
// It is computed as log Γ(K) + (K-1)·log τ + Σ log softmax(logits - τ·log y)ᵢ -
// Σ log yᵢ, which is the same and does not overflow near the edge. It returns an
// error where a logit is not finite, tau is not a positive number, y is not as long
// as logits, an element of y is not positive or their sum is not within 1e-5 of 1,
// and where no float64 holds the result.
func LogDensity(y, logits []float64, tau float64) (float64, error) {
	if err := checkLogits(logits); err != nil {
		return 0, err
	}
	if err := checkLength("y", len(y), len(logits)); err != nil {
		return 0, err
	}
	if err := checkTau(tau); err != nil {
		return 0, err
	}
	if err := checkSimplex(y...); err != nil {
		return 0, err
	}
	at := func(i int) float64 { return logits[i] - tau*math.Log(y[i]) }
	most := math.Inf(-1)
	for i := range y {
		most = math.Max(most, at(i))
	}
	sum, log := 0., 0.
	for i := range y {
		sum += math.Exp(at(i) - most)
		log += at(i) - most - math.Log(y[i])
		if i > 0 {
			log += math.Log(float64(i)) + math.Log(tau) // in all Γ(K)·τ^(K-1)
		}
	}
	return held(log - float64(len(y))*math.Log(sum))
}

// LogDensityBinary is the logarithm, in nats, of the density of what SampleBinary
// draws, at y: LogDensity at (y, 1-y) for logits that differ by logit, or
//
//	p(y) = τ/(y·(1-y))·σ(ℓ)·σ(-ℓ)  with  ℓ = τ·(log y - log(1-y)) - logit.
//
// It returns an error where LogDensity does.
func LogDensityBinary(y, logit, tau float64) (float64, error) {
	for _, err := range []error{checkLogits([]float64{logit}), checkTau(tau), checkSimplex(y, 1-y)} {
		if err != nil {
			return 0, err
		}
	}
	p, q := math.Log(y), math.Log1p(-y)
	l := math.Abs(tau*(p-q) - logit) // the product of σ is even
	return held(math.Log(tau) - p - q - l - 2*math.Log1p(math.Exp(-l)))
}

// held returns an error in place of what no float64 can hold.
func held(log float64) (float64, error) {
	if !finite(log) {
		return 0, fmt.Errorf("gumbel: the logarithm of the density is beyond a float64's range: τ or the logits must be smaller")
	}
	return log, nil
}

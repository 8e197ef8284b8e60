package gumbel

import "math"

// noise is Noise of one number: Gumbel(0, 1) for u uniform on (0, 1).
func noise(u float64) float64 { return -math.Log(-math.Log(u)) }

// Max is equation 1, the Gumbel-Max trick: it returns the class whose logit plus
// noise is greatest, the first of several. Class i comes with the chance
// πᵢ = e^logitᵢ / Σ e^logit. u holds one uniform number on (0, 1) for each logit. It
// returns an error where a logit is not finite, u is out of range, or they are not
// equally many, one or more.
func Max(logits, u []float64) (class int, err error) {
	if err := checkDraw(logits, u); err != nil {
		return 0, err
	}
	most := math.Inf(-1)
	for i, l := range logits {
		if x := l + noise(u[i]); x > most {
			class, most = i, x
		}
	}
	return class, nil
}

// Sample is equation 2: it writes y = softmax((logits + g)/τ), a sample of the
// Gumbel-Softmax distribution, into dst, which may be u. Its greatest element is
// the class that Max returns for the same u; at low temperatures others are rounded
// to 0. It returns an error where Max does, where dst is not as long as logits, and
// where tau is not a positive number; dst is then as it was.
func Sample(dst, logits, u []float64, tau float64) error {
	if err := checkDraw(logits, u); err != nil {
		return err
	}
	if err := checkLength("dst", len(dst), len(logits)); err != nil {
		return err
	}
	if err := checkTau(tau); err != nil {
		return err
	}
	most := math.Inf(-1)
	for i, l := range logits {
		dst[i] = l + noise(u[i])
		most = math.Max(most, dst[i])
	}
	sum := 0.
	for i, x := range dst {
		dst[i] = math.Exp((x - most) / tau) // the difference first: x/τ may overflow
		sum += dst[i]
	}
	for i := range dst {
		dst[i] /= sum
	}
	return nil
}

func checkDraw(logits, u []float64) error {
	if err := checkLogits(logits); err != nil {
		return err
	}
	if err := checkLength("u", len(u), len(logits)); err != nil {
		return err
	}
	return checkUniform(u...)
}

// SampleBinary is Sample between two classes, of which it returns the first's y:
//
//	y = σ((log α + log u - log(1-u))/τ)
//
// logit is log α = log π/(1-π), the difference of the two logits. One uniform
// number does, because the difference of two Gumbels is logistic; the second
// class has 1-y. At low temperatures y is rounded to 0 or 1. It returns an error
// where Sample does.
func SampleBinary(logit, u, tau float64) (y float64, err error) {
	for _, err := range []error{checkLogits([]float64{logit}), checkUniform(u), checkTau(tau)} {
		if err != nil {
			return 0, err
		}
	}
	return 1 / (1 + math.Exp(-(logit+math.Log(u)-math.Log1p(-u))/tau)), nil
}

package measure

import "math"

// MeanError returns the mean of v and its standard error, √(Σ(v-mean)²/(n·(n-1))):
// how much the mean of so many readings scatters. One reading says nothing of that, so
// that its error is NaN; so are both if there is none or one is NaN or infinite.
func MeanError(v []float64) (mean, err float64) {
	n := float64(len(v))
	for _, x := range v {
		mean += x / n
	}
	if len(v) == 0 || !Finite(v) {
		return math.NaN(), math.NaN()
	}
	square := 0.
	for _, x := range v {
		square += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(square / (n - 1) / n) // 0/0 of one
}

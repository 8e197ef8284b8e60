package measure

import "math"

// MeanError returns the mean of v and its standard error, √(Σ(v-mean)²/(n·(n-1))):
// how much the mean of that many readings scatters. The error of one reading is NaN. Both
// are NaN if v is empty or an element is NaN or infinite.
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

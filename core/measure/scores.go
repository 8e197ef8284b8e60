package measure

import (
	"fmt"
	"math"
)

// InceptionScores returns the mean of InceptionScore over so many equal parts of the
// samples, one after the other, and the standard deviation between the parts (Salimans
// et al., 2016; Gulrajani et al. take 10 parts of 5,000), NaN of one part. The last parts
// have a sample more if the number does not divide. Both are NaN if there are no samples,
// or a row is not a distribution. It panics if p is not a whole number of rows, there are
// samples but fewer than splits, or splits < 1.
func InceptionScores(p []float32, classes, splits int) (mean, std float64) {
	n := len(p) / max(classes, 1)
	if splits < 1 || n < splits && n > 0 {
		panic(fmt.Sprintf("measure: the score of %d samples in %d splits", n, splits))
	}
	if n == 0 {
		return InceptionScore(p, classes), math.NaN()
	}
	scores := make([]float64, splits)
	for i := range scores {
		scores[i] = InceptionScore(p[n*i/splits*classes:n*(i+1)/splits*classes], classes)
		mean += scores[i] / float64(splits)
	}
	if splits == 1 {
		return mean, math.NaN()
	}
	square := 0.
	for _, s := range scores {
		square += (s - mean) * (s - mean) / float64(splits)
	}
	return mean, math.Sqrt(square)
}

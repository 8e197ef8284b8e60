package measure

import (
	"fmt"
	"math"
)

// InceptionScores returns the mean of InceptionScore over so many equal parts of the
// samples, one after the other, and the standard deviation between the parts, 0 of
// one (Salimans et al., 2016; Gulrajani et al. take 10 parts of 5,000). The last parts
// have a sample more where the number does not divide. It panics where there are
// fewer samples than splits, or splits < 1.
func InceptionScores(p []float32, classes, splits int) (mean, std float64) {
	n := len(p) / max(classes, 1)
	if splits < 1 || n < splits {
		panic(fmt.Sprintf("measure: the score of %d samples in %d splits", n, splits))
	}
	squares := 0.
	for i := range splits {
		s := InceptionScore(p[n*i/splits*classes:n*(i+1)/splits*classes], classes)
		mean += s / float64(splits)
		squares += s * s / float64(splits)
	}
	return mean, math.Sqrt(max(squares-mean*mean, 0))
}

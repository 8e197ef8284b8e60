// Package measure computes what a figure or a table reports.
package measure

import (
	"fmt"
	"math"
	"slices"
)

// Mean returns the arithmetic mean, NaN of none.
func Mean(v []float32) float64 {
	s := 0.
	for _, x := range v {
		s += float64(x)
	}
	return s / float64(len(v))
}

// Quantiles writes into dst the quantiles qs, each in [0, 1], of v: the value
// with that share of v below it, between neighbours by proportion. A NaN counts
// as less than any number. It panics where v is empty or dst is shorter than qs.
func Quantiles(dst []float64, v []float32, qs []float64) {
	s := slices.Clone(v)
	slices.Sort(s)
	for i, q := range qs {
		at := q * float64(len(s)-1)
		lo := int(at)
		dst[i] = float64(s[lo])
		if part := at - float64(lo); part > 0 {
			dst[i] += part * (float64(s[lo+1]) - float64(s[lo]))
		}
	}
}

// Histogram counts into bins of equal width, from lo to hi, how many of v lie in
// each, and returns how many lie in none. A bin holds its lower end; the last
// holds hi as well.
func Histogram(bins []int, v []float32, lo, hi float64) (outside int) {
	clear(bins)
	for _, x := range v {
		at := (float64(x) - lo) / (hi - lo)
		if !(at >= 0 && at <= 1) {
			outside++
			continue
		}
		bins[min(int(at*float64(len(bins))), len(bins)-1)]++
	}
	return outside
}

// Modes counts the modes that samples, x and y in turn, cover: a mode counts
// where at least a twentieth of its equal share of all samples lies within three
// standard deviations of its centre and nearer to no other. (The literature takes
// one sample of 2,500, which noise alone can reach.) quality is the share of
// samples within three standard deviations of their nearest centre, NaN of none.
func Modes(samples, centres []float32, sigma float64) (covered int, quality float64) {
	n, modes := len(samples)/2, len(centres)/2
	hits, good := make([]int, modes), 0
	for i := range n {
		nearest, least := -1, 3*sigma
		for m := range modes {
			d := math.Hypot(float64(samples[2*i]-centres[2*m]), float64(samples[2*i+1]-centres[2*m+1]))
			if d <= least {
				nearest, least = m, d
			}
		}
		if nearest >= 0 {
			hits[nearest]++
			good++
		}
	}
	for _, h := range hits {
		if h > 0 && 20*h*modes >= n {
			covered++
		}
	}
	return covered, float64(good) / float64(n)
}

// LogMeanExp returns log (1/n) Σ eᵛ, and does not overflow. It panics of none.
func LogMeanExp(v []float64) float64 {
	most := slices.Max(v)
	if math.IsInf(most, 0) || math.IsNaN(most) {
		return most
	}
	s := 0.
	for _, x := range v {
		s += math.Exp(x - most)
	}
	return most + math.Log(s/float64(len(v)))
}

// MultiSampleBound returns the mean over examples of LogMeanExp of their m
// log-weights, which are neighbours in logw: a lower bound of the mean
// log-likelihood (Burda, Grosse and Salakhutdinov, 2015). It panics where m does
// not divide the number of weights.
func MultiSampleBound(logw []float64, m int) float64 {
	if m < 1 || len(logw)%m != 0 || len(logw) == 0 {
		panic(fmt.Sprintf("measure: %d log-weights do not come in groups of %d", len(logw), m))
	}
	s, n := 0., 0
	for w := range slices.Chunk(logw, m) {
		s += LogMeanExp(w)
		n++
	}
	return s / float64(n)
}

// InceptionScore returns e to the mean over samples of KL[p(y|x) ‖ p(y)] (Salimans
// et al., 2016), where p holds a classifier's probabilities, one row of classes a
// sample, and p(y) is their mean: 1 where all rows are alike, classes where each
// is sure and all classes are equally frequent. It panics where p is no whole
// number of rows, or none.
func InceptionScore(p []float32, classes int) float64 {
	if classes < 1 || len(p) == 0 || len(p)%classes != 0 {
		panic(fmt.Sprintf("measure: %d probabilities are no rows of %d classes", len(p), classes))
	}
	n := float64(len(p) / classes)
	mean := make([]float64, classes)
	for i, x := range p {
		mean[i%classes] += float64(x) / n
	}
	kl := 0.
	for i, x := range p {
		if x > 0 {
			kl += float64(x) * math.Log(float64(x)/mean[i%classes]) / n
		}
	}
	return math.Exp(kl)
}

// JSD returns the Jensen-Shannon divergence of two distributions over the same
// outcomes, in bits: 0 where they are equal, 1 where they share nothing. It panics
// where the outcomes are not equally many.
func JSD(p, q []float64) float64 {
	if len(p) != len(q) {
		panic(fmt.Sprintf("measure: JSD over %d and %d outcomes", len(p), len(q)))
	}
	d := 0.
	for i := range p {
		m := (p[i] + q[i]) / 2
		for _, x := range [2]float64{p[i], q[i]} {
			if x > 0 {
				d += x * math.Log2(x/m) / 2
			}
		}
	}
	return d
}

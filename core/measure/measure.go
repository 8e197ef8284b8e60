// Package measure computes what a figure or a table reports.
package measure

import (
	"fmt"
	"math"
	"slices"
)

// Mean returns the arithmetic mean, NaN if there are no elements or one is NaN.
func Mean(v []float32) float64 {
	s := 0.
	for _, x := range v {
		s += float64(x)
	}
	return s / float64(len(v))
}

// Quantiles writes into dst the quantiles qs, each in [0, 1], of v: the value
// with that share of v below it, between neighbours by proportion. A NaN counts
// as less than any number. It panics if v is empty, dst is shorter than qs or a q is
// out of range.
func Quantiles(dst []float64, v []float32, qs []float64) {
	if len(v) == 0 || len(dst) < len(qs) {
		panic(fmt.Sprintf("measure: %d quantiles of %d numbers into %d", len(qs), len(v), len(dst)))
	}
	s := slices.Clone(v)
	slices.Sort(s)
	for i, q := range qs {
		if !(q >= 0 && q <= 1) {
			panic(fmt.Sprintf("measure: quantile %v, which must be from 0 to 1", q))
		}
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
// holds hi as well. NaN lies in none, and nothing lies in any unless lo < hi, both
// finite. It panics if there are no bins.
func Histogram(bins []int, v []float32, lo, hi float64) (outside int) {
	if len(bins) == 0 {
		panic("measure: a histogram of no bins")
	}
	clear(bins)
	if !(lo < hi) || !Finite([]float64{lo, hi}) {
		return len(v)
	}
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
// samples within three standard deviations of their nearest centre, NaN of none. A
// sample that is not finite is near no mode, and a centre that is not finite is near no
// sample. It panics if samples or centres are not pairs, centres is empty, or sigma is
// not positive and finite.
func Modes(samples, centres []float32, sigma float64) (covered int, quality float64) {
	if len(samples)%2 != 0 || len(centres)%2 != 0 || len(centres) == 0 || !(sigma > 0) || math.IsInf(sigma, 1) {
		panic(fmt.Sprintf("measure: the modes of %d numbers around %v, sigma %v", len(samples), centres, sigma))
	}
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

// InceptionScore returns e to the mean over samples of KL[p(y|x) ‖ p(y)] (Salimans
// et al., 2016), where p holds a classifier's probabilities, one row of classes a
// sample, and p(y) is their mean: 1 where all rows are alike, classes where each
// is sure and all classes are equally frequent. It is NaN if there are no rows or one is
// not a distribution, see Distributions. It panics if p is not a whole number of rows.
func InceptionScore(p []float32, classes int) float64 {
	if classes < 1 || len(p)%classes != 0 {
		panic(fmt.Sprintf("measure: %d probabilities are no rows of %d classes", len(p), classes))
	}
	if !Distributions(p, classes) {
		return math.NaN()
	}
	n := float64(len(p) / classes)
	mean := make([]float64, classes)
	for i, x := range p {
		mean[i%classes] += float64(x) / n
	}
	kl := 0.
	for i, x := range p {
		kl += XLogY(float64(x), float64(x)/mean[i%classes]) / n
	}
	return math.Exp(kl)
}

// JSD returns the Jensen-Shannon divergence of two distributions over the same
// outcomes, in bits: 0 if they are equal, 1 if they share no outcome. It is NaN if one is
// not a distribution: a chance is NaN, infinite or negative, or they do not add up to 1
// within a thousandth. It panics if p and q differ in length.
func JSD(p, q []float64) float64 {
	if len(p) != len(q) {
		panic(fmt.Sprintf("measure: JSD over %d and %d outcomes", len(p), len(q)))
	}
	if !distribution(p) || !distribution(q) {
		return math.NaN()
	}
	d := 0.
	for i := range p {
		both := p[i] + q[i]
		d += (XLogY(p[i], 2*p[i]/both) + XLogY(q[i], 2*q[i]/both)) / (2 * math.Ln2)
	}
	return d
}

//go:build !js

package score

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"ganbel/core/measure"
)

// FrechetDistance returns the Fréchet distance between the normal distributions that
// have the mean and the covariance of the features a and b, both of rows of d
// (Dowson and Landau, 1982):
//
//	‖μ₁ - μ₂‖² + tr(Σ₁ + Σ₂ - 2(Σ₁Σ₂)^½)
//
// By the features of TensorFlow2015 it is the FID (Heusel et al., 2017). It falls as
// the number of images grows, by much where that is below d, so that it says something
// only next to the real data's own at the same number. It is NaN if a or b holds fewer
// than two rows, which have no covariance, or a number that is NaN or infinite. It panics
// if a or b is no whole number of rows.
func FrechetDistance(a, b []float32, d int) float64 {
	for _, rows := range [][]float32{a, b} {
		if d < 1 || len(rows)%d != 0 {
			panic(fmt.Sprintf("score: %d features are no rows of %d", len(rows), d))
		}
		if len(rows) < 2*d || !measure.Finite(rows) {
			return math.NaN()
		}
	}
	meanA, rootA := root(a, d)
	meanB, rootB := root(b, d)
	distance := 0.
	for j := range d {
		distance += (meanA[j] - meanB[j]) * (meanA[j] - meanB[j])
	}
	square := func(m *mat.Dense) float64 {
		n := mat.Norm(m, 2)
		return n * n
	}
	// Of Σ = RᵀR the trace is the sum of R's squares, and that of (Σ₁Σ₂)^½ is the sum of
	// the singular values of R₁R₂ᵀ: no root of a matrix is needed, nor that it has one.
	var cross mat.Dense
	cross.Mul(rootA, rootB.T())
	var svd mat.SVD
	if !svd.Factorize(&cross, mat.SVDNone) {
		return math.NaN()
	}
	for _, s := range svd.Values(nil) {
		distance -= 2 * s
	}
	return max(distance+square(rootA)+square(rootB), 0)
}

// root returns the mean of rows of d and a matrix R with no more rows than d for which
// RᵀR is their covariance, Σ(x-μ)(x-μ)ᵀ/(n-1). There are two or more, all finite.
func root(rows []float32, d int) (mean []float64, r *mat.Dense) {
	n := len(rows) / d
	mean = make([]float64, d)
	for i, x := range rows {
		mean[i%d] += float64(x) / float64(n)
	}
	// Blocks of rows are put below what there is, and that is made triangular where it
	// has become higher than wide: in memory is never more than a few times R.
	var all []float64
	block := 4 * d
	for from := 0; from < n; from += block {
		for i := from; i < min(from+block, n); i++ {
			for j, x := range rows[i*d : (i+1)*d] {
				all = append(all, (float64(x)-mean[j])/math.Sqrt(float64(n-1)))
			}
		}
		r = mat.NewDense(len(all)/d, d, all)
		if high, _ := r.Dims(); high > d {
			var qr mat.QR
			var upper mat.Dense
			qr.Factorize(r)
			qr.RTo(&upper)
			r = mat.DenseCopyOf(upper.Slice(0, d, 0, d))
			all = r.RawMatrix().Data
		}
	}
	return mean, r
}

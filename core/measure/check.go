package measure

import "math"

// The measures of this package panic if the program is wrong, such as if sizes do not
// fit. They return NaN for data that has no such number, such as no data or a NaN.

// Finite reports whether no element is NaN or infinite.
func Finite[T float32 | float64](v []T) bool {
	for _, x := range v {
		if x-x != 0 {
			return false
		}
	}
	return true
}

// simplexTolerance is how far from 1 a distribution's sum may be: that of a thousand
// chances in float32 is much nearer.
const simplexTolerance = 1e-3

// distribution reports whether p are chances: finite, none negative, and one in all.
func distribution[T float32 | float64](p []T) bool {
	sum := 0.
	for _, x := range p {
		if !(x >= 0) {
			return false
		}
		sum += float64(x)
	}
	return math.Abs(sum-1) <= simplexTolerance // not if it is NaN
}

// Distributions reports whether p, rows of that many classes, holds at least one row and
// every row is a distribution: no chance is NaN, infinite or negative, and they add up to
// 1 within a thousandth.
func Distributions(p []float32, classes int) bool {
	if classes < 1 || len(p) == 0 || len(p)%classes != 0 {
		return false
	}
	for at := 0; at < len(p); at += classes {
		if !distribution(p[at : at+classes]) {
			return false
		}
	}
	return true
}

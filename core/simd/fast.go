//go:build goexperiment.simd

package simd

import (
	"math"
	"simd"
)

// The ends of the loops, shorter than a vector, are left to the plain twins:
// the operations are the same, bit by bit. Before them, and before a caller's own
// floats, clean ends the use of vectors.

// fastFunctions tells that the functions below are vectors, too.
const fastFunctions = true

// width is how many float32 a vector holds. Where vectors are emulated it is
// more than any slice has, which leaves the whole of a loop to its plain twin.
func width() int {
	if simd.Emulated() {
		return math.MaxInt / 2
	}
	return simd.VectorBitSize() / 32
}

func fastFill(dst []float32, v float32) {
	i, w := 0, width()
	x := simd.BroadcastFloat32s(v)
	for ; i+w <= len(dst); i += w {
		x.Store(dst[i : i+w])
	}
	clean()
	fillPlain(dst[i:], v)
}

func fastAdd(dst, a, b []float32) {
	i, w := 0, width()
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i : i+w]).Add(simd.LoadFloat32s(b[i : i+w])).Store(dst[i : i+w])
	}
	clean()
	addPlain(dst[i:], a[i:], b[i:])
}

func fastSub(dst, a, b []float32) {
	i, w := 0, width()
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i : i+w]).Sub(simd.LoadFloat32s(b[i : i+w])).Store(dst[i : i+w])
	}
	clean()
	subPlain(dst[i:], a[i:], b[i:])
}

func fastMul(dst, a, b []float32) {
	i, w := 0, width()
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i : i+w]).Mul(simd.LoadFloat32s(b[i : i+w])).Store(dst[i : i+w])
	}
	clean()
	mulPlain(dst[i:], a[i:], b[i:])
}

func fastDiv(dst, a, b []float32) {
	i, w := 0, width()
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i : i+w]).Div(simd.LoadFloat32s(b[i : i+w])).Store(dst[i : i+w])
	}
	clean()
	divPlain(dst[i:], a[i:], b[i:])
}

func fastMaximum(dst, a, b []float32) {
	i, w := 0, width()
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(a[i:i+w]), simd.LoadFloat32s(b[i:i+w])
		same := x.ToBits().And(y.ToBits()).BitsToFloat32() // 0 if either is 0, and not -0
		z := x.IfElse(x.Greater(y).Or(x.NotEqual(x)), y)
		same.IfElse(x.Equal(y), z).Store(dst[i : i+w])
	}
	clean()
	maximumPlain(dst[i:], a[i:], b[i:])
}

func fastMinimum(dst, a, b []float32) {
	i, w := 0, width()
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(a[i:i+w]), simd.LoadFloat32s(b[i:i+w])
		same := x.ToBits().Or(y.ToBits()).BitsToFloat32() // -0 if either is -0
		z := x.IfElse(x.Less(y).Or(x.NotEqual(x)), y)
		same.IfElse(x.Equal(y), z).Store(dst[i : i+w])
	}
	clean()
	minimumPlain(dst[i:], a[i:], b[i:])
}

func fastScale(dst, a []float32, k float32) {
	i, w := 0, width()
	kk := simd.BroadcastFloat32s(k)
	for ; i+w <= len(dst); i += w {
		kk.Mul(simd.LoadFloat32s(a[i : i+w])).Store(dst[i : i+w])
	}
	clean()
	scalePlain(dst[i:], a[i:], k)
}

func fastAddConst(dst, a []float32, k float32) {
	i, w := 0, width()
	kk := simd.BroadcastFloat32s(k)
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i : i+w]).Add(kk).Store(dst[i : i+w])
	}
	clean()
	addConstPlain(dst[i:], a[i:], k)
}

func fastSqrt(dst, a []float32) {
	i, w := 0, width()
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i : i+w]).Sqrt().Store(dst[i : i+w])
	}
	clean()
	sqrtPlain(dst[i:], a[i:])
}

func fastRectify(dst, a []float32, slope float32) {
	if slope != 0 {
		fastGate(dst, a, a, slope)
		return
	}
	i, w := 0, width()
	zero := simd.BroadcastFloat32s(0)
	for ; i+w <= len(dst); i += w {
		x := simd.LoadFloat32s(a[i : i+w])
		x.IfElse(x.Greater(zero).Or(x.NotEqual(x)), zero).Store(dst[i : i+w])
	}
	clean()
	rectifyPlain(dst[i:], a[i:], 0)
}

func fastGate(dst, ct, x []float32, slope float32) {
	i, w := 0, width()
	zero := simd.BroadcastFloat32s(0)
	if slope == 0 {
		for ; i+w <= len(dst); i += w {
			v := simd.LoadFloat32s(ct[i : i+w])
			v.IfElse(simd.LoadFloat32s(x[i:i+w]).Greater(zero), zero).Store(dst[i : i+w])
		}
	} else {
		k := simd.BroadcastFloat32s(slope)
		for ; i+w <= len(dst); i += w {
			v := simd.LoadFloat32s(ct[i : i+w])
			v.IfElse(simd.LoadFloat32s(x[i:i+w]).Greater(zero), k.Mul(v)).Store(dst[i : i+w])
		}
	}
	clean()
	gatePlain(dst[i:], ct[i:], x[i:], slope)
}

func fastStep(dst, x []float32, low float32) {
	i, w := 0, width()
	k, zero, one := simd.BroadcastFloat32s(low), simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1)
	for ; i+w <= len(dst); i += w {
		one.IfElse(simd.LoadFloat32s(x[i:i+w]).Greater(zero), k).Store(dst[i : i+w])
	}
	clean()
	stepPlain(dst[i:], x[i:], low)
}

func fastAxpy(dst, a []float32, k float32) {
	i, w := 0, width()
	kk := simd.BroadcastFloat32s(k)
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(dst[i : i+w]).Add(kk.Mul(simd.LoadFloat32s(a[i : i+w]))).Store(dst[i : i+w])
	}
	clean()
	axpyPlain(dst[i:], a[i:], k)
}

// fastSum runs over a once for every two vectors of partial sums: once with vectors
// of 16, four times with vectors of 4.
func fastSum(a []float32) float32 {
	w := width()
	if len(a) < lanes || 2*w > lanes {
		return sumPlain(a)
	}
	var part [lanes]float32
	whole := len(a) / lanes * lanes
	for at := 0; at < lanes; at += 2 * w {
		var s0, s1 simd.Float32s
		for i := at; i < whole; i += lanes {
			s0 = s0.Add(simd.LoadFloat32s(a[i : i+w]))
			s1 = s1.Add(simd.LoadFloat32s(a[i+w : i+2*w]))
		}
		s0.Store(part[at:])
		s1.Store(part[at+w:])
	}
	clean()
	return foldSum(&part, a[whole:])
}

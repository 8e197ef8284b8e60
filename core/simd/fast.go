//go:build goexperiment.simd

package simd

import "simd"

// The tails of all loops are partial vectors, so that an element's value does
// not depend on where in a slice it stands.

func add(dst, a, b []float32) {
	w := simd.VectorBitSize() / 32
	i := 0
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(b[i:])
		x.Add(y).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		y, _ := simd.LoadFloat32sPart(b[i:])
		x.Add(y).StorePart(dst[i:])
	}
}

func sub(dst, a, b []float32) {
	w := simd.VectorBitSize() / 32
	i := 0
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(b[i:])
		x.Sub(y).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		y, _ := simd.LoadFloat32sPart(b[i:])
		x.Sub(y).StorePart(dst[i:])
	}
}

func mul(dst, a, b []float32) {
	w := simd.VectorBitSize() / 32
	i := 0
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(b[i:])
		x.Mul(y).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		y, _ := simd.LoadFloat32sPart(b[i:])
		x.Mul(y).StorePart(dst[i:])
	}
}

func div(dst, a, b []float32) {
	w := simd.VectorBitSize() / 32
	i := 0
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(b[i:])
		x.Div(y).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		y, _ := simd.LoadFloat32sPart(b[i:])
		x.Div(y).StorePart(dst[i:])
	}
}

func maximum(dst, a, b []float32) {
	w := simd.VectorBitSize() / 32
	i := 0
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(b[i:])
		x.IfElse(x.Greater(y).Or(x.NotEqual(x)), y).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		y, _ := simd.LoadFloat32sPart(b[i:])
		x.IfElse(x.Greater(y).Or(x.NotEqual(x)), y).StorePart(dst[i:])
	}
}

func minimum(dst, a, b []float32) {
	w := simd.VectorBitSize() / 32
	i := 0
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(b[i:])
		x.IfElse(x.Less(y).Or(x.NotEqual(x)), y).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		y, _ := simd.LoadFloat32sPart(b[i:])
		x.IfElse(x.Less(y).Or(x.NotEqual(x)), y).StorePart(dst[i:])
	}
}

func scale(dst, a []float32, k float32) {
	w := simd.VectorBitSize() / 32
	kk := simd.BroadcastFloat32s(k)
	i := 0
	for ; i+w <= len(dst); i += w {
		x := simd.LoadFloat32s(a[i:])
		kk.Mul(x).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		kk.Mul(x).StorePart(dst[i:])
	}
}

func addConst(dst, a []float32, k float32) {
	w := simd.VectorBitSize() / 32
	kk := simd.BroadcastFloat32s(k)
	i := 0
	for ; i+w <= len(dst); i += w {
		x := simd.LoadFloat32s(a[i:])
		x.Add(kk).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		x.Add(kk).StorePart(dst[i:])
	}
}

func sqrt(dst, a []float32) {
	w := simd.VectorBitSize() / 32
	i := 0
	for ; i+w <= len(dst); i += w {
		x := simd.LoadFloat32s(a[i:])
		x.Sqrt().Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		x.Sqrt().StorePart(dst[i:])
	}
}

func rectify(dst, a []float32, k float32) {
	w := simd.VectorBitSize() / 32
	kk := simd.BroadcastFloat32s(k)
	zero := simd.BroadcastFloat32s(0)
	i := 0
	for ; i+w <= len(dst); i += w {
		x := simd.LoadFloat32s(a[i:])
		x.IfElse(x.Greater(zero), kk.Mul(x)).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		x.IfElse(x.Greater(zero), kk.Mul(x)).StorePart(dst[i:])
	}
}

func step(dst, a []float32, k float32) {
	w := simd.VectorBitSize() / 32
	kk := simd.BroadcastFloat32s(k)
	zero := simd.BroadcastFloat32s(0)
	one := simd.BroadcastFloat32s(1)
	i := 0
	for ; i+w <= len(dst); i += w {
		x := simd.LoadFloat32s(a[i:])
		one.IfElse(x.Greater(zero), kk).Store(dst[i:])
	}
	if i < len(dst) {
		x, _ := simd.LoadFloat32sPart(a[i:])
		one.IfElse(x.Greater(zero), kk).StorePart(dst[i:])
	}
}

func gate(dst, a, x []float32, k float32) {
	w := simd.VectorBitSize() / 32
	kk, zero := simd.BroadcastFloat32s(k), simd.BroadcastFloat32s(0)
	i := 0
	for ; i+w <= len(dst); i += w {
		v, y := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(x[i:])
		v.IfElse(y.Greater(zero), kk.Mul(v)).Store(dst[i:])
	}
	if i < len(dst) {
		v, _ := simd.LoadFloat32sPart(a[i:])
		y, _ := simd.LoadFloat32sPart(x[i:])
		v.IfElse(y.Greater(zero), kk.Mul(v)).StorePart(dst[i:])
	}
}

func axpy(dst, a []float32, k float32) {
	w := simd.VectorBitSize() / 32
	kk := simd.BroadcastFloat32s(k)
	i := 0
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(dst[i:]).Add(kk.Mul(simd.LoadFloat32s(a[i:]))).Store(dst[i:])
	}
	axpyPlain(dst[i:], a[i:], k)
}

func sum(a []float32) float32 {
	w := simd.VectorBitSize() / 32
	s0, s1 := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(0)
	i := 0
	for ; i+2*w <= len(a); i += 2 * w {
		s0 = s0.Add(simd.LoadFloat32s(a[i:]))
		s1 = s1.Add(simd.LoadFloat32s(a[i+w:]))
	}
	var lanes [16]float32
	s0.Add(s1).Store(lanes[:])
	return sumPlain(lanes[:w]) + sumPlain(a[i:])
}

func dot(a, b []float32) float32 {
	w := simd.VectorBitSize() / 32
	s0, s1 := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(0)
	i := 0
	for ; i+2*w <= len(a); i += 2 * w {
		s0 = simd.LoadFloat32s(a[i:]).MulAdd(simd.LoadFloat32s(b[i:]), s0)
		s1 = simd.LoadFloat32s(a[i+w:]).MulAdd(simd.LoadFloat32s(b[i+w:]), s1)
	}
	var lanes [16]float32
	s0.Add(s1).Store(lanes[:])
	return sumPlain(lanes[:w]) + dotPlain(a[i:], b[i:])
}

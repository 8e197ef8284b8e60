//go:build goexperiment.simd

package simd

import (
	"math"
	"simd"
)

// The polynomials are those of Cephes. The end of a slice, shorter than a
// vector, is filled up to one, so that an element's value does not depend on
// where in a slice it stands.

// chunk is how many elements a function of e to the x holds between its passes.
// A pass over a whole slice with few constants beats one long loop in wasm.
const chunk = 256

// fastExp splits a = n·ln 2 + r, |r| ≤ ln 2/2, and sums e to the r as a polynomial.
// 2 to the n is applied in two halves, which makes denormals right.
func fastExp(dst, a []float32) {
	if simd.Emulated() {
		expPlain(dst, a)
		return
	}
	w := simd.VectorBitSize() / 32
	if n := len(a) / w * w; n < len(a) {
		var x [lanes]float32
		copy(x[:], a[n:])
		fastExp(x[:w], x[:w])
		copy(dst[n:], x[:])
		dst, a = dst[:n], a[:n]
	}
	lo, hi := simd.BroadcastFloat32s(-104), simd.BroadcastFloat32s(89)
	log2e := simd.BroadcastFloat32s(math.Log2E)
	half, one := simd.BroadcastFloat32s(.5), simd.BroadcastFloat32s(1)
	// Adding and subtracting 1.5·2²³ rounds to the nearest whole number.
	magic := simd.BroadcastFloat32s(12582912)
	ln2hi, ln2lo := simd.BroadcastFloat32s(-0.693359375), simd.BroadcastFloat32s(2.12194440e-4)
	p0, p1 := simd.BroadcastFloat32s(1.9875691500e-4), simd.BroadcastFloat32s(1.3981999507e-3)
	p2, p3 := simd.BroadcastFloat32s(8.3334519073e-3), simd.BroadcastFloat32s(4.1665795894e-2)
	p4 := simd.BroadcastFloat32s(1.6666665459e-1)
	bias := simd.BroadcastInt32s(127)
	for i := 0; i < len(dst); i += w {
		x := simd.LoadFloat32s(a[i : i+w])
		t := x.Max(lo).Min(hi)
		n := t.MulAdd(log2e, magic).Sub(magic)
		r := n.MulAdd(ln2lo, n.MulAdd(ln2hi, t))
		y := p0.MulAdd(r, p1).MulAdd(r, p2).MulAdd(r, p3).MulAdd(r, p4).MulAdd(r, half)
		y = y.MulAdd(r.Mul(r), r).Add(one)
		k := n.ConvertToInt32()
		k1 := k.ShiftAllRight(1)
		k2 := k.Sub(k1)
		y = y.Mul(k1.Add(bias).ShiftAllLeft(23).ToBits().BitsToFloat32())
		y = y.Mul(k2.Add(bias).ShiftAllLeft(23).ToBits().BitsToFloat32())
		x.IfElse(x.NotEqual(x), y).Store(dst[i : i+w])
	}
	clean()
}

// expNegAbs computes dst[i] = e to the -k·|a[i]|.
func expNegAbs(dst, a []float32, k float32) {
	w := simd.VectorBitSize() / 32
	kk := simd.BroadcastFloat32s(-k)
	for i := 0; i < len(dst); i += w {
		simd.LoadFloat32s(a[i : i+w]).Abs().Mul(kk).Store(dst[i : i+w])
	}
	fastExp(dst, dst)
}

// fastLog splits a = 2ⁿ·m, √½ ≤ m < √2, and sums ln m as a polynomial.
func fastLog(dst, a []float32) {
	if simd.Emulated() {
		logPlain(dst, a)
		return
	}
	w := simd.VectorBitSize() / 32
	if n := len(a) / w * w; n < len(a) {
		var x [lanes]float32
		copy(x[:], a[n:])
		fastLog(x[:w], x[:w])
		copy(dst[n:], x[:])
		dst, a = dst[:n], a[:n]
	}
	zero, one, half := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(-.5)
	least, lift := simd.BroadcastFloat32s(0x1p-126), simd.BroadcastFloat32s(0x1p23) // lifts denormals
	liftN := simd.BroadcastFloat32s(23)
	inf, nan := simd.BroadcastFloat32s(float32(math.Inf(1))), simd.BroadcastFloat32s(float32(math.NaN()))
	sqrtHalf := simd.BroadcastFloat32s(math.Sqrt2 / 2)
	mant, halfBits := simd.BroadcastInt32s(0x007fffff), simd.BroadcastInt32s(0x3f000000)
	bias := simd.BroadcastInt32s(126)
	c0, c1, c2 := simd.BroadcastFloat32s(7.0376836292e-2), simd.BroadcastFloat32s(-1.1514610310e-1), simd.BroadcastFloat32s(1.1676998740e-1)
	c3, c4, c5 := simd.BroadcastFloat32s(-1.2420140846e-1), simd.BroadcastFloat32s(1.4249322787e-1), simd.BroadcastFloat32s(-1.6668057665e-1)
	c6, c7, c8 := simd.BroadcastFloat32s(2.0000714765e-1), simd.BroadcastFloat32s(-2.4999993993e-1), simd.BroadcastFloat32s(3.3333331174e-1)
	ln2lo, ln2hi := simd.BroadcastFloat32s(-2.12194440e-4), simd.BroadcastFloat32s(0.693359375)
	for i := 0; i < len(dst); i += w {
		x := simd.LoadFloat32s(a[i : i+w])
		tiny := x.Less(least)
		bits := x.Mul(lift).IfElse(tiny, x).ToBits().BitsToInt32()
		e := bits.ShiftAllRight(23).Sub(bias).ConvertToFloat32()
		e = e.Sub(liftN).IfElse(tiny, e)
		m := bits.And(mant).Or(halfBits).ToBits().BitsToFloat32()
		small := m.Less(sqrtHalf)
		e = e.Sub(one).IfElse(small, e)
		m = m.Add(m).IfElse(small, m).Sub(one)
		z := m.Mul(m)
		y := c0.MulAdd(m, c1).MulAdd(m, c2).MulAdd(m, c3).MulAdd(m, c4).MulAdd(m, c5).MulAdd(m, c6).MulAdd(m, c7).MulAdd(m, c8)
		y = z.MulAdd(half, e.MulAdd(ln2lo, y.Mul(m).Mul(z)))
		y = e.MulAdd(ln2hi, m.Add(y))
		y = x.IfElse(x.Equal(inf), y)
		y = inf.Neg().IfElse(x.Equal(zero), y)
		nan.IfElse(x.Less(zero).Or(x.NotEqual(x)), y).Store(dst[i : i+w])
	}
	clean()
}

// fastTanh is a polynomial below .625, else (1 - e)/(1 + e) with a's sign, where e
// is e to the -2|a|.
func fastTanh(dst, a []float32) {
	if simd.Emulated() {
		tanhPlain(dst, a)
		return
	}
	w := simd.VectorBitSize() / 32
	if n := len(a) / w * w; n < len(a) {
		var x [lanes]float32
		copy(x[:], a[n:])
		fastTanh(x[:w], x[:w])
		copy(dst[n:], x[:])
		dst, a = dst[:n], a[:n]
	}
	one, small := simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(.625)
	sign := simd.BroadcastUint32s(1 << 31)
	c0, c1, c2 := simd.BroadcastFloat32s(-5.70498872745e-3), simd.BroadcastFloat32s(2.06390887954e-2), simd.BroadcastFloat32s(-5.37397155531e-2)
	c3, c4 := simd.BroadcastFloat32s(1.33314422036e-1), simd.BroadcastFloat32s(-3.33332819422e-1)
	var buf [chunk]float32
	for len(dst) > 0 {
		e := buf[:min(chunk, len(dst))]
		expNegAbs(e, a[:len(e)], 2)
		for i := 0; i < len(e); i += w {
			x, ex := simd.LoadFloat32s(a[i:i+w]), simd.LoadFloat32s(e[i:i+w])
			s := x.ToBits().And(sign)
			x = x.Abs()
			far := one.Sub(ex).Div(one.Add(ex))
			z := x.Mul(x)
			near := c0.MulAdd(z, c1).MulAdd(z, c2).MulAdd(z, c3).MulAdd(z, c4).Mul(z).MulAdd(x, x)
			near.IfElse(x.Less(small), far).ToBits().Or(s).BitsToFloat32().Store(dst[i : i+w])
		}
		dst, a = dst[len(e):], a[len(e):]
	}
	clean()
}

// fastSigmoid is 1/(1 + e) from 0 on and e/(1 + e) below, where e is e to the -|a|.
func fastSigmoid(dst, a []float32) {
	if simd.Emulated() {
		sigmoidPlain(dst, a)
		return
	}
	w := simd.VectorBitSize() / 32
	if n := len(a) / w * w; n < len(a) {
		var x [lanes]float32
		copy(x[:], a[n:])
		fastSigmoid(x[:w], x[:w])
		copy(dst[n:], x[:])
		dst, a = dst[:n], a[:n]
	}
	zero, one := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1)
	var buf [chunk]float32
	for len(dst) > 0 {
		e := buf[:min(chunk, len(dst))]
		expNegAbs(e, a[:len(e)], 1)
		for i := 0; i < len(e); i += w {
			x, ex := simd.LoadFloat32s(a[i:i+w]), simd.LoadFloat32s(e[i:i+w])
			ex.IfElse(x.Less(zero), one).Div(one.Add(ex)).Store(dst[i : i+w])
		}
		dst, a = dst[len(e):], a[len(e):]
	}
	clean()
}

// fastSoftplus is max(a, 0) + ln(1 + e), where e is e to the -|a|, and ln(1 + e) is
// fastLog's polynomial of e, or of (e - 1)/2 with ln 2 added from √2 - 1 on.
func fastSoftplus(dst, a []float32) {
	if simd.Emulated() {
		softplusPlain(dst, a)
		return
	}
	w := simd.VectorBitSize() / 32
	if n := len(a) / w * w; n < len(a) {
		var x [lanes]float32
		copy(x[:], a[n:])
		fastSoftplus(x[:w], x[:w])
		copy(dst[n:], x[:])
		dst, a = dst[:n], a[:n]
	}
	zero, one, half := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(.5)
	far, ln2 := simd.BroadcastFloat32s(math.Sqrt2-1), simd.BroadcastFloat32s(math.Ln2)
	c0, c1, c2 := simd.BroadcastFloat32s(7.0376836292e-2), simd.BroadcastFloat32s(-1.1514610310e-1), simd.BroadcastFloat32s(1.1676998740e-1)
	c3, c4, c5 := simd.BroadcastFloat32s(-1.2420140846e-1), simd.BroadcastFloat32s(1.4249322787e-1), simd.BroadcastFloat32s(-1.6668057665e-1)
	c6, c7, c8 := simd.BroadcastFloat32s(2.0000714765e-1), simd.BroadcastFloat32s(-2.4999993993e-1), simd.BroadcastFloat32s(3.3333331174e-1)
	var buf [chunk]float32
	for len(dst) > 0 {
		e := buf[:min(chunk, len(dst))]
		expNegAbs(e, a[:len(e)], 1)
		for i := 0; i < len(e); i += w {
			x, ex := simd.LoadFloat32s(a[i:i+w]), simd.LoadFloat32s(e[i:i+w])
			big := ex.Greater(far)
			m := ex.Sub(one).Mul(half).IfElse(big, ex)
			z := m.Mul(m)
			y := c0.MulAdd(m, c1).MulAdd(m, c2).MulAdd(m, c3).MulAdd(m, c4).MulAdd(m, c5).MulAdd(m, c6).MulAdd(m, c7).MulAdd(m, c8)
			y = m.Add(y.Mul(m).Mul(z).Sub(half.Mul(z)))
			y = y.Add(ln2).IfElse(big, y)
			y.Add(x.IfElse(x.Greater(zero), zero)).Store(dst[i : i+w])
		}
		dst, a = dst[len(e):], a[len(e):]
	}
	clean()
}

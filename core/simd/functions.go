//go:build goexperiment.simd

package simd

import (
	"math"
	"simd"
)

// The functions below work in chunks, with a padded buffer for the last, so
// that an element's value does not depend on where in a slice it stands.
const chunk = 512

// exp splits a = n·ln 2 + r, |r| ≤ ln 2/2, and sums e to the r as a polynomial
// (Cephes). 2 to the n is applied in two halves, which makes denormals right.
func exp(dst, a []float32) {
	var buf [16]float32
	w := simd.VectorBitSize() / 32
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
		src, out := a[i:], dst[i:]
		if len(src) < w {
			copy(buf[:], src)
			src, out = buf[:], buf[:]
		}
		x := simd.LoadFloat32s(src)
		t := x.Max(lo).Min(hi)
		n := t.MulAdd(log2e, magic).Sub(magic)
		r := n.MulAdd(ln2hi, t)
		r = n.MulAdd(ln2lo, r)
		y := p0.MulAdd(r, p1).MulAdd(r, p2).MulAdd(r, p3).MulAdd(r, p4).MulAdd(r, half)
		y = y.MulAdd(r.Mul(r), r).Add(one)
		k := n.ConvertToInt32()
		k1 := k.ShiftAllRight(1)
		k2 := k.Sub(k1)
		y = y.Mul(k1.Add(bias).ShiftAllLeft(23).ToBits().BitsToFloat32())
		y = y.Mul(k2.Add(bias).ShiftAllLeft(23).ToBits().BitsToFloat32())
		y = x.IfElse(x.NotEqual(x), y)
		y.Store(out)
		if len(dst)-i < w {
			copy(dst[i:], buf[:])
		}
	}
}

// log splits a = 2ⁿ·m, √½ ≤ m < √2, and sums ln m as a polynomial (Cephes).
func log(dst, a []float32) {
	var buf [16]float32
	w := simd.VectorBitSize() / 32
	zero, one, half := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(.5)
	least, up := simd.BroadcastFloat32s(1.17549435e-38), simd.BroadcastFloat32s(8388608) // 2²³ lifts denormals
	upN := simd.BroadcastFloat32s(23)
	inf, nan := simd.BroadcastFloat32s(float32(math.Inf(1))), simd.BroadcastFloat32s(float32(math.NaN()))
	sqrtHalf := simd.BroadcastFloat32s(0.707106781186547524)
	mant, halfBits := simd.BroadcastInt32s(0x007fffff), simd.BroadcastInt32s(0x3f000000)
	bias := simd.BroadcastInt32s(126)
	c0, c1, c2 := simd.BroadcastFloat32s(7.0376836292e-2), simd.BroadcastFloat32s(-1.1514610310e-1), simd.BroadcastFloat32s(1.1676998740e-1)
	c3, c4, c5 := simd.BroadcastFloat32s(-1.2420140846e-1), simd.BroadcastFloat32s(1.4249322787e-1), simd.BroadcastFloat32s(-1.6668057665e-1)
	c6, c7, c8 := simd.BroadcastFloat32s(2.0000714765e-1), simd.BroadcastFloat32s(-2.4999993993e-1), simd.BroadcastFloat32s(3.3333331174e-1)
	ln2lo, ln2hi := simd.BroadcastFloat32s(-2.12194440e-4), simd.BroadcastFloat32s(0.693359375)
	for i := 0; i < len(dst); i += w {
		src, out := a[i:], dst[i:]
		if len(src) < w {
			copy(buf[:], src)
			src, out = buf[:], buf[:]
		}
		x := simd.LoadFloat32s(src)
		tiny := x.Less(least)
		v := x.Mul(up).IfElse(tiny, x)
		bits := v.ToBits().BitsToInt32()
		e := bits.ShiftAllRight(23).Sub(bias).ConvertToFloat32()
		e = e.Sub(upN).IfElse(tiny, e)
		m := bits.And(mant).Or(halfBits).ToBits().BitsToFloat32()
		small := m.Less(sqrtHalf)
		e = e.Sub(one).IfElse(small, e)
		m = m.Add(m).IfElse(small, m).Sub(one)
		z := m.Mul(m)
		y := c0.MulAdd(m, c1).MulAdd(m, c2).MulAdd(m, c3).MulAdd(m, c4).MulAdd(m, c5).MulAdd(m, c6).MulAdd(m, c7).MulAdd(m, c8)
		y = y.Mul(m).Mul(z)
		y = e.MulAdd(ln2lo, y)
		y = z.MulAdd(half.Neg(), y)
		y = e.MulAdd(ln2hi, m.Add(y))
		y = inf.IfElse(x.Equal(inf), y)
		y = inf.Neg().IfElse(x.Equal(zero), y)
		y = nan.IfElse(x.Less(zero).Or(x.NotEqual(x)), y)
		y.Store(out)
		if len(dst)-i < w {
			copy(dst[i:], buf[:])
		}
	}
}

// tanh is a polynomial below .625 (Cephes), else 1 - 2/(e to the 2|a| + 1) with a's sign.
func tanh(dst, a []float32) {
	var e [chunk]float32
	w := simd.VectorBitSize() / 32
	for len(dst) > 0 {
		n := min(chunk, len(dst))
		for i, x := range a[:n] {
			e[i] = 2 * float32(math.Abs(float64(x)))
		}
		exp(e[:n], e[:n])
		small := simd.BroadcastFloat32s(.625)
		zero, one, two := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(2)
		c0, c1, c2 := simd.BroadcastFloat32s(-5.70498872745e-3), simd.BroadcastFloat32s(2.06390887954e-2), simd.BroadcastFloat32s(-5.37397155531e-2)
		c3, c4 := simd.BroadcastFloat32s(1.33314422036e-1), simd.BroadcastFloat32s(-3.33332819422e-1)
		for i := 0; i < n; i += w {
			x, _ := simd.LoadFloat32sPart(a[i:n])
			t, _ := simd.LoadFloat32sPart(e[i:n])
			far := one.Sub(two.Div(t.Add(one)))
			far = far.Neg().IfElse(x.Less(zero), far)
			z := x.Mul(x)
			near := c0.MulAdd(z, c1).MulAdd(z, c2).MulAdd(z, c3).MulAdd(z, c4).Mul(z).MulAdd(x, x)
			y := near.IfElse(x.Abs().Less(small), far)
			x.IfElse(x.NotEqual(x), y).StorePart(dst[i:n])
		}
		dst, a = dst[n:], a[n:]
	}
}

func sigmoid(dst, a []float32) {
	scale(dst, a, -1)
	exp(dst, dst)
	w := simd.VectorBitSize() / 32
	one := simd.BroadcastFloat32s(1)
	for i := 0; i < len(dst); i += w {
		e, _ := simd.LoadFloat32sPart(dst[i:])
		one.Div(one.Add(e)).StorePart(dst[i:])
	}
}

// softplus is max(a, 0) + ln(1 + t), t = e to the -|a|, where ln(1 + t) is
// ln(u) + (t - (u - 1))/u with u = 1 + t rounded.
func softplus(dst, a []float32) {
	var t, u [chunk]float32
	w := simd.VectorBitSize() / 32
	for len(dst) > 0 {
		n := min(chunk, len(dst))
		for i, x := range a[:n] {
			t[i] = -float32(math.Abs(float64(x)))
		}
		exp(t[:n], t[:n])
		addConst(u[:n], t[:n], 1)
		var l [chunk]float32
		log(l[:n], u[:n])
		zero, one := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1)
		for i := 0; i < n; i += w {
			x, _ := simd.LoadFloat32sPart(a[i:n])
			tv, _ := simd.LoadFloat32sPart(t[i:n])
			uv, _ := simd.LoadFloat32sPart(u[i:n])
			lv, _ := simd.LoadFloat32sPart(l[i:n])
			y := lv.Add(tv.Sub(uv.Sub(one)).Div(uv)).Add(x.IfElse(x.Greater(zero), zero))
			x.IfElse(x.NotEqual(x), y).StorePart(dst[i:n])
		}
		dst, a = dst[n:], a[n:]
	}
}

package sidemodule

import "math"

// each emits dst[i] = element(a[i], b[i], …) for i < n, where sources are a, b, ….
// What is left at the end goes through the same operations one by one, so that an
// element's value does not depend on where in a slice it stands. unroll vectors
// are worked on in a turn.
func (f *function) each(n, dst i32, sources []i32, unroll int, element func(x []v128) v128) {
	turn := func(floats int, load func(p i32, offset int) v128, store func(p i32, offset int, v v128)) {
		f.while(n.atLeast(floats), func() {
			for at := 0; at < floats; at += 4 {
				var x []v128
				for _, s := range sources {
					x = append(x, load(s, 4*at))
				}
				store(dst, 4*at, element(x))
			}
			for _, p := range append([]i32{dst}, sources...) {
				f.step(p, number(4*floats))
			}
			f.step(n, number(-floats))
		})
	}
	turn(4*unroll, i32.load, f.store)
	if unroll > 1 {
		turn(4, i32.load, f.store)
	}
	turn(1, i32.load1, f.store1)
}

// unaryMap, binaryMap and scalarMap are the kernels (dst, a, n), (dst, a, b, n) and
// (dst, a, k, n) that compute dst[i] = of(a[i]), of(a[i], b[i]) and of(k, a[i]).
func unaryMap(of func(x v128) v128) func(f *function) {
	return func(f *function) {
		p := f.i32s(3)
		f.each(p[2], p[0], p[1:2], 4, func(x []v128) v128 { return of(x[0]) })
	}
}

func binaryMap(of func(x, y v128) v128) func(f *function) {
	return func(f *function) {
		p := f.i32s(4)
		f.each(p[3], p[0], p[1:3], 4, func(x []v128) v128 { return of(x[0], x[1]) })
	}
}

func scalarMap(of func(k, x v128) v128) func(f *function) {
	return func(f *function) {
		p := f.i32s(2)
		k, n := f32(f.param(typeF32)), i32(f.param(typeI32))
		kk := f.v128(k.spread())
		f.each(n, p[0], p[1:], 4, func(x []v128) v128 { return of(kk, x[0]) })
	}
}

// relu is max(x, 0). Of a NaN pmax returns its first operand; -0 + 0 is 0.
func relu(x v128) v128 { return x.pmax(all4(0)).add(all4(0)) }

// step is 1 if x > 0, else low.
func step(low, x v128) v128 { return x.above(all4(0)).pick(all4(1), low) }

// fill computes dst[i] = v.
func fill(f *function) {
	dst, v, n := i32(f.param(typeI32)), f32(f.param(typeF32)), i32(f.param(typeI32))
	x := f.v128(v.spread())
	f.each(n, dst, nil, 4, func([]v128) v128 { return x })
}

// gate computes dst[i] = ct[i] if x[i] > 0, else slope * ct[i], or 0 where slope is.
func gate(f *function) {
	p := f.i32s(3)
	slope, n := f32(f.param(typeF32)), i32(f.param(typeI32))
	k := f.v128(slope.spread())
	sloped := f.v128(k.other(all4(0)))
	f.each(n, p[0], p[1:], 4, func(x []v128) v128 {
		return x[1].above(all4(0)).pick(x[0], k.mul(x[0]).and(sloped))
	})
}

// axpy computes dst[i] += k * a[i].
func axpy(f *function) {
	p := f.i32s(2)
	slope, n := f32(f.param(typeF32)), i32(f.param(typeI32))
	k, old := f.v128(slope.spread()), f.i32(p[0])
	f.each(n, p[0], []i32{p[1], old}, 4, func(x []v128) v128 { return x[1].add(k.mul(x[0])) })
}

// sum is the kernel (part, a, n): the partial sums of Sum's order of a[i], where n is
// a multiple of lanes.
func sum(f *function) {
	const lanes = 32
	p := f.i32s(3)
	part, a, n := p[0], p[1], p[2]
	var sums [lanes / 4]v128
	for i := range sums {
		sums[i] = f.v128(all4(0))
	}
	f.while(n.atLeast(lanes), func() {
		for i, s := range sums {
			f.set(s, s.add(a.load(16*i)))
		}
		f.step(a, number(4*lanes))
		f.step(n, number(-lanes))
	})
	for i, s := range sums {
		f.store(part, 16*i, s)
	}
}

// The polynomials are those of package simd's functions.go, where they are
// explained.

// constants returns variables of four times each number.
func (f *function) constants(numbers ...float64) []v128 {
	var c []v128
	for _, n := range numbers {
		c = append(c, f.v128(all4(float32(n))))
	}
	return c
}

// polynomial is c[0]·xⁿ + … + c[n].
func (f *function) polynomial(x v128, c ...v128) v128 {
	y := c[0]
	for _, c := range c[1:] {
		y = f.madd(y, x, c)
	}
	return y
}

// functionMap is the kernel (dst, a, n) of a function of one number. prepare declares
// its constants.
func functionMap(prepare func(f *function) func(x v128) v128) func(f *function) {
	return func(f *function) {
		p := f.i32s(3)
		of := prepare(f)
		f.each(p[2], p[0], p[1:2], 1, func(x []v128) v128 { return of(f.v128(x[0])) })
	}
}

func exp(f *function) func(x v128) v128 {
	// Adding and subtracting 1.5·2²³ rounds to the nearest whole number, which the
	// last bits of the sum hold.
	const magic = 12582912
	c := f.constants(-104, 89, math.Log2E, magic, -0.693359375, 2.12194440e-4, 1)
	lo, hi, log2e, shift, ln2hi, ln2lo, one := c[0], c[1], c[2], c[3], c[4], c[5], c[6]
	p := f.constants(1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, .5)
	bias := f.v128(bits4(127))
	return func(x v128) v128 {
		t := f.v128(x.pmax(lo).pmin(hi))
		sum := f.v128(f.madd(t, log2e, shift))
		n := f.v128(sum.sub(shift))
		r := f.v128(f.madd(n, ln2lo, f.madd(n, ln2hi, t)))
		y := f.madd(f.polynomial(r, p...), r.mul(r), r).add(one)
		k := f.v128(sum.isub(shift))
		half := f.v128(k.right(1))
		return y.mul(half.iadd(bias).left(23)).mul(k.isub(half).iadd(bias).left(23))
	}
}

// logPolynomial are the coefficients of (ln(1 + x) - x + x²/2)/x³.
func logPolynomial(f *function) []v128 {
	return f.constants(7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
		2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)
}

func log(f *function) func(x v128) v128 {
	c := f.constants(0, 1, -.5, 0x1p-126, 0x1p23, 23, math.Inf(1), math.NaN(), math.Sqrt2/2, -2.12194440e-4, 0.693359375)
	zero, one, half, least, lift, lifted, inf, nan := c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]
	sqrtHalf, ln2lo, ln2hi := c[8], c[9], c[10]
	mantissa, halfBits, bias := f.v128(bits4(0x007fffff)), f.v128(bits4(0x3f000000)), f.v128(bits4(126))
	p := logPolynomial(f)
	return func(x v128) v128 {
		tiny := f.v128(x.less(least))
		bits := f.v128(tiny.pick(x.mul(lift), x))
		e := f.v128(bits.right(23).isub(bias).toFloats().sub(tiny.and(lifted)))
		m := f.v128(bits.and(mantissa).or(halfBits))
		small := f.v128(m.less(sqrtHalf))
		f.set(e, e.sub(small.and(one)))
		f.set(m, m.add(small.and(m)).sub(one))
		z := f.v128(m.mul(m))
		y := f.madd(z, half, f.madd(e, ln2lo, f.polynomial(m, p...).mul(m).mul(z)))
		y = f.madd(e, ln2hi, m.add(y))
		y = x.equal(inf).pick(x, y)
		y = x.equal(zero).pick(inf.neg(), y)
		return x.less(zero).or(x.other(x)).pick(nan, y)
	}
}

func tanh(f *function) func(x v128) v128 {
	exp := exp(f)
	c := f.constants(1, .625, -2)
	one, near, minus2 := c[0], c[1], c[2]
	sign := f.v128(bits4(1 << 31))
	p := f.constants(-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
	return func(x v128) v128 {
		size := f.v128(x.abs())
		e := f.v128(exp(f.v128(size.mul(minus2))))
		z := f.v128(size.mul(size))
		y := f.madd(f.polynomial(z, p...).mul(z), size, size)
		return size.less(near).pick(y, one.sub(e).div(one.add(e))).or(x.and(sign))
	}
}

func sigmoid(f *function) func(x v128) v128 {
	exp := exp(f)
	c := f.constants(0, 1)
	zero, one := c[0], c[1]
	return func(x v128) v128 {
		e := f.v128(exp(f.v128(x.abs().neg())))
		return x.less(zero).pick(e, one).div(one.add(e))
	}
}

func softplus(f *function) func(x v128) v128 {
	exp := exp(f)
	c := f.constants(0, 1, .5, math.Sqrt2-1, math.Ln2)
	zero, one, half, far, ln2 := c[0], c[1], c[2], c[3], c[4]
	p := logPolynomial(f)
	return func(x v128) v128 {
		e := f.v128(exp(f.v128(x.abs().neg())))
		big := f.v128(e.above(far))
		m := f.v128(big.pick(e.sub(one).mul(half), e))
		z := f.v128(m.mul(m))
		y := m.add(f.polynomial(m, p...).mul(m).mul(z).sub(half.mul(z)))
		return y.add(big.and(ln2)).add(x.above(zero).pick(x, zero))
	}
}

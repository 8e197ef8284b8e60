package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The functions are those of ../../functions.go, instruction by instruction, so
// that both give the same bits; that file explains them.

func functions() {
	function("exp", "e to the a[i]", func(a vec) vec { return choose(isNaN(a), a, exp(a)) })
	function("log", "ln a[i]", func(x vec) vec { return logarithm(x) })
	function("tanh", "tanh a[i]", func(a vec) vec {
		sign := and(a, pattern(1<<31))
		x := and(a, pattern(1<<31-1))
		e := choose(isNaN(a), a, exp(mul(x, number(-2))))
		one := load(number(1))
		far := div(sub(one, e), add(e, one))
		z := mul(x, x)
		near := polynomial(z, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
		near = fma(mul(near, z), x, x)
		return or(choose(less(x, number(.625)), near, far), sign)
	})
	function("sigmoid", "1 / (1 + e to the -a[i])", func(x vec) vec {
		e := expNegAbs(x)
		one := load(number(1))
		return div(choose(less(x, zero()), e, one), add(e, one))
	})
	function("softplus", "ln(1 + e to the a[i])", func(x vec) vec {
		e := expNegAbs(x)
		big := greater(e, number(math.Sqrt2-1))
		m := choose(big, mul(sub(e, number(1)), number(.5)), e)
		z := mul(m, m)
		y := sub(mul(mul(logPolynomial(m), m), z), mul(z, number(.5)))
		y = add(m, y)
		y = choose(big, add(y, number(math.Ln2)), y)
		return add(y, choose(greater(x, zero()), x, zero()))
	})
}

// polynomial returns (…(c₀·x + c₁)·x + …) + cₙ.
func polynomial(x vec, c ...float64) vec {
	y := load(number(c[0]))
	for _, c := range c[1:] {
		y = fma(y, x, number(c))
	}
	return y
}

// exp returns e to the x; of NaN it may return anything.
func exp(x vec) vec {
	t := YMM()
	VMAXPS(number(-104), x, t)
	VMINPS(number(89), t, t)
	magic := load(number(12582912))
	n := sub(fma(t, number(math.Log2E), magic), magic)
	r := fma(n, number(2.12194440e-4), fma(n, number(-0.693359375), t))
	y := polynomial(r, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, .5)
	y = add(fma(y, mul(r, r), r), number(1))
	k, k1 := YMM(), YMM()
	VCVTPS2DQ(n, k)
	VPSRAD(Imm(1), k, k1)
	VPSUBD(k1, k, k)
	for _, half := range []vec{k1, k} {
		VPADDD(pattern(127), half, half)
		VPSLLD(Imm(23), half, half)
		y = mul(y, half)
	}
	return y
}

// expNegAbs returns e to the -|x|, NaN of NaN.
func expNegAbs(x vec) vec { return choose(isNaN(x), x, exp(or(x, pattern(1<<31)))) }

func logPolynomial(m vec) vec {
	return polynomial(m, 7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)
}

func logarithm(x vec) vec {
	tiny := less(x, number(0x1p-126))
	bits := choose(tiny, mul(x, number(0x1p23)), x)
	e := YMM()
	VPSRAD(Imm(23), bits, e)
	VPSUBD(pattern(126), e, e)
	VCVTDQ2PS(e, e)
	e = choose(tiny, sub(e, number(23)), e)
	m := or(and(bits, pattern(0x007fffff)), pattern(0x3f000000))
	small := less(m, number(math.Sqrt2/2))
	e = choose(small, sub(e, number(1)), e)
	m = sub(choose(small, add(m, m), m), number(1))
	z := mul(m, m)
	y := mul(mul(logPolynomial(m), m), z)
	y = fma(z, number(-.5), fma(e, number(-2.12194440e-4), y))
	y = fma(e, number(0.693359375), add(m, y))
	inf := load(number(math.Inf(1)))
	y = choose(equal(x, inf), x, y)
	y = choose(equal(x, zero()), load(number(math.Inf(-1))), y)
	return choose(or(less(x, zero()), isNaN(x)), load(number(math.NaN())), y)
}

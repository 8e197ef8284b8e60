package simd

import (
	"math"
	"math/rand/v2"
	"testing"
)

var (
	inf = float32(math.Inf(1))
	nan = float32(math.NaN())
	low = math.Float32frombits(1) // the least number above 0
)

var special = []float32{0, float32(math.Copysign(0, -1)), 1, -1, .5, -.5, low, -low, 1e-40, -1e-40, 1e-30, 3e38, -3e38, 80, -80, 88, 89, -87.5,
	-103, -105, inf, -inf, nan, .7071067, 1.4142135, .62, .63, -.62, 16.6, -16.6}

const guard = 12345

// operand returns n numbers, special ones among them, at an odd offset in a
// slice with guards on both sides, and a check that the guards still stand.
func operand(r *rand.Rand, n int) (v []float32, intact func() bool) {
	const margin = 2*lanes + 3
	whole := make([]float32, n+2*margin)
	for i := range whole {
		whole[i] = guard
	}
	v = whole[margin : margin+n]
	for i := range v {
		if r.IntN(4) == 0 {
			v[i] = special[r.IntN(len(special))]
		} else {
			v[i] = float32(r.NormFloat64() * 3)
		}
	}
	return v, func() bool {
		for i, x := range whole {
			if (i < margin || i >= margin+n) && x != guard {
				return false
			}
		}
		return true
	}
}

// ulps returns how many float32 lie between got and want; 0 and -0 are apart.
func ulps(got, want float32) int64 {
	if got != got || want != want {
		if got != got && want != want {
			return 0
		}
		return math.MaxInt64
	}
	order := func(x float32) int64 {
		b := int64(int32(math.Float32bits(x)))
		if b < 0 {
			return math.MinInt32 - b - 1
		}
		return b
	}
	d := order(got) - order(want)
	return max(d, -d)
}

type loop = func(dst, a, b []float32)

const slope = .2

// loops are the loops that compute dst[i] from a[i] and b[i], each with its
// plain twin and how many ulp those may differ.
var loops = []struct {
	name        string
	fast, plain loop
	ulp         int64
}{
	{"Add", Add, addPlain, 0},
	{"Sub", Sub, subPlain, 0},
	{"Mul", Mul, mulPlain, 0},
	{"Div", Div, divPlain, 0},
	{"Max", Max, maximumPlain, 0},
	{"Min", Min, minimumPlain, 0},
	{"Gate", func(d, a, b []float32) { Gate(d, a, b, slope) }, func(d, a, b []float32) { gatePlain(d, a, b, slope) }, 0},
	{"Gate, slope 0", func(d, a, b []float32) { Gate(d, a, b, 0) }, func(d, a, b []float32) { gatePlain(d, a, b, 0) }, 0},
	{"Rectify, slope 0", unary(func(d, a []float32) { Rectify(d, a, 0) }), unary(func(d, a []float32) { rectifyPlain(d, a, 0) }), 0},
	{"Scale", with(Scale), with(scalePlain), 0},
	{"AddConst", with(AddConst), with(addConstPlain), 0},
	{"Rectify", with(Rectify), with(rectifyPlain), 0},
	{"Step", with(Step), with(stepPlain), 0},
	{"Axpy", with(Axpy), with(axpyPlain), 0},
	{"Sqrt", unary(Sqrt), unary(sqrtPlain), 0},
	{"Exp", unary(Exp), unary(expPlain), 1},
	{"Log", unary(Log), unary(logPlain), 1},
	{"Tanh", unary(Tanh), unary(tanhPlain), 2},
	{"Sigmoid", unary(Sigmoid), unary(sigmoidPlain), 2},
	{"Softplus", unary(Softplus), unary(softplusPlain), 2},
	{"Fill", func(d, _, _ []float32) { Fill(d, slope) }, func(d, _, _ []float32) { fillPlain(d, slope) }, 0},
}

func unary(f func(dst, a []float32)) loop { return func(dst, a, _ []float32) { f(dst, a) } }

func with(f func(dst, a []float32, k float32)) loop {
	return func(dst, a, _ []float32) { f(dst, a, slope) }
}

func TestLoops(t *testing.T) {
	for _, c := range loops {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 1))
			for n := range 101 {
				for alias := range 3 {
					a, okA := operand(r, n)
					b, okB := operand(r, n)
					dst, ok := operand(r, n)
					a0, b0 := append([]float32{}, a...), append([]float32{}, b...)
					switch alias {
					case 1:
						dst = a
					case 2:
						dst = b
					}
					want := append([]float32{}, dst...)
					c.plain(want, a0, b0)
					c.fast(dst, a, b)
					if !ok() || !okA() || !okB() {
						t.Fatalf("length %d: wrote beyond an end", n)
					}
					for i := range dst {
						if d := ulps(dst[i], want[i]); d > c.ulp {
							t.Fatalf("length %d alias %d: of %g, %g it is %g, want %g (%d ulp)", n, alias, a0[i], b0[i], dst[i], want[i], d)
						}
						if alias != 1 && ulps(a[i], a0[i]) != 0 || alias != 2 && ulps(b[i], b0[i]) != 0 {
							t.Fatalf("length %d: changed an operand", n)
						}
					}
				}
			}
		})
	}
}

// TestPlace asserts that an element's value does not depend on its neighbours
// nor on where it stands.
func TestPlace(t *testing.T) {
	for _, c := range loops {
		r := rand.New(rand.NewPCG(2, 2))
		a, _ := operand(r, 2*lanes+5)
		b, _ := operand(r, 2*lanes+5)
		dst := make([]float32, len(a))
		c.fast(dst, a, b)
		for i := range dst {
			one := []float32{0}
			if c.fast(one, a[i:i+1], b[i:i+1]); ulps(one[0], dst[i]) != 0 {
				t.Errorf("%s(%g, %g) is %g alone and %g at %d", c.name, a[i], b[i], one[0], dst[i], i)
			}
		}
	}
}

// TestMeaning holds the loops to the meaning their comments give, on every pair
// of special numbers.
func TestMeaning(t *testing.T) {
	pick := func(above bool, v, otherwise float32) float32 {
		if above {
			return v
		}
		return otherwise
	}
	meaning := map[string]func(x, y float32) float32{
		"Max":              func(x, y float32) float32 { return max(x, y) },
		"Min":              func(x, y float32) float32 { return min(x, y) },
		"Gate":             func(x, y float32) float32 { return pick(y > 0, x, slope*x) },
		"Rectify":          func(x, _ float32) float32 { return pick(x > 0, x, slope*x) },
		"Gate, slope 0":    func(x, y float32) float32 { return pick(y > 0, x, 0) },
		"Rectify, slope 0": func(x, _ float32) float32 { return max(x, 0) }, // 0 of -Inf, NaN of NaN
		"Step":             func(x, _ float32) float32 { return pick(x > 0, 1, slope) },
		"Sqrt":             func(x, _ float32) float32 { return float32(math.Sqrt(float64(x))) },
	}
	var a, b []float32
	for _, x := range special {
		for _, y := range special {
			a, b = append(a, x), append(b, y)
		}
	}
	dst := make([]float32, len(a))
	tried := 0
	for _, c := range loops {
		f := meaning[c.name]
		if f == nil {
			continue
		}
		tried++
		c.fast(dst, a, b)
		for i := range dst {
			if want := f(a[i], b[i]); ulps(dst[i], want) != 0 {
				t.Errorf("%s(%g, %g) is %g, want %g", c.name, a[i], b[i], dst[i], want)
			}
		}
	}
	if tried != len(meaning) {
		t.Errorf("%d of %d loops tried", tried, len(meaning))
	}
}

// TestFunctions tries every 997th float32 there is, and the values that a
// function must give exactly.
func TestFunctions(t *testing.T) {
	type exact map[float32]float32
	zero := float32(math.Copysign(0, -1))
	for _, c := range []struct {
		name  string
		f     func(dst, a []float32)
		want  func(x float64) float64
		ulp   int64
		exact exact
	}{
		{"Exp", Exp, math.Exp, 1, exact{0: 1, zero: 1, inf: inf, -inf: 0, 89: inf, -104: 0}},
		{"Log", Log, math.Log, 1, exact{1: 0, 0: -inf, zero: -inf, inf: inf, -inf: nan, -1: nan, -low: nan}},
		{"Tanh", Tanh, math.Tanh, 2, exact{0: 0, inf: 1, -inf: -1, 20: 1, -20: -1, low: low, -low: -low}},
		{"Sigmoid", Sigmoid, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 2, exact{0: .5, zero: .5, inf: 1, -inf: 0, 100: 1, -104: 0}},
		{"Softplus", Softplus, func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }, 2,
			exact{inf: inf, -inf: 0, 100: 100, 3e38: 3e38, -104: 0, -3e38: 0}},
	} {
		c.exact[nan] = nan
		for x, want := range c.exact {
			got := []float32{0}
			if c.f(got, []float32{x}); ulps(got[0], want) != 0 {
				t.Errorf("%s(%g) is %g, want %g", c.name, x, got[0], want)
			}
		}
		const n = 1 << 12
		a, got := make([]float32, 0, n), make([]float32, n)
		worst, at := int64(0), float32(0)
		for bits := uint64(0); bits < 1<<32; bits += 997 {
			a = append(a, math.Float32frombits(uint32(bits)))
			if len(a) < n && bits+997 < 1<<32 {
				continue
			}
			c.f(got[:len(a)], a)
			for i, x := range a {
				if d := ulps(got[i], float32(c.want(float64(x)))); d > worst {
					worst, at = d, x
				}
			}
			a = a[:0]
		}
		t.Logf("%s: at most %d ulp off, at %g", c.name, worst, at)
		if worst > c.ulp {
			t.Errorf("%s(%g) is %d ulp off, want at most %d", c.name, at, worst, c.ulp)
		}
	}
	minus := []float32{0}
	if Tanh(minus, []float32{zero}); !math.Signbit(float64(minus[0])) {
		t.Error("Tanh(-0) is not -0")
	}
}

func TestSum(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for n := range 300 {
		a, _ := operand(r, n)
		if got, want := Sum(a), sumPlain(a); ulps(got, want) != 0 {
			t.Errorf("Sum of %d is %g, want %g", n, got, want)
		}
		s := 0.
		for i := range a {
			a[i] = r.Float32() - .3
			s += float64(a[i])
		}
		if got := Sum(a); math.Abs(float64(got)-s) > 1e-5 || got != sumPlain(a) {
			t.Errorf("Sum of %d is %g, want %g and plain %g", n, got, s, sumPlain(a))
		}
	}
}

func TestLengthsPanic(t *testing.T) {
	three, four := make([]float32, 3), make([]float32, 4)
	gemm := func(m, n, k int, a, b, c []float32) func() {
		return func() { Gemm(false, false, m, n, k, a, 2, b, 2, c, 2, &Scratch{}) }
	}
	for name, f := range map[string]func(){
		"Add":      func() { Add(three, three, four) },
		"Gate":     func() { Gate(three, four, three, 0) },
		"Exp":      func() { Exp(three, four) },
		"Gemm's a": gemm(2, 2, 2, three, four, four),
		"Gemm's b": gemm(2, 2, 2, four, three, four),
		"Gemm's c": gemm(2, 2, 2, four, four, three),
		"a row":    gemm(1, 3, 2, four, four, four),
		"a size":   gemm(-1, 2, 2, four, four, four),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: took lengths that do not fit", name)
				}
			}()
			f()
		}()
	}
}

func TestNoAllocation(t *testing.T) {
	a, b, dst := make([]float32, 300), make([]float32, 300), make([]float32, 300)
	for _, c := range loops {
		if n := testing.AllocsPerRun(5, func() { c.fast(dst, a, b) }); n != 0 {
			t.Errorf("%s: %v allocations a call", c.name, n)
		}
	}
	if n := testing.AllocsPerRun(5, func() { dst[0] = Sum(a) }); n != 0 {
		t.Errorf("Sum: %v allocations", n)
	}
}

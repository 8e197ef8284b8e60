package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var special = []float32{0, float32(math.Copysign(0, -1)), 1, -1, .5, -.5, 1e-40, -1e-40, 1e-30, 3e38, -3e38, 80, -80, 88, 89, -87.5, -103, -105,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 1.4e-45, .7071067, 1.4142135, .62, .63, -.62, 16.6, -16.6}

// operand returns n numbers, special ones among them, at an odd offset in a
// slice with guard words, and a check that the guards still stand.
func operand(r *rand.Rand, n int) (v []float32, intact func() bool) {
	whole := make([]float32, n+5)
	for i := range whole {
		whole[i] = 12345
	}
	v = whole[3 : 3+n]
	for i := range v {
		if r.IntN(4) == 0 {
			v[i] = special[r.IntN(len(special))]
		} else {
			v[i] = float32(r.NormFloat64() * 3)
		}
	}
	return v, func() bool {
		return whole[2] == 12345 && whole[n+3] == 12345
	}
}

// ulps returns how many float32 lie between got and want.
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
			return math.MinInt32 - b
		}
		return b
	}
	d := order(got) - order(want)
	return max(d, -d)
}

func TestElementwise(t *testing.T) {
	type loop = func(dst, a, b []float32)
	k := float32(.2)
	unary := func(f func(dst, a []float32)) loop { return func(dst, a, _ []float32) { f(dst, a) } }
	with := func(f func(dst, a []float32, k float32)) loop { return func(dst, a, _ []float32) { f(dst, a, k) } }
	for _, c := range []struct {
		name        string
		fast, plain loop
		ulp         int64
		least       float32 // results below this may be off by its ulp: they came by way of denormals
	}{
		{"Add", Add, addPlain, 0, 0}, {"Sub", Sub, subPlain, 0, 0}, {"Mul", Mul, mulPlain, 0, 0}, {"Div", Div, divPlain, 0, 0},
		{"Max", Max, maximumPlain, 0, 0}, {"Min", Min, minimumPlain, 0, 0},
		{"Scale", with(Scale), with(scalePlain), 0, 0}, {"AddConst", with(AddConst), with(addConstPlain), 0, 0},
		{"Sqrt", unary(Sqrt), unary(sqrtPlain), 0, 0}, {"Rectify", with(Rectify), with(rectifyPlain), 0, 0},
		{"Step", with(Step), with(stepPlain), 0, 0},
		{"Gate", func(d, a, b []float32) { Gate(d, a, b, k) }, func(d, a, b []float32) { gatePlain(d, a, b, k) }, 0, 0},
		{"Exp", unary(Exp), unary(expPlain), 2, 0}, {"Log", unary(Log), unary(logPlain), 2, 0},
		{"Tanh", unary(Tanh), unary(tanhPlain), 3, 0}, {"Sigmoid", unary(Sigmoid), unary(sigmoidPlain), 4, 1e-37},
		{"Softplus", unary(Softplus), unary(softplusPlain), 5, 1e-37},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 1))
			for n := range 101 {
				for alias := range 3 {
					a, okA := operand(r, n)
					b, okB := operand(r, n)
					want := make([]float32, n)
					c.plain(want, a, b)
					a0, b0 := append([]float32{}, a...), append([]float32{}, b...)
					dst, ok := operand(r, n)
					switch alias {
					case 1:
						dst = a
					case 2:
						if c.name == "Sigmoid" || c.name == "Softplus" {
							continue
						}
						dst = b
					}
					c.fast(dst, a, b)
					if !ok() || !okA() || !okB() {
						t.Fatalf("length %d: wrote beyond its end", n)
					}
					for i := range dst {
						if d := ulps(dst[i], want[i]); d > c.ulp && !(c.least > 0 && math.Abs(float64(want[i]-dst[i])) < float64(c.least)*1e-6) {
							t.Fatalf("length %d alias %d: of %g, %g it is %g, want %g (%d ulp)", n, alias, a0[i], b0[i], dst[i], want[i], d)
						}
					}
				}
			}
		})
	}
}

// TestWholeRange tries every 997th float32 there is.
func TestWholeRange(t *testing.T) {
	for _, c := range []struct {
		name        string
		fast, plain func(dst, a []float32)
		ulp         int64
		least       float64
	}{
		{"Exp", Exp, expPlain, 2, 0}, {"Log", Log, logPlain, 2, 0}, {"Tanh", Tanh, tanhPlain, 3, 0},
		{"Sigmoid", Sigmoid, sigmoidPlain, 4, 1e-37}, {"Softplus", Softplus, softplusPlain, 5, 1e-37},
	} {
		a, got, want := make([]float32, 0, 1<<16), make([]float32, 1<<16), make([]float32, 1<<16)
		worst, at := int64(0), float32(0)
		for bits := uint64(0); bits < 1<<32; bits += 997 {
			a = append(a, math.Float32frombits(uint32(bits)))
			if len(a) < cap(a) {
				continue
			}
			c.fast(got, a)
			c.plain(want, a)
			for i := range a {
				if d := ulps(got[i], want[i]); d > worst && math.Abs(float64(want[i])) >= c.least {
					worst, at = d, a[i]
				}
			}
			a = a[:0]
		}
		t.Logf("%s: at most %d ulp off, at %g", c.name, worst, at)
		if worst > c.ulp {
			t.Errorf("%s(%g) is %d ulp off, want at most %d", c.name, at, worst, c.ulp)
		}
	}
}

func TestReductions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for n := range 300 {
		a, b := make([]float32, n), make([]float32, n)
		s, d := 0., 0.
		for i := range a {
			a[i], b[i] = r.Float32()-.3, r.Float32()
			s += float64(a[i])
			d += float64(a[i]) * float64(b[i])
		}
		if got := float64(Sum(a)); math.Abs(got-s) > 1e-4 {
			t.Errorf("Sum of %d is %g, want %g", n, got, s)
		}
		if got := float64(Dot(a, b)); math.Abs(got-d) > 1e-4 {
			t.Errorf("Dot of %d is %g, want %g", n, got, d)
		}
		c := append([]float32{}, b...)
		Axpy(c, a, -.5)
		for i := range c {
			if want := b[i] - .5*a[i]; math.Abs(float64(c[i]-want)) > 1e-6 {
				t.Errorf("Axpy gives %g, want %g", c[i], want)
			}
		}
	}
}

func TestLengthsPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"Add": func() { Add(make([]float32, 3), make([]float32, 3), make([]float32, 4)) },
		"Exp": func() { Exp(make([]float32, 3), make([]float32, 2)) },
		"Gemm": func() {
			Gemm(false, false, 2, 2, 2, make([]float32, 3), 2, make([]float32, 4), 2, make([]float32, 4), 2, &Scratch{})
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took lengths that do not fit", name)
				}
			}()
			f()
		}()
	}
}

func TestGemm(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var s Scratch
	for _, dims := range [][3]int{{1, 1, 1}, {4, 32, 8}, {5, 33, 7}, {256, 2, 64}, {3, 1, 512}, {1, 300, 2}, {130, 70, 260}, {64, 1030, 5}, {129, 31, 513}} {
		m, n, k := dims[0], dims[1], dims[2]
		for _, trans := range []int{0, 1, 2, 3} {
			ta, tb := trans&1 > 0, trans&2 > 0
			lda, ldb, ldc := k+3, n+1, n+2
			if ta {
				lda = m + 3
			}
			if tb {
				ldb = k + 1
			}
			a, b := make([]float32, lda*max(m, k)), make([]float32, ldb*max(n, k))
			for i := range a {
				a[i] = r.Float32() - .5
			}
			for i := range b {
				b[i] = r.Float32() - .5
			}
			at := func(v []float32, trans bool, ld, i, j int) float64 {
				if trans {
					i, j = j, i
				}
				return float64(v[i*ld+j])
			}
			c := make([]float32, ldc*m)
			Fill(c, 77)
			Gemm(ta, tb, m, n, k, a, lda, b, ldb, c, ldc, &s)
			for i := range m {
				for j := range n {
					want := 0.
					for p := range k {
						want += at(a, ta, lda, i, p) * at(b, tb, ldb, p, j)
					}
					if got := float64(c[i*ldc+j]); math.Abs(got-want) > 1e-5*math.Sqrt(float64(k)) {
						t.Fatalf("(%d, %d, %d) %v %v: c[%d, %d] is %g, want %g", m, n, k, ta, tb, i, j, got, want)
					}
				}
				if i < m-1 && (c[i*ldc+n] != 77 || c[i*ldc+n+1] != 77) {
					t.Fatalf("(%d, %d, %d): wrote between the rows of c", m, n, k)
				}
			}
			// Computing it in two halves changes no bit.
			half := m / 2
			two := make([]float32, ldc*m)
			Fill(two, 77)
			for _, part := range [][2]int{{0, half}, {half, m}} {
				if part[0] == part[1] {
					continue
				}
				from := part[0] * lda
				if ta {
					from = part[0]
				}
				Gemm(ta, tb, part[1]-part[0], n, k, a[from:], lda, b, ldb, two[part[0]*ldc:], ldc, &s)
			}
			for i := range c {
				if c[i] != two[i] {
					t.Fatalf("(%d, %d, %d): splitting the rows changes element %d", m, n, k, i)
				}
			}
		}
	}
}

func TestGemmAllocatesNothing(t *testing.T) {
	var s Scratch
	a, c := make([]float32, 100*100), make([]float32, 100*100)
	if n := testing.AllocsPerRun(5, func() { Gemm(false, true, 100, 100, 100, a, 100, a, 100, c, 100, &s) }); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, d := range [][3]int{{256, 256, 256}, {512, 512, 512}, {256, 512, 512}, {256, 2, 512}, {128, 64, 64}, {100, 784, 512}} {
		m, n, k := d[0], d[1], d[2]
		b.Run(fmt.Sprintf("%dx%dx%d", m, n, k), func(b *testing.B) {
			var s Scratch
			x, y, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
			for b.Loop() {
				Gemm(false, false, m, n, k, x, k, y, n, c, n, &s)
			}
			b.ReportMetric(2*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkFunctions(b *testing.B) {
	a, dst := make([]float32, 1024), make([]float32, 1024)
	for i := range a {
		a[i] = float32(i)/100 + .1
	}
	for _, c := range []struct {
		name string
		f    func(dst, a []float32)
	}{{"Exp", Exp}, {"Log", Log}, {"Tanh", Tanh}, {"Sigmoid", Sigmoid}, {"Softplus", Softplus}, {"Sqrt", Sqrt}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.f(dst, a)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/element")
		})
	}
}

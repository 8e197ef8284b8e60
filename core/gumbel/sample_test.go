package gumbel

import (
	"math"
	"testing"

	"ganbel/core/random"
)

// Figure 1: what samples are on average at each temperature, known from 2
// million draws; the greatest is Max's choice, each class with its probability.
func TestFigure1(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	const n = 200_000
	for _, c := range []struct {
		tau           float64
		mean, sd      [3]float64
		most, entropy float64
	}{
		{.1, [3]float64{.1006, .2013, .6982}, [3]float64{.2853, .3805, .4356}, .9681, .0766},
		{.5, [3]float64{.1180, .2216, .6604}, [3]float64{.2376, .3098, .3539}, .8426, .3847},
		{1, [3]float64{.1541, .2531, .5928}, [3]float64{.1925, .2408, .2746}, .7142, .6703},
		{10, [3]float64{.3044, .3261, .3694}, [3]float64{.0339, .0352, .0371}, .3820, 1.0898},
	} {
		r := random.New(1, "gumbel")
		var mean, square, freq [3]float64
		most, entropy := 0., 0.
		y, u := make([]float64, 3), make([]float64, 3)
		for range n {
			for i := range u {
				u[i] = r.Float64()
			}
			if err := Sample(y, three, u, c.tau); err != nil {
				t.Fatal(err)
			}
			best, err := Max(three, u)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range y {
				mean[i] += v / n
				square[i] += v * v / n
				if v > 0 {
					entropy -= v * math.Log(v) / n
				}
				if v > y[best] {
					t.Fatalf("τ %v: Max chose class %d, and the sample is %v", c.tau, best, y)
				}
			}
			most += y[best] / n
			freq[best] += 1. / n
		}
		pairs := [][2]float64{{most, c.most}, {entropy, c.entropy}}
		for i, p := range []float64{.1, .2, .7} {
			sd := math.Sqrt(square[i] - mean[i]*mean[i])
			pairs = append(pairs, [2]float64{mean[i], c.mean[i]}, [2]float64{sd, c.sd[i]}, [2]float64{freq[i], p})
		}
		for i, pair := range pairs {
			if math.Abs(pair[0]-pair[1]) > .004 {
				t.Errorf("τ %v: number %d is %.4f, want %.4f", c.tau, i, pair[0], pair[1])
			}
		}
	}
}

// The binary sample's first class is chosen with chance π, its mean at τ = 1 is
// α(α-1-ln α)/(α-1)², α = π/(1-π), and that of Sample between two classes is the same.
func TestSampleBinary(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	r := random.New(2, "gumbel")
	for alpha, want := range map[float64]float64{.25: .282797, .5: .386294, 1: .5, 2: .613706, 4: .717203} {
		const n = 100_000
		mean, first, of2 := 0., 0., 0.
		y, u := make([]float64, 2), make([]float64, 2)
		for range n {
			u[0], u[1] = r.Float64(), r.Float64()
			if err := Sample(y, []float64{math.Log(alpha) + 3, 3}, u, 1); err != nil {
				t.Fatal(err)
			}
			one, err := SampleBinary(math.Log(alpha), u[0], 1)
			if err != nil {
				t.Fatal(err)
			}
			mean, of2 = mean+one/n, of2+y[0]/n
			if one > .5 {
				first += 1. / n
			}
		}
		if math.Abs(mean-want) > .005 || math.Abs(of2-want) > .005 || math.Abs(first-alpha/(1+alpha)) > .006 {
			t.Errorf("α %v: means %v and %v, want %v; the first class has the chance %v", alpha, mean, of2, want, first)
		}
	}
	// The difference of two Gumbels of u and v is the logistic number of one w.
	u, v := .3, .6
	w := 1 / (1 + math.Log(u)/math.Log(v))
	y := make([]float64, 2)
	if err := Sample(y, []float64{.7, -.2}, []float64{u, v}, .4); err != nil {
		t.Fatal(err)
	}
	if one, err := SampleBinary(.9, w, .4); err != nil || math.Abs(one-y[0]) > 1e-14 {
		t.Errorf("%v between two classes, %v of the binary case, %v", y[0], one, err)
	}
}

// Whatever is not refused gives a point of the simplex whose greatest element is
// Max's.
func FuzzSample(f *testing.F) {
	f.Add(0., 0., 0., .5, .5, .5, 1.)
	f.Add(-1e308, 1e308, 0., .1, .2, .3, 1e-300)
	f.Add(1e308, 1e308, 1., 5e-324, 1-0x1p-53, .3, 1e308)
	f.Add(math.Inf(1), math.NaN(), 0., 0., 1., -1., 0.)
	f.Fuzz(func(t *testing.T, a, b, c, u, v, w, tau float64) {
		logits, noise, y := []float64{a, b, c}, []float64{u, v, w}, make([]float64, 3)
		best, err := Max(logits, noise)
		refused := Sample(y, logits, noise, tau)
		if err != nil && refused == nil {
			t.Fatalf("Max refuses what Sample takes: %v", err)
		}
		if refused != nil {
			if y[0] != 0 || y[1] != 0 || y[2] != 0 {
				t.Fatalf("a refused draw wrote %v", y)
			}
			return
		}
		if sum := y[0] + y[1] + y[2]; !(math.Abs(sum-1) < 1e-12) || y[0] < 0 || y[1] < 0 || y[2] < 0 {
			t.Fatalf("%v is no point of the simplex", y)
		}
		if y[best] < max(y[0], y[1], y[2]) {
			t.Fatalf("Max chose class %d of %v", best, y)
		}
		d, err := LogDensity(y, logits, tau)
		if err == nil && !finite(d) {
			t.Fatalf("the density at %v is %v", y, d)
		}
		one, err := SampleBinary(a, u, tau)
		if err != nil || !(one >= 0 && one <= 1) {
			t.Fatalf("the binary case is %v, %v", one, err)
		}
		if d, err := LogDensityBinary(one, a, tau); err == nil && !finite(d) {
			t.Fatalf("the binary density at %v is %v", one, d)
		}
	})
}

package measure

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ganbel/core/data"
	"ganbel/core/random"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestJSD(t *testing.T) {
	near(t, "JSD of equals", JSD([]float64{.3, .7}, []float64{.3, .7}), 0, 0)
	near(t, "JSD of strangers", JSD([]float64{1, 0}, []float64{0, 1}), 1, 1e-15)
	near(t, "JSD", JSD([]float64{1, 0}, []float64{.5, .5}), .311278, 1e-6)
}

func TestInceptionScore(t *testing.T) {
	near(t, "score of uniform predictions", InceptionScore([]float32{.25, .25, .25, .25, .25, .25, .25, .25}, 4), 1, 1e-12)
	near(t, "score of sure and balanced ones", InceptionScore([]float32{1, 0, 0, 0, 1, 0, 0, 0, 1}, 3), 3, 1e-12)
	near(t, "score of sure ones of one class", InceptionScore([]float32{0, 1, 0, 1}, 2), 1, 1e-12)
	// Rows (1, 0) and (.5, .5) around (.75, .25): KL ln 4/3 and ½ ln 2/3 + ½ ln 2.
	want := math.Exp((math.Log(4./3) + math.Log(2./3)/2 + math.Log(2)/2) / 2)
	near(t, "score", InceptionScore([]float32{1, 0, .5, .5}, 2), want, 1e-12)
}

func TestQuantiles(t *testing.T) {
	var q [4]float64
	Quantiles(q[:], []float32{4, 1, 3, 2, 5}, []float64{0, .5, .875, 1})
	for i, want := range []float64{1, 3, 4.5, 5} {
		near(t, "quantile", q[i], want, 1e-12)
	}
	near(t, "mean", Mean([]float32{1, 2, 6}), 3, 0)
}

func TestHistogram(t *testing.T) {
	bins := []int{9, 9, 9, 9}
	v := []float32{-1, -.75, -.5, 0, .49, .5, 1, 1.01, -1.01, float32(math.NaN()), float32(math.Inf(1))}
	if outside := Histogram(bins, v, -1, 1); outside != 4 || !slices.Equal(bins, []int{2, 1, 2, 2}) {
		t.Errorf("%v, and %d outside", bins, outside)
	}
}

func TestMultiSampleBound(t *testing.T) {
	inf := math.Inf(1)
	near(t, "LogMeanExp of one", LogMeanExp([]float64{-3}), -3, 0)
	if a, b := LogMeanExp([]float64{-inf, -inf}), LogMeanExp([]float64{inf, 0}); a != -inf || b != inf {
		t.Errorf("LogMeanExp of infinities is %v and %v", a, b)
	}
	if a := LogMeanExp([]float64{0, math.NaN()}); !math.IsNaN(a) {
		t.Errorf("LogMeanExp of NaN is %v", a)
	}
	near(t, "LogMeanExp with a weight of 0", LogMeanExp([]float64{-inf, 0}), -math.Ln2, 1e-15)
	near(t, "LogMeanExp", LogMeanExp([]float64{1000, 1000 + math.Log(3)}), 1000+math.Log(2), 1e-12)
	near(t, "bound", MultiSampleBound([]float64{math.Log(1), math.Log(3), -5, -5}, 2), (math.Log(2)-5)/2, 1e-12)
	if one, two := MultiSampleBound([]float64{-1, -3}, 1), MultiSampleBound([]float64{-1, -3}, 2); !(two > one) {
		t.Errorf("two draws bound at %v, one at %v: more draws must bound no lower", two, one)
	}
}

func TestModes(t *testing.T) {
	// Of 240: 235 of mode 0, three of mode 1, which are its twentieth, one of mode
	// 2, which is not, and one just outside mode 3.
	s := []float32{1, .029, 1, 0, 1, -.029, 0, 1, 1, 1.031}
	for range 235 {
		s = append(s, 0, .02)
	}
	covered, quality := Modes(s, []float32{0, 0, 1, 0, 0, 1, 1, 1}, .01)
	if covered != 2 {
		t.Errorf("%d modes covered, want 2", covered)
	}
	near(t, "quality", quality, 239./240, 1e-12)
	// Where modes overlap, a sample is of the nearest; a broken one is of none.
	nan := float32(math.NaN())
	if covered, quality := Modes([]float32{.9, 0, nan, 0}, []float32{0, 0, 1, 0}, 1); covered != 1 || quality != .5 {
		t.Errorf("%d modes of quality %v, want 1 of .5", covered, quality)
	}
}

func TestW1(t *testing.T) {
	r := random.New(1, "test")
	var solver Assignment
	for _, dim := range []int{1, 2, 3} {
		for n := 1; n <= 8; n++ {
			for round := range 12 {
				a, b := make([]float32, dim*n), make([]float32, dim*n)
				r.Normal(a)
				r.Normal(b)
				if round%3 == 0 { // many equal distances
					for i := range a {
						a[i], b[i] = float32(math.Round(float64(a[i]))), float32(math.Round(float64(b[i])))
					}
				}
				want := brute(a, b, dim)
				near(t, "W1", W1(a, b, dim), want, 1e-12)
				near(t, "W1 in the same memory", solver.W1(a, b, dim), want, 1e-12)
			}
		}
	}
}

// The distance of points that all share a place, or two places, is that of the places,
// even after other use of the memory.
func TestW1OfOnePlace(t *testing.T) {
	const n = 40
	var s Assignment
	for _, far := range []float32{0, 1e-30, 3, 1e30} {
		a, b := make([]float32, 2*n), make([]float32, 2*n)
		for i := range n {
			b[2*i] = far
		}
		if got := s.W1(a, b, 2); !(math.Abs(got-float64(far)) <= 1e-12*float64(far)) {
			t.Errorf("it is %v, want %v", got, far)
		}
		b[0], a[2*n-1] = -far, far // one of each elsewhere
		want := float64(far) * (n - 1 + math.Sqrt2) / n
		if got := s.W1(a, b, 2); !(math.Abs(got-want) <= 1e-12*float64(far)) {
			t.Errorf("with two elsewhere it is %v, want %v", got, want)
		}
	}
}

// On a line the shortest assignment pairs the points in their order.
func TestW1OnALine(t *testing.T) {
	const n = 300
	a, b, r := make([]float32, n), make([]float32, n), random.New(2, "test")
	r.Normal(a)
	r.Uniform(b)
	got := W1(a, b, 1)
	slices.Sort(a)
	slices.Sort(b)
	want := 0.
	for i := range a {
		want += math.Abs(float64(a[i])-float64(b[i])) / n
	}
	near(t, "W1 on a line", got, want, 1e-12)
}

func TestW1Laws(t *testing.T) {
	const n = 200
	a, b, r := make([]float32, 2*n), make([]float32, 2*n), random.New(1, "test")
	r.Normal(a)
	for i := range b {
		b[i] = a[i] + []float32{3, -4}[i%2]
	}
	near(t, "W1 of a translation by (3, -4)", W1(a, b, 2), 5, 1e-6)
	near(t, "W1 of a set and itself", W1(a, a, 2), 0, 0)
	r.Normal(b)
	c := make([]float32, 2*n)
	r.Normal(c)
	ab := W1(a, b, 2)
	near(t, "W1 the other way", W1(b, a, 2), ab, 1e-12)
	if ac, bc := W1(a, c, 2), W1(b, c, 2); ac > ab+bc {
		t.Errorf("W1 is %v, by way of another set %v", ac, ab+bc)
	}
	change := func(v []float32, f func(x, y float32) (float32, float32)) []float32 {
		w := slices.Clone(v)
		for i := 0; i < len(w); i += 2 {
			w[i], w[i+1] = f(w[i], w[i+1])
		}
		return w
	}
	double := func(x, y float32) (float32, float32) { return 2 * x, 2 * y }
	near(t, "W1 of doubles", W1(change(a, double), change(b, double), 2), 2*ab, 1e-12)
	turn := func(x, y float32) (float32, float32) { return -y, x }
	near(t, "W1 after a turn", W1(change(a, turn), change(b, turn), 2), ab, 1e-12)
	for i, j := range r.Perm(n) {
		c[2*i], c[2*i+1] = b[2*j], b[2*j+1]
	}
	near(t, "W1 in another order", W1(a, c, 2), ab, 1e-12)
}

func TestW1OfBadSets(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		v := float32(bad)
		if d := W1([]float32{v, 0, 1, 2}, []float32{0, v, 1, 1}, 2); !math.IsNaN(d) {
			t.Errorf("W1 of sets with a coordinate %v is %v", bad, d)
		}
	}
	far := float32(math.MaxFloat32)
	near(t, "W1 of the farthest points, in their distance", W1([]float32{far, 0}, []float32{-far, 0}, 2)/(2*float64(far)), 1, 1e-12)
	for what, f := range map[string]func(){
		"W1 of two sizes":         func() { W1(make([]float32, 4), make([]float32, 6), 2) },
		"W1 of nothing":           func() { W1(nil, nil, 2) },
		"W1 of half points":       func() { W1(make([]float32, 3), make([]float32, 3), 2) },
		"W1 in no dimension":      func() { W1(make([]float32, 3), make([]float32, 3), 0) },
		"JSD of two sizes":        func() { JSD(make([]float64, 3), make([]float64, 2)) },
		"a bound on broken group": func() { MultiSampleBound(make([]float64, 3), 2) },
		"a bound on nothing":      func() { MultiSampleBound(nil, 2) },
		"a score of half rows":    func() { InceptionScore(make([]float32, 3), 2) },
		"quantiles of nothing":    func() { Quantiles(make([]float64, 1), nil, []float64{.5}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s does not panic", what)
				}
			}()
			f()
		}()
	}
}

func TestAssignmentAllocatesNothing(t *testing.T) {
	a, b, r := make([]float32, 200), make([]float32, 200), random.New(1, "test")
	r.Normal(a)
	r.Normal(b)
	var s Assignment
	s.W1(a, b, 2)
	if n := testing.AllocsPerRun(5, func() { s.W1(a, b, 2); s.W1(a[:100], b[:100], 2) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// brute tries every assignment.
func brute(a, b []float32, dim int) float64 {
	n, best := len(a)/dim, math.Inf(1)
	var try func(i int, used uint, sum float64)
	try = func(i int, used uint, sum float64) {
		if i == n {
			best = min(best, sum/float64(n))
			return
		}
		for j := range n {
			if used&(1<<j) == 0 {
				square := 0.
				for k := range dim {
					square += math.Pow(float64(a[i*dim+k])-float64(b[j*dim+k]), 2)
				}
				try(i+1, used|1<<j, sum+math.Sqrt(square))
			}
		}
	}
	try(0, 0, 0)
	return best
}

// Real data against real data plus N(0, 1) is known from 3,000 points: .83, .58
// and .62. A thousand points read up to .05 higher.
func TestW1OfToyData(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	const n = 1000
	for name, want := range map[string]float64{"8gaussians": .83, "25gaussians": .59, "swissroll": .625} {
		d, err := data.Toy(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := random.New(1, name)
		real, fake, noise := make([]float32, 2*n), make([]float32, 2*n), make([]float32, 2*n)
		d.Sample(real, r)
		d.Sample(fake, r)
		r.Normal(noise)
		for i := range fake {
			fake[i] += noise[i]
		}
		got := W1(real, fake, 2)
		t.Logf("%s: %.4f", name, got)
		if got < want-.06 || got > want+.1 {
			t.Errorf("%s is %.3f from itself with noise, want about %.3f", name, got, want)
		}
	}
}

func BenchmarkW1(b *testing.B) {
	for _, n := range []int{512, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x, y, r := make([]float32, 2*n), make([]float32, 2*n), random.New(1, "test")
			r.Normal(x)
			r.Normal(y)
			var s Assignment
			for b.Loop() {
				s.W1(x, y, 2)
			}
		})
	}
}

// The coupling's pairs are as far apart as W1 says, and every point has one partner.
func TestPairs(t *testing.T) {
	a, b := make([]float32, 60), make([]float32, 60)
	r := random.New(5, "pairs")
	r.Normal(a)
	r.Normal(b)
	var s Assignment
	w, taken, far := s.W1(a, b, 2), map[int]bool{}, 0.
	for i, j := range s.Pairs() {
		taken[j] = true
		far += math.Hypot(float64(a[2*i])-float64(b[2*j]), float64(a[2*i+1])-float64(b[2*j+1])) / 30
	}
	if len(taken) != 30 || math.Abs(far-w) > 1e-12 {
		t.Errorf("%d partners, %v apart, want 30 and %v", len(taken), far, w)
	}
}

// The score over splits is the mean of the scores of consecutive parts, and their
// standard deviation, that of the parts themselves.
func TestInceptionScores(t *testing.T) {
	sure, unsure := []float32{1, 0, 0, 1}, []float32{.5, .5, .5, .5} // scores 2 and 1
	if mean, std := InceptionScores(slices.Concat(sure, unsure), 2, 2); math.Abs(mean-1.5) > 1e-9 || math.Abs(std-.5) > 1e-9 {
		t.Errorf("%v ± %v, want 1.5 ± .5", mean, std)
	}
	if mean, std := InceptionScores(sure, 2, 1); math.Abs(mean-2) > 1e-9 || !math.IsNaN(std) {
		t.Errorf("%v ± %v, want 2 ± NaN", mean, std)
	}
	// Of 5 samples in 2 splits the first two and the last three belong together.
	odd := slices.Concat(sure, unsure, []float32{.5, .5})
	if mean, _ := InceptionScores(odd, 2, 2); math.Abs(mean-1.5) > 1e-9 {
		t.Errorf("odd parts: %v, want 1.5", mean)
	}
}

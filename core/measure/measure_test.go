package measure

import (
	"math"
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

func TestQuantiles(t *testing.T) {
	var q [4]float64
	Quantiles(q[:], []float32{4, 1, 3, 2, 5}, []float64{0, .5, .875, 1})
	for i, want := range []float64{1, 3, 4.5, 5} {
		near(t, "quantile", q[i], want, 1e-12)
	}
	near(t, "mean", Mean([]float32{1, 2, 6}), 3, 0)
}

func TestMultiSampleBound(t *testing.T) {
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
}

func TestW1(t *testing.T) {
	r := random.New(1, "test")
	for n := 1; n <= 7; n++ {
		for range 20 {
			a, b := make([]float32, 2*n), make([]float32, 2*n)
			r.Normal(a)
			r.Normal(b)
			near(t, "W1", W1(a, b, 2), brute(a, b, n), 1e-9)
		}
	}
	a, b := make([]float32, 2*200), make([]float32, 2*200)
	r.Normal(a)
	for i := range b {
		b[i] = a[i] + []float32{3, -4}[i%2]
	}
	near(t, "W1 of a translation by (3, -4)", W1(a, b, 2), 5, 1e-5)
	near(t, "W1 of a set and itself", W1(a, a, 2), 0, 0)
}

// brute tries every assignment.
func brute(a, b []float32, n int) float64 {
	best := math.Inf(1)
	var try func(i int, used uint, sum float64)
	try = func(i int, used uint, sum float64) {
		if i == n {
			best = min(best, sum/float64(n))
			return
		}
		for j := range n {
			if used&(1<<j) == 0 {
				try(i+1, used|1<<j, sum+math.Hypot(float64(a[2*i]-b[2*j]), float64(a[2*i+1]-b[2*j+1])))
			}
		}
	}
	try(0, 0, 0)
	return best
}

// Real data against real data plus N(0, 1) is known from 3,000 points: .83, .58
// and .62. A thousand points read up to .05 higher.
func TestW1OfToyData(t *testing.T) {
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
	r := random.New(1, "test")
	x, y := make([]float32, 1024), make([]float32, 1024)
	r.Normal(x)
	r.Normal(y)
	for b.Loop() {
		W1(x, y, 2)
	}
}

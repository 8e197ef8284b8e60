//go:build !js

package score

import (
	"math"
	"testing"

	"ganbel/core/data"
	"ganbel/core/random"
)

// The distance of normals whose moments are known is what the formula gives.
func TestFrechetDistance(t *testing.T) {
	// Points at ±√(n-1)/√2·σ on an axis each have the covariance diag(σ²) exactly.
	cross := func(mean []float64, sigma ...float64) (rows []float32) {
		d := len(sigma)
		for j, s := range sigma {
			for _, sign := range []float64{-1, 1} {
				for k := range d {
					x := mean[k]
					if k == j {
						x += sign * s * math.Sqrt(float64(2*d-1)/2)
					}
					rows = append(rows, float32(x))
				}
			}
		}
		return rows
	}
	a, b := cross([]float64{0, 0, 0}, 1, 2, 3), cross([]float64{1, -1, .5}, 2, 2, .5)
	// |μ|² = 2.25, and on commuting axes (σ₁-σ₂)²: 1 + 0 + 6.25
	for _, c := range []struct {
		what string
		a, b []float32
		want float64
	}{{"diagonal", a, b, 9.5}, {"turned about", b, a, 9.5}, {"itself", a, a, 0}} {
		if got := FrechetDistance(c.a, c.b, 3); math.Abs(got-c.want) > 1e-5 {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
	// x becomes x + y: Σ = [[2 1] [1 1]] against the unit: tr(Σ + 1 - 2Σ^½) = 5 - 2√5,
	// since the trace of the root of a 2 by 2 matrix is √(tr Σ + 2√det Σ).
	e := cross([]float64{0, 0}, 1, 1)
	var sheared []float32
	for i := 0; i < len(e); i += 2 {
		sheared = append(sheared, e[i]+e[i+1], e[i+1])
	}
	if got, want := FrechetDistance(e, sheared, 2), 5-2*math.Sqrt(5); math.Abs(got-want) > 1e-5 {
		t.Errorf("sheared: %v, want %v", got, want)
	}
}

// hashed are rows made by a rule, so that SciPy can have the same.
func hashed(name string, n, d int) (rows []float32) {
	for i := range n * d {
		x := float32(hash(name, i)>>8)/(1<<23) - 1
		rows = append(rows, x*x*x+float32(i%d)/10*x)
	}
	return rows
}

// SciPy gives the same by the root of the product of covariances, for many rows and
// for fewer than features, where it must help itself.
func TestFrechetDistanceSciPy(t *testing.T) {
	for _, c := range []struct {
		n, m, d int
		want    float64
	}{
		{200, 300, 8, 0.0479196376},
		{40, 50, 16, 1.94472472},
		{10, 12, 16, 11.1180282},
	} {
		if got := FrechetDistance(hashed("a", c.n, c.d), hashed("b", c.m, c.d), c.d); math.Abs(got-c.want) > 1e-5*c.want {
			t.Errorf("%d and %d rows of %d: %.9g, SciPy has %.9g", c.n, c.m, c.d, got, c.want)
		}
	}
}

// Rows in another order, and in blocks, have the same distance.
func TestFrechetDistanceBlocks(t *testing.T) {
	const d, n = 3, 100 // nine blocks
	v := make([]float32, 2*n*d)
	random.New(1, "rows").Normal(v)
	a, b := v[:n*d], v[n*d:]
	var turned []float32
	for i := n - 1; i >= 0; i-- {
		turned = append(turned, a[i*d:(i+1)*d]...)
	}
	one, other := FrechetDistance(a, b, d), FrechetDistance(turned, b, d)
	if math.Abs(one-other) > 1e-9 || !(one > 0) {
		t.Errorf("%v, in another order %v", one, other)
	}
}

// Features that have no distance are NaN: whatever is not finite, wherever it stands,
// and fewer rows than a covariance needs. Those that have one are finite, whatever
// their size or number.
func TestFrechetDistanceOfBadFeatures(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, s := range [][2]int{{2, 1}, {3, 2}, {4, 3}, {10, 4}, {3, 8}, {10, 32}, {100, 3}} {
		n, d := s[0], s[1]
		rows := func(f func(i int) float32) []float32 {
			v := make([]float32, n*d)
			for i := range v {
				v[i] = f(i)
			}
			return v
		}
		good := rows(func(i int) float32 { return float32(i % 5) })
		both := func(a []float32) [2]float64 {
			return [2]float64{FrechetDistance(a, good, d), FrechetDistance(good, a, d)}
		}
		for _, bad := range []float32{nan, inf, -inf} {
			for _, at := range []int{0, n * d / 2, n*d - 1, -1} {
				got := both(rows(func(i int) float32 {
					if at < 0 || i == at {
						return bad
					}
					return float32(i % 7)
				}))
				if !math.IsNaN(got[0]) || !math.IsNaN(got[1]) {
					t.Errorf("%d rows of %d with %v at %d: %v", n, d, bad, at, got)
				}
			}
		}
		for what, f := range map[string]func(i int) float32{
			"constant": func(int) float32 { return 2 }, "zero": func(int) float32 { return 0 }, "huge": func(int) float32 { return 3e38 },
			"huge both ways": func(i int) float32 { return []float32{3e38, -3e38, 1}[i%3] }, "tiny": func(i int) float32 { return float32(i%3) * 1e-45 },
		} {
			got := both(rows(f))
			for _, x := range got {
				if !(x >= 0) || math.IsInf(x, 0) {
					t.Errorf("%d rows of %d, %s: %v", n, d, what, got)
				}
			}
			if math.Abs(got[0]-got[1]) > 1e-9*(1+got[0]) {
				t.Errorf("%d rows of %d, %s: %v, the other way %v", n, d, what, got[0], got[1])
			}
		}
		for _, few := range []int{0, 1} {
			if got := both(good[:few*d]); !math.IsNaN(got[0]) || !math.IsNaN(got[1]) {
				t.Errorf("%d rows: %v", few, got)
			}
		}
	}
	for what, f := range map[string]func(){
		"half a row":    func() { FrechetDistance(make([]float32, 5), make([]float32, 4), 2) },
		"no dimensions": func() { FrechetDistance(make([]float32, 4), make([]float32, 4), 0) },
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

// certain says the same chances of every image.
type certain struct {
	Classifier
	p []float32
}

func (c certain) Classes() int { return len(c.p) }
func (c certain) Classify(m *data.Images) (p, features []float32) {
	for range m.Count() {
		p = append(p, c.p...)
	}
	return p, nil
}

// A classifier whose rows are not distributions has no score, rather than a score of 0.
func TestAccuracyOfNaN(t *testing.T) {
	m := &data.Images{Rows: 1, Cols: 1, Channels: 1, Pixels: []uint8{1, 2}, Labels: []uint8{1, 0}}
	if a := Accuracy(certain{p: []float32{.25, .75}}, m); a != .5 {
		t.Errorf("half are right: %v", a)
	}
	nan := float32(math.NaN())
	for _, p := range [][]float32{{nan, nan}, {nan, 1}, {2, -1}, {0, 0}} {
		if a := Accuracy(certain{p: p}, m); !math.IsNaN(a) {
			t.Errorf("%v: the accuracy is %v", p, a)
		}
		if s, d := Of(certain{p: p}, m, 1); !math.IsNaN(s) || !math.IsNaN(d) {
			t.Errorf("%v: the score is %v ± %v", p, s, d)
		}
	}
	if a := Accuracy(certain{p: []float32{.25, .75}}, &data.Images{Rows: 1, Cols: 1, Channels: 1}); !math.IsNaN(a) {
		t.Errorf("of no images the accuracy is %v", a)
	}
}

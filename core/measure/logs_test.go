package measure

import (
	"math"
	"slices"
	"testing"
)

var inf, nan = math.Inf(1), math.NaN()

// same reports whether two numbers are equal, or both NaN, or nearly equal.
func same(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-13*math.Abs(b)
}

// Logarithms of any size have the mean that shifting them gives, in any order.
func TestLogMean(t *testing.T) {
	base := []float64{0, -1, -3.5, .25, -30}
	at := LogMeanExp(base)
	for _, shift := range []float64{0, -709.78, -745.2, -800, 800, 1e6, -1e6, 1e300, -1e300} {
		v := slices.Clone(base)
		for i := range v {
			v[i] += shift
		}
		want := shift + at
		if math.Abs(shift) > 1e15 {
			want = shift
		}
		if got := LogMeanExp(v); math.Abs(got-want) > 1e-9*max(1, math.Abs(shift)*1e-6) {
			t.Errorf("shifted by %v: %v, want %v", shift, got, want)
		}
		slices.Sort(v)
		up := LogMeanExp(v)
		slices.Reverse(v)
		if down := LogMeanExp(v); math.Abs(up-down) > 1e-9*max(1, math.Abs(shift)*1e-6) {
			t.Errorf("shifted by %v: %v upwards, %v downwards", shift, up, down)
		}
	}
	if got, want := LogMeanExp([]float64{-800, -801}), -800+math.Log((1+math.Exp(-1))/2); got != want {
		t.Errorf("LogMeanExp(-800, -801) is %v, want %v", got, want)
	}
	for _, c := range []struct {
		v    []float64
		want float64
	}{
		{[]float64{-inf}, -inf}, {[]float64{-inf, -inf}, -inf}, {[]float64{-inf, 0}, -math.Ln2}, {[]float64{0, -inf}, -math.Ln2},
		{[]float64{-800, -inf}, -800 - math.Ln2}, {[]float64{-inf, -800}, -800 - math.Ln2}, {[]float64{inf, -inf, 3}, inf}, {[]float64{inf, inf}, inf},
		{[]float64{nan}, nan}, {[]float64{nan, inf}, nan}, {[]float64{inf, nan}, nan}, {[]float64{-inf, nan}, nan}, {[]float64{3, nan, 4}, nan},
	} {
		if got := LogMeanExp(c.v); !same(got, c.want) {
			t.Errorf("LogMeanExp of %v is %v, want %v", c.v, got, c.want)
		}
	}
	var none LogMean
	if !math.IsNaN(none.Value()) || !math.IsNaN(none.Mean()) {
		t.Errorf("of nothing it is %v and %v", none.Value(), none.Mean())
	}
}

func TestXLogY(t *testing.T) {
	for _, c := range []struct{ x, y, want float64 }{
		{0, 0, 0}, {0, 5, 0}, {0, inf, 0}, {2, 0, -inf}, {2, math.E, 2}, {1, inf, inf}, {nan, 1, nan}, {1, nan, nan}, {1, -1, nan},
	} {
		if got := XLogY(c.x, c.y); !same(got, c.want) {
			t.Errorf("%v·log %v is %v, want %v", c.x, c.y, got, c.want)
		}
	}
	if h := Entropy([]float32{.5, 0, .5}); h != math.Ln2 {
		t.Errorf("the entropy of two of three is %v", h)
	}
	if h := Entropy([]float64{.5, nan}); !math.IsNaN(h) {
		t.Errorf("the entropy with NaN is %v", h)
	}
}

// Rows that are not distributions have no score and no divergence.
func TestNoDistribution(t *testing.T) {
	n32, i32 := float32(nan), float32(inf)
	for what, p := range map[string][]float32{
		"all NaN": {n32, n32, n32, n32}, "one NaN": {.5, .5, n32, .5}, "negative": {1.5, -.5, .5, .5}, "infinite": {i32, 0, .5, .5}, "minus infinite": {-i32, 1, .5, .5},
		"too much": {.5, .6, .5, .5}, "too little": {.5, .4, .5, .5}, "nothing at all": {0, 0, .5, .5}, "empty": {}, "none": nil, "huge": {3e38, 3e38, .5, .5},
	} {
		if s := InceptionScore(p, 2); !math.IsNaN(s) {
			t.Errorf("%s: the score is %v", what, s)
		}
		if len(p) > 0 {
			if s, d := InceptionScores(p, 2, 2); !math.IsNaN(s) || !math.IsNaN(d) {
				t.Errorf("%s: the scores are %v ± %v", what, s, d)
			}
			var row []float64
			for _, x := range p[:2] {
				row = append(row, float64(x))
			}
			if !distribution(row) {
				if d, e := JSD(row, []float64{.5, .5}), JSD([]float64{.5, .5}, row); !math.IsNaN(d) || !math.IsNaN(e) {
					t.Errorf("%s: the divergence is %v and %v", what, d, e)
				}
			}
		}
	}
	if s, d := InceptionScores(nil, 2, 1); !math.IsNaN(s) || !math.IsNaN(d) {
		t.Errorf("of nothing the scores are %v ± %v", s, d)
	}
	if d := JSD(nil, nil); !math.IsNaN(d) {
		t.Errorf("the divergence over nothing is %v", d)
	}
	if d := JSD([]float64{5e-324, 1}, []float64{0, 1}); !(d >= 0 && d < 1e-300) {
		t.Errorf("the divergence of nearly equals is %v", d)
	}
	// A thousand classes in float32 add up to 1 within their rounding.
	const k = 1008
	p := make([]float32, 2*k)
	for i := range p {
		p[i] = 1. / k
	}
	if s := InceptionScore(p, k); math.Abs(s-1) > 1e-6 {
		t.Errorf("the score of a thousand equal classes is %v", s)
	}
}

func TestMeanError(t *testing.T) {
	// (1.2, .9, 1.5, 1.1): mean 1.175, deviation .25, error .125
	if m, e := MeanError([]float64{1.2, .9, 1.5, 1.1}); math.Abs(m-1.175) > 1e-15 || math.Abs(e-.125) > 1e-15 {
		t.Errorf("%v ± %v", m, e)
	}
	if m, e := MeanError([]float64{3}); m != 3 || !math.IsNaN(e) {
		t.Errorf("one reading: %v ± %v, want 3 ± NaN", m, e)
	}
	for _, bad := range [][]float64{nil, {1, nan}, {inf, 1}, {inf, -inf}} {
		if m, e := MeanError(bad); !math.IsNaN(m) || !math.IsNaN(e) {
			t.Errorf("%v: %v ± %v", bad, m, e)
		}
	}
	// A large mean takes no digits off the error.
	if _, e := MeanError([]float64{1e9, 1e9 + 1, 1e9 + 2}); math.Abs(e-1/math.Sqrt(3)) > 1e-9 {
		t.Errorf("the error around 1e9 is %v", e)
	}
}

// Data that are not finite are in no bin and near no mode; a program that is wrong panics.
func TestBadData(t *testing.T) {
	bins := []int{1, 2}
	for _, c := range [][2]float64{{nan, 1}, {0, inf}, {1, 1}, {2, 1}} {
		if out := Histogram(bins, []float32{0, 1, 2}, c[0], c[1]); out != 3 || bins[0]+bins[1] != 0 {
			t.Errorf("from %v to %v: %v, and %d outside", c[0], c[1], bins, out)
		}
	}
	if n, q := Modes(nil, []float32{0, 0}, 1); n != 0 || !math.IsNaN(q) {
		t.Errorf("no samples cover %d modes, quality %v", n, q)
	}
	if n, q := Modes([]float32{float32(nan), 0, float32(inf), 0, 0, float32(-inf)}, []float32{0, 0}, 1); n != 0 || q != 0 {
		t.Errorf("broken samples cover %d modes, quality %v", n, q)
	}
	if m := Mean(nil); !math.IsNaN(m) {
		t.Errorf("the mean of nothing is %v", m)
	}
	empty, some := NewNGrams(2), NewNGrams(2)
	some.Add([]uint16{1, 2}, 2)
	if d := some.JSD(empty); !math.IsNaN(d) {
		t.Errorf("the divergence from nothing is %v", d)
	}
	for _, x := range []float64{nan, math.Inf(1)} {
		if covered, quality := Modes([]float32{1, 2}, []float32{1, 2, 0, float32(x)}, 1); covered != 1 || quality != 1 {
			t.Errorf("next to a centre at %v %d modes are covered, with quality %v", x, covered, quality)
		}
	}
	for what, f := range map[string]func(){
		"LogMeanExp of nothing": func() { LogMeanExp(nil) },
		//lint:ignore SA5012 it is wrong on purpose
		"half a sample": func() { Modes(make([]float32, 3), []float32{0, 0}, 1) },
		//lint:ignore SA5012 it is wrong on purpose
		"half a centre":          func() { Modes([]float32{1, 2}, make([]float32, 1), 1) },
		"no centre":              func() { Modes([]float32{1, 2}, nil, 1) },
		"sigma 0":                func() { Modes([]float32{1, 2}, []float32{0, 0}, 0) },
		"sigma NaN":              func() { Modes([]float32{1, 2}, []float32{0, 0}, nan) },
		"a histogram of no bins": func() { Histogram(nil, []float32{1}, 0, 1) },
		"quantile 2":             func() { Quantiles(make([]float64, 1), []float32{1}, []float64{2}) },
		"quantile NaN":           func() { Quantiles(make([]float64, 1), []float32{1}, []float64{nan}) },
		"a short destination":    func() { Quantiles(nil, []float32{1}, []float64{.5}) },
		"no classes":             func() { InceptionScore(nil, 0) },
		"too many splits":        func() { InceptionScores([]float32{1, 0}, 2, 2) },
		"no splits":              func() { InceptionScores([]float32{1, 0}, 2, 0) },
		"half a sequence":        func() { some.Add([]uint16{1, 2, 3}, 2) },
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

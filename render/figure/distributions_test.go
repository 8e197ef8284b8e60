package figure

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// distributions is a frame of two temperatures besides the categorical, whose
// densities are high where class 3 is likely, and where class 1 is.
func distributions(k int) lab.Frame {
	const side = 8
	fill := func(n int, at func(i int) float32) (v []float32) {
		for i := range n {
			v = append(v, at(i))
		}
		return v
	}
	even := fill(3*k, func(int) float32 { return 1 / float32(k) })
	f := lab.Frame{Experiment: "gumbel-distributions", Step: 5, Tensors: map[string]data.Tensor{
		"temperatures": {Shape: []int{3}, Data: []float32{0, .25, 10}}, "chances": {Shape: []int{k}, Data: even[:k]},
		"expectations": {Shape: []int{3, k}, Data: even},
		"samples":      {Shape: []int{3, 1, k}, Data: fill(3*k, func(i int) float32 { return float32(max(0, 1-i%k)) })}, // all of class 1
	}}
	if k == 3 {
		f.Tensors["log-density"] = data.Tensor{Shape: []int{2, side, side}, Data: fill(2*side*side, func(i int) float32 {
			high := i/side%side >= side/2 // y₃ > ½
			if i >= side*side {
				high = i/side%side < side/2 && i%side < side/2
			}
			if high {
				return 9
			}
			return -9
		})}
	}
	return f
}

// Figure 1 names its temperatures and classes and is drawn of any number of classes;
// the densities are of three. Before the first step there are no expectations.
func TestDistributions(t *testing.T) {
	names := func(f lab.Frame) (all []string) {
		for _, p := range pictures(f) {
			all = append(all, p.name)
			b, err := p.svg()
			if err != nil || len(b) > 300_000 {
				t.Errorf("%s.svg has %d bytes, %v", p.name, len(b), err)
			}
			for _, want := range map[string][]string{"distributions": {">categorical<", ">τ = 0.25<", ">τ = 10<", ">chances π<", ">2<"}, "densities": {">τ = 0.25<", ">p(y)<", ">3<"}}[p.name] {
				if !strings.Contains(string(b), want) {
					t.Errorf("no %s in %s", want, p.name)
				}
			}
		}
		return all
	}
	if got := names(distributions(3)); !slices.Equal(got, []string{"distributions", "densities"}) {
		t.Errorf("drew %v of three classes", got)
	}
	if got := names(distributions(7)); !slices.Equal(got, []string{"distributions"}) {
		t.Errorf("drew %v of seven classes", got)
	}
	f := distributions(3)
	delete(f.Tensors, "expectations")
	if got := names(f); !slices.Equal(got, []string{"densities"}) {
		t.Errorf("drew %v before the first step", got)
	}
}

// The bars of the samples are of class 1, the leftmost of every column, and twice as
// high as those of an expectation of a half.
func TestBars(t *testing.T) {
	f := distributions(2)
	f.Tensors["chances"] = data.Tensor{Shape: []int{2}, Data: []float32{.9, .1}}
	m := drawn(t, pictures(f), "distributions")
	columns := func(c color.NRGBA) (first, last, high int) {
		count := map[int]int{}
		where(m, func(p color.NRGBA) bool { return p == c }, func(x, y int) {
			if y > 240 { // below the key
				count[x]++
			}
		})
		first = 1200
		for x, n := range count {
			first, last, high = min(first, x), max(last, x), max(high, n)
		}
		return first, last, high
	}
	from, to, sample := columns(orange)
	left, right, mean := columns(blue)
	if from-left > 2 || from-left < -2 || right-to < 100 || math.Abs(float64(sample)/float64(mean)-2) > .1 {
		t.Errorf("samples from %d to %d, %d high; expectations from %d to %d, %d high", from, to, sample, left, right, mean)
	}
	for want, v := range map[float64][]float32{1: {.2, .51}, .5: {.26, .1}, .25: {.25}} {
		if got := above(v); got != want {
			t.Errorf("bars of %v reach up to %v, want %v", v, got, want)
		}
	}
}

// The first temperature's density is high in the upper half of its triangle, near
// class 3; the second's below and left, near class 1.
func TestDensities(t *testing.T) {
	m := drawn(t, pictures(distributions(3)), "densities")
	var x, y, n [2]float64
	where(m, func(p color.NRGBA) bool { return p == blue }, func(px, py int) {
		if py > 90 && px < 1000 { // below the title, left of the bar
			i := px / 500
			x[i], y[i], n[i] = x[i]+float64(px), y[i]+float64(py), n[i]+1
		}
	})
	// Both triangles are 456 pixels wide and stand on y = 505, with class 1 at x = 24 and 526.
	if x, y := x[0]/n[0], y[0]/n[0]; math.Abs(x-24-228) > 8 || y > 505-198 {
		t.Errorf("the middle of the first is at (%.0f, %.0f)", x, y)
	}
	if x, y := x[1]/n[1], y[1]/n[1]; x > 526+228 || y < 505-198 {
		t.Errorf("the middle of the second is at (%.0f, %.0f)", x, y)
	}
}

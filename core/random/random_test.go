package random

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// The known answers of the generator's authors.
func TestPhilox(t *testing.T) {
	for _, c := range []struct {
		c    [4]uint32
		k    [2]uint32
		want [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0}, [4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := philox(c.c, c.k); got != c.want {
			t.Errorf("philox(%x, %x) = %x, want %x", c.c, c.k, got, c.want)
		}
	}
}

// A saved run goes on only where a seed means the same for ever, on every machine.
func TestForEver(t *testing.T) {
	s := New(1, "init")
	if got, want := s.next(), [4]uint32{0x22177db9, 0x8fb71ea, 0x29982c6f, 0xf13aee08}; got != want {
		t.Errorf("the first block is %#x, want %#x", got, want)
	}
	if got, want := s.Intn(1_000_000), 296782; got != want {
		t.Errorf("Intn is %d, want %d", got, want)
	}
	if got, want := s.Perm(8), []int{0, 4, 5, 7, 2, 6, 3, 1}; !slices.Equal(got, want) {
		t.Errorf("Perm is %v, want %v", got, want)
	}
	if s.Position() != 10 {
		t.Errorf("ten calls used %d blocks", s.Position())
	}
}

func TestMoments(t *testing.T) {
	const n = 200_001
	v := make([]float32, n)
	moments := func() (mean, variance, fourth float64) {
		for _, x := range v {
			mean += float64(x) / n
		}
		for _, x := range v {
			d := float64(x) - mean
			variance += d * d / n
			fourth += d * d * d * d / n
		}
		return
	}
	s := New(7, "test")
	s.Uniform(v)
	if m, va, _ := moments(); math.Abs(m-.5) > .003 || math.Abs(va-1./12) > .001 {
		t.Errorf("uniform: mean %v, variance %v", m, va)
	}
	s.Normal(v)
	if m, va, f := moments(); math.Abs(m) > .01 || math.Abs(va-1) > .015 || math.Abs(f-3) > .1 {
		t.Errorf("normal: mean %v, variance %v, fourth moment %v", m, va, f)
	}
	s.Uniform(v)
	for i, u := range v { // Gumbel(0, 1)
		v[i] = float32(-math.Log(-math.Log(float64(u))))
	}
	if m, va, _ := moments(); math.Abs(m-.577216) > .01 || math.Abs(va-1.644934) > .03 {
		t.Errorf("Gumbel: mean %v, variance %v, want .577216 and 1.644934", m, va)
	}
}

// The ends of Uniform and Float64 are as far from 0 as from 1.
func TestEnds(t *testing.T) {
	const most = math.MaxUint32
	if lo, hi := middle(0), middle(most); lo != 0x1p-24 || hi != 1-0x1p-24 {
		t.Errorf("Uniform reaches from %v to %v", lo, hi)
	}
	if lo, hi := unit(0, 0), unit(most, most); lo != 0x1p-53 || hi != 1-0x1p-53 {
		t.Errorf("Float64 reaches from %v to %v", lo, hi)
	}
}

// Kolmogorov and Smirnov: of a thousand such tests one passes 1.95.
func TestShapes(t *testing.T) {
	const n = 100_000
	for what, c := range map[string]struct {
		fill func(*Stream, []float32)
		cdf  func(float64) float64
	}{
		"Uniform": {(*Stream).Uniform, func(x float64) float64 { return x }},
		"Normal":  {(*Stream).Normal, func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }},
		"Float64": {func(s *Stream, v []float32) {
			for i := range v {
				v[i] = float32(s.Float64())
			}
		}, func(x float64) float64 { return x }},
	} {
		v := make([]float32, n)
		c.fill(New(5, "shape"), v)
		slices.Sort(v)
		most := 0.
		for i, x := range v {
			p := c.cdf(float64(x))
			most = max(most, p-float64(i)/n, float64(i+1)/n-p)
		}
		if d := most * math.Sqrt(n); d > 1.95 {
			t.Errorf("%s: Kolmogorov and Smirnov's distance is %.2f", what, d)
		}
	}
}

// Streams of other seeds and purposes, and a stream and itself shifted, correlate
// no more than chance allows.
func TestIndependence(t *testing.T) {
	const n = 100_000
	draw := func(seed uint64, purpose string, at uint64) []float32 {
		s, v := New(seed, purpose), make([]float32, n)
		s.Seek(at)
		s.Normal(v)
		return v
	}
	v := draw(1, "noise", 0)
	for what, w := range map[string][]float32{
		"other purpose": draw(1, "data", 0), "next seed": draw(2, "noise", 0), "far seed": draw(1<<63+1, "noise", 0),
		"neighbour": append(slices.Clone(v[1:]), v[0]), "next block": draw(1, "noise", 1), "far block": draw(1, "noise", 1<<32),
	} {
		c := 0.
		for i := range v {
			c += float64(v[i]) * float64(w[i])
		}
		if c /= math.Sqrt(n); math.Abs(c) > 4 {
			t.Errorf("%s: correlation is %.1f standard deviations", what, c)
		}
	}
}

func TestKeys(t *testing.T) {
	seen := map[[2]uint32]string{}
	for seed := range uint64(2000) {
		for _, purpose := range []string{"", "init", "data", "noise", "interpolation", "gumbel", "measure", "frame"} {
			k, what := New(seed, purpose).key, fmt.Sprint(seed, purpose)
			if seen[k] != "" {
				t.Fatalf("%s and %s share a key", what, seen[k])
			}
			seen[k] = what
		}
	}
}

func TestIntn(t *testing.T) {
	const n, k = 90_000, 9
	s, counts, chi := New(4, "data"), [k]int{}, 0.
	for range n {
		counts[s.Intn(k)]++
	}
	for _, c := range counts {
		chi += float64(c-n/k) * float64(c-n/k) / (n / k)
	}
	if chi > 26.1 { // one in a thousand at 8 degrees of freedom
		t.Errorf("chi-square is %.1f of %v", chi, counts)
	}
	defer func() {
		if recover() == nil {
			t.Error("Intn(0) does not panic")
		}
	}()
	s.Intn(0)
}

func TestSeek(t *testing.T) {
	fills := map[string]func(*Stream, []float32){"Uniform": (*Stream).Uniform, "Normal": (*Stream).Normal}
	for what, fill := range fills {
		for n := range 12 {
			a, b := make([]float32, n), make([]float32, n)
			s := New(1, "noise")
			s.Intn(3)
			at := s.Position()
			fill(s, a)
			next := s.Float64()
			o := New(1, "noise")
			o.Seek(at)
			fill(o, b)
			if !slices.Equal(a, b) || o.Float64() != next || o.Position() != s.Position() {
				t.Errorf("%s of %d does not repeat after Seek", what, n)
			}
		}
	}
}

func TestPerm(t *testing.T) {
	p := New(3, "data").Perm(1000)
	q := slices.Clone(p)
	slices.Sort(q)
	for i, x := range q {
		if x != i {
			t.Fatalf("%d is missing", i)
		}
	}
	// All orders of three are equally likely.
	const n = 6000
	s, counts, chi := New(3, "data"), map[string]int{}, 0.
	for range n {
		counts[fmt.Sprint(s.Perm(3))]++
	}
	for _, c := range counts {
		chi += float64(c-n/6) * float64(c-n/6) / (n / 6)
	}
	if len(counts) != 6 || chi > 20.5 { // one in a thousand at 5 degrees of freedom
		t.Errorf("chi-square is %.1f of %v", chi, counts)
	}
}

func TestAllocatesNothing(t *testing.T) {
	s, v := New(1, "noise"), make([]float32, 101)
	if n := testing.AllocsPerRun(10, func() {
		s.Uniform(v)
		s.Normal(v)
		s.Intn(7)
		s.Float64()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkUniform(b *testing.B) { bench(b, (*Stream).Uniform) }
func BenchmarkNormal(b *testing.B)  { bench(b, (*Stream).Normal) }

func bench(b *testing.B, fill func(*Stream, []float32)) {
	s, v := New(1, "noise"), make([]float32, 4096)
	b.SetBytes(4 * int64(len(v)))
	for b.Loop() {
		fill(s, v)
	}
}

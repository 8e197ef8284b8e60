package measure

import (
	"math"
	"testing"

	"ganbel/core/random"
)

// grams counts the n-grams of lines of equal length.
func grams(n int, lines ...string) *NGrams {
	g := NewNGrams(n)
	for _, line := range lines {
		var codes []uint16
		for _, letter := range line {
			codes = append(codes, uint16(letter))
		}
		g.Add(codes, len(codes))
	}
	return g
}

// By hand: "ab", "ba" have a and b equally often, "aa", "ab" a thrice and b once. With
// p = (½, ½), q = (¾, ¼), m = (⅝, ⅜) the divergence is .048795; their 2-grams share ab
// alone, half of each, so that it is ½.
func TestNGrams(t *testing.T) {
	p, q := []string{"ab", "ba"}, []string{"aa", "ab"}
	near(t, "1-grams", grams(1, p...).JSD(grams(1, q...)), .0487949, 1e-7)
	near(t, "2-grams", grams(2, p...).JSD(grams(2, q...)), .5, 1e-15)
	near(t, "2-grams of a line beside more", grams(2, "ab").JSD(grams(2, q...)), (1*math.Log2(1/.75)+.5*math.Log2(.5/.75)+.5)/2, 1e-15)
	near(t, "equals", grams(3, "abcd").JSD(grams(3, "abcd", "abcd")), 0, 0)
	near(t, "strangers", grams(2, "abcd").JSD(grams(2, "dcba")), 1, 0)
	// No n-gram crosses the border of two lines: of ab|cd there is no bc.
	near(t, "borders", grams(2, "ab", "cd").JSD(grams(2, "bc", "bc")), 1, 0)
	if v := grams(1).JSD(grams(1, "a")); !math.IsNaN(v) {
		t.Errorf("nothing is %v from something", v)
	}
}

// The sum over the shorter list alone is JSD over all outcomes, either way round, also
// with codes of 16 bits.
func TestNGramsAll(t *testing.T) {
	r := random.New(1, "codes")
	codes := func(n, k int) []uint16 {
		v := make([]uint16, n)
		for i := range v {
			v[i] = uint16(65535 - min(r.Intn(k), r.Intn(k)))
		}
		return v
	}
	for n := 1; n <= MostNGram; n++ {
		a, b := NewNGrams(n), NewNGrams(n)
		a.Add(codes(8*50, 5), 8)
		b.Add(codes(8*900, 7), 8)
		var p, q []float64
		for key, c := range b.counts {
			p, q = append(p, float64(a.counts[key])/float64(a.total)), append(q, float64(c)/float64(b.total))
		}
		for key, c := range a.counts {
			if b.counts[key] == 0 {
				p, q = append(p, float64(c)/float64(a.total)), append(q, 0)
			}
		}
		if a.total != 50*(9-n) {
			t.Errorf("%d lines of 8 have %d %d-grams", 50, a.total, n)
		}
		near(t, "the shorter list", a.JSD(b), JSD(p, q), 1e-12)
		if a.JSD(b) != b.JSD(a) {
			t.Errorf("%d-grams: %v one way round and %v the other", n, a.JSD(b), b.JSD(a))
		}
	}
}

func BenchmarkNGrams(b *testing.B) {
	r := random.New(1, "codes")
	codes := make([]uint16, 32*10_000)
	for i := range codes {
		codes[i] = uint16(min(r.Intn(90), r.Intn(90), r.Intn(90)))
	}
	for b.Loop() {
		for n := 1; n <= MostNGram; n++ {
			NewNGrams(n).Add(codes, 32)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/line")
}

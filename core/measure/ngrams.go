package measure

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// MostNGram is the greatest n of NGrams.
const MostNGram = 4

// NGrams count the runs of n neighbours in sequences of codes.
type NGrams struct {
	n      int
	counts map[uint64]int // by the codes, 16 bits each
	total  int
}

// NewNGrams returns counts of nothing yet. It panics where n is not from 1 to MostNGram.
func NewNGrams(n int) *NGrams {
	if n < 1 || n > MostNGram {
		panic(fmt.Sprintf("measure: n-grams of n = %d, want 1 to %d", n, MostNGram))
	}
	return &NGrams{n: n, counts: map[uint64]int{}}
}

// Add counts the n-grams of sequences, each of so many codes; none crosses from one
// sequence to the next. It panics where codes are no whole number of sequences.
func (g *NGrams) Add(codes []uint16, length int) {
	if length < 1 || len(codes)%length != 0 {
		panic(fmt.Sprintf("measure: %d codes are no sequences of %d", len(codes), length))
	}
	mask := ^uint64(0) >> (64 - 16*g.n)
	for line := range slices.Chunk(codes, length) {
		key := uint64(0)
		for i, code := range line {
			key = (key<<16 | uint64(code)) & mask
			if i >= g.n-1 {
				g.counts[key]++
				g.total++
			}
		}
	}
}

// JSD returns the Jensen-Shannon divergence of two distributions of n-grams in bits, as
// JSD does: that which Gulrajani et al.'s language script prints as js1 to js4. The time
// it takes grows with the fewer of the two's different n-grams. It is NaN where one has
// counted nothing.
func (g *NGrams) JSD(h *NGrams) float64 {
	if g.n != h.n {
		panic(fmt.Sprintf("measure: JSD of %d-grams and %d-grams", g.n, h.n))
	}
	if g.total == 0 || h.total == 0 {
		return math.NaN()
	}
	if len(g.counts) > len(h.counts) {
		g, h = h, g
	}
	d, both := 0., 0
	for _, key := range slices.Sorted(maps.Keys(g.counts)) { // in one order, so that sums are always the same
		p, q := float64(g.counts[key])/float64(g.total), float64(h.counts[key])/float64(h.total)
		d += p * math.Log2(2*p/(p+q))
		if q > 0 {
			d += q * math.Log2(2*q/(p+q))
			both += h.counts[key]
		}
	}
	// The n-grams that only h has add q·log₂ 2 each.
	return min((d+float64(h.total-both)/float64(h.total))/2, 1) // but for rounding it is at most 1
}

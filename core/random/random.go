// Package random gives every purpose of a run its own stream of numbers, so that
// changing one setting does not reshuffle the others and a run can go on from
// any point.
//
// The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011): a
// function of a key and a counter, the same on every machine. Normal goes through
// package math as well, which may differ in the last bit between architectures.
package random

import (
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/bits"
)

// A Stream is a sequence of blocks of four 32-bit numbers. Its position is the
// number of blocks used; every call begins with a new one.
type Stream struct {
	key [2]uint32
	at  uint64
}

// New returns the stream of a seed and a purpose, such as "init" or "data", at
// position 0.
func New(seed uint64, purpose string) *Stream {
	h := fnv.New64a()
	io.WriteString(h, purpose)
	// SplitMix64 spreads neighbouring seeds over all keys.
	k := seed*0x9e3779b97f4a7c15 ^ h.Sum64()
	k = (k ^ k>>30) * 0xbf58476d1ce4e5b9
	k = (k ^ k>>27) * 0x94d049bb133111eb
	k ^= k >> 31
	return &Stream{key: [2]uint32{uint32(k), uint32(k >> 32)}}
}

// Position returns the number of blocks used.
func (s *Stream) Position() uint64 { return s.at }

// Seek sets the number of blocks used, which is all the state of a stream.
func (s *Stream) Seek(position uint64) { s.at = position }

// next returns the next block.
func (s *Stream) next() [4]uint32 {
	b := philox([4]uint32{uint32(s.at), uint32(s.at >> 32)}, s.key)
	s.at++
	return b
}

// philox is ten rounds of Philox4x32. Arrays would stay in memory in wasm.
func philox(c [4]uint32, k [2]uint32) [4]uint32 {
	c0, c1, c2, c3, k0, k1 := c[0], c[1], c[2], c[3], k[0], k[1]
	for range 10 {
		hi0, lo0 := bits.Mul32(0xd2511f53, c0)
		hi1, lo1 := bits.Mul32(0xcd9e8d57, c2)
		c0, c1, c2, c3 = hi1^c1^k0, lo1, hi0^c3^k1, lo0
		k0 += 0x9e3779b9
		k1 += 0xbb67ae85
	}
	return [4]uint32{c0, c1, c2, c3}
}

// Uniform fills dst with numbers uniform on (0, 1): the middles of 2²³ equal
// parts, from 2⁻²⁴ to 1-2⁻²⁴, so that neither 0 nor 1, where -log(-log u) is not
// finite, comes up.
func (s *Stream) Uniform(dst []float32) {
	for i := 0; i < len(dst); i += 4 {
		b := s.next()
		for j := range dst[i:min(i+4, len(dst))] {
			dst[i+j] = middle(b[j])
		}
	}
}

// middle returns the middle of one of 2²³ equal parts of (0, 1), which float32
// holds exactly.
func middle(b uint32) float32 { return (float32(b>>9) + .5) * 0x1p-23 }

// Normal fills dst with standard normal numbers (Box and Muller).
func (s *Stream) Normal(dst []float32) {
	for i := 0; i < len(dst); i += 2 {
		b := s.next()
		r := math.Sqrt(-2 * math.Log(unit(b[0], b[1])))
		sin, cos := math.Sincos(2 * math.Pi * unit(b[2], b[3]))
		dst[i] = float32(r * cos)
		if i+1 < len(dst) {
			dst[i+1] = float32(r * sin)
		}
	}
}

// Float64 returns one number uniform on (0, 1).
func (s *Stream) Float64() float64 {
	b := s.next()
	return unit(b[0], b[1])
}

// unit returns the middle of one of 2⁵² equal parts of (0, 1).
func unit(lo, hi uint32) float64 {
	return (float64((uint64(hi)<<32|uint64(lo))>>12) + .5) * 0x1p-52
}

// Intn returns one whole number uniform on [0, n). It panics where n < 1. No
// number is likelier than another by more than n in 2⁶⁴.
func (s *Stream) Intn(n int) int {
	if n < 1 {
		panic(fmt.Sprintf("random: Intn of %d", n))
	}
	b := s.next()
	hi, _ := bits.Mul64(uint64(b[1])<<32|uint64(b[0]), uint64(n))
	return int(hi)
}

// Perm returns the numbers from 0 to n-1 in random order (Fisher and Yates). It
// alone allocates.
func (s *Stream) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		j := s.Intn(i + 1)
		p[i], p[j] = p[j], i
	}
	return p
}

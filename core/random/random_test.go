package random

import (
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
	if m, va, _ := moments(); math.Abs(m-.5) > .003 || math.Abs(va-1./12) > .001 || slices.Min(v) <= 0 || slices.Max(v) >= 1 {
		t.Errorf("uniform: mean %v, variance %v, from %v to %v", m, va, slices.Min(v), slices.Max(v))
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

func TestSeek(t *testing.T) {
	a, b := make([]float32, 11), make([]float32, 11)
	s := New(1, "noise")
	s.Normal(a)
	at := s.Position()
	s.Normal(a)
	s.Seek(at)
	s.Normal(b)
	if !slices.Equal(a, b) {
		t.Error("the stream does not repeat after Seek")
	}
	New(1, "data").Seek(at)
	o := New(1, "data")
	o.Seek(at)
	o.Normal(b)
	if slices.Equal(a, b) {
		t.Error("two purposes share a stream")
	}
	if New(1, "noise").Float64() == New(2, "noise").Float64() {
		t.Error("two seeds share a stream")
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
	if slices.IsSorted(p) {
		t.Error("the order is not random")
	}
}

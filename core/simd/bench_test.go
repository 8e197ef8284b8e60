package simd

import (
	"fmt"
	"testing"
)

func BenchmarkGemm(b *testing.B) {
	for _, c := range []struct {
		m, n, k int
		ta, tb  bool
	}{
		{256, 256, 256, false, false}, {512, 512, 512, false, false}, {1024, 1024, 1024, false, false},
		{256, 512, 512, false, false}, {256, 512, 512, false, true}, {512, 512, 256, true, false}, // a layer of a "paper" critic
		{256, 2, 512, false, true}, {256, 1, 512, false, false}, {512, 1, 256, true, false}, {2, 512, 256, true, false}, {256, 512, 2, false, false},
		{256, 64, 64, false, false}, {128, 64, 64, false, false}, {256, 2, 64, false, true}, {256, 1, 64, false, false}, {256, 64, 2, false, false}, // of a "live" one
		{100, 784, 512, false, false}, {1, 512, 512, false, false},
	} {
		name := fmt.Sprintf("%dx%dx%d", c.m, c.n, c.k)
		if c.ta {
			name += "/transA"
		}
		if c.tb {
			name += "/transB"
		}
		b.Run(name, func(b *testing.B) {
			var s Scratch
			x, y, z := make([]float32, c.m*c.k), make([]float32, c.k*c.n), make([]float32, c.m*c.n)
			lda, ldb := c.k, c.n
			if c.ta {
				lda = c.m
			}
			if c.tb {
				ldb = c.k
			}
			for b.Loop() {
				Gemm(c.ta, c.tb, c.m, c.n, c.k, x, lda, y, ldb, z, c.n, &s)
			}
			b.ReportMetric(2*float64(c.m*c.n*c.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkLoops(b *testing.B) {
	const n = 1024
	x, y, dst := make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range x {
		x[i], y[i] = float32(i)/100+.1, 1
	}
	each := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/element")
		})
	}
	for _, c := range loops {
		each(c.name, func() { c.fast(dst, x, y) })
	}
	each("Sum", func() { dst[0] = Sum(x) })
}

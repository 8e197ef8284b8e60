package blas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	gonumblas "gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/gonum"
)

var _ gonumblas.Float32 = Implementation{}

func random(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = r.Float32() - .5
	}
	return v
}

// TestSgemm holds Sgemm to gonum's own, between the rows of c too.
func TestSgemm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	nan := float32(math.NaN())
	for _, d := range [][3]int{{0, 3, 2}, {3, 0, 2}, {3, 4, 0}, {1, 1, 1}, {5, 33, 7}, {70, 40, 300}, {40, 2, 64}, {2, 40, 64}} {
		for _, tA := range []gonumblas.Transpose{gonumblas.NoTrans, gonumblas.Trans, gonumblas.ConjTrans} {
			for _, tB := range []gonumblas.Transpose{gonumblas.NoTrans, gonumblas.Trans} {
				for _, alpha := range []float32{0, 1, -.5} {
					for _, beta := range []float32{0, 1, .25} {
						m, n, k := d[0], d[1], d[2]
						rowsA, lda, rowsB, ldb := m, k+2, k, n+1
						if tA != gonumblas.NoTrans {
							rowsA, lda = k, m+2
						}
						if tB != gonumblas.NoTrans {
							rowsB, ldb = n, k+1
						}
						ldc := n + 3
						a, b, want := random(r, rowsA*lda), random(r, rowsB*ldb), random(r, m*ldc)
						if beta == 0 && len(want) > 0 {
							want[0] = nan // must not be read
						}
						got := append([]float32{}, want...)
						gonum.Implementation{}.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, want, ldc)
						Implementation{}.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, got, ldc)
						for i := range got {
							same := math.Abs(float64(got[i]-want[i])) < 1e-5 || got[i] != got[i] && want[i] != want[i]
							if !same {
								t.Fatalf("(%d, %d, %d) %c %c alpha %g beta %g: element %d is %g, want %g", m, n, k, tA, tB, alpha, beta, i, got[i], want[i])
							}
						}
					}
				}
			}
		}
	}
}

func TestSgemmPanics(t *testing.T) {
	for name, f := range map[string]func(){
		"transpose": func() {
			Implementation{}.Sgemm('x', gonumblas.NoTrans, 1, 1, 1, 1, []float32{1}, 1, []float32{1}, 1, 0, []float32{1}, 1)
		},
		"short a": func() {
			Implementation{}.Sgemm(gonumblas.NoTrans, gonumblas.NoTrans, 2, 1, 1, 1, []float32{1}, 1, []float32{1}, 1, 0, []float32{1, 1}, 1)
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: took it", name)
				}
			}()
			f()
		}()
	}
}

// TestUse runs it below blas32, from several goroutines.
func TestUse(t *testing.T) {
	before := blas32.Implementation()
	blas32.Use(Implementation{})
	defer blas32.Use(before)
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			n := 40 + g
			one := blas32.General{Rows: n, Cols: n, Stride: n, Data: make([]float32, n*n)}
			for i := range one.Data {
				one.Data[i] = 1
			}
			c := blas32.General{Rows: n, Cols: n, Stride: n, Data: make([]float32, n*n)}
			for range 50 {
				blas32.Gemm(gonumblas.NoTrans, gonumblas.Trans, 2, one, one, 0, c)
				blas32.Gemm(gonumblas.NoTrans, gonumblas.Trans, 1, one, one, .5, c)
				for i, v := range c.Data {
					if v != float32(2*n) {
						t.Errorf("element %d is %g, want %d", i, v, 2*n)
						return
					}
				}
			}
		})
	}
	all.Wait()
}

// BenchmarkSgemm sets simd.Gemm beside gonum's own, which uses every processor.
func BenchmarkSgemm(b *testing.B) {
	for _, d := range [][3]int{{256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024}, {256, 512, 512}, {256, 2, 512}, {128, 64, 64}} {
		m, n, k := d[0], d[1], d[2]
		x, y, z := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
		for i := range x {
			x[i] = 1
		}
		for _, impl := range []struct {
			name string
			gonumblas.Float32
		}{{"ganbel", Implementation{}}, {"gonum", gonum.Implementation{}}} {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", impl.name, m, n, k), func(b *testing.B) {
				for b.Loop() {
					impl.Sgemm(gonumblas.NoTrans, gonumblas.NoTrans, m, n, k, 1, x, k, y, n, 0, z, n)
				}
				b.ReportMetric(2*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

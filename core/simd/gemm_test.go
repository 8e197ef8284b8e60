package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// A product is one call of Gemm: operands with rows longer than they need be,
// and a c in which every other element is a guard.
type product struct {
	ta, tb        bool
	m, n, k       int
	lda, ldb, ldc int
	a, b, c       []float32
}

func newProduct(r *rand.Rand, m, n, k int, ta, tb bool) *product {
	p := &product{ta: ta, tb: tb, m: m, n: n, k: k, lda: k + 3, ldb: n + 1, ldc: n + 2}
	rowsA, rowsB := m, k
	if ta {
		p.lda, rowsA = m+3, k
	}
	if tb {
		p.ldb, rowsB = k+1, n
	}
	random := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = r.Float32() - .5
		}
		return v
	}
	p.a, p.b = random(rowsA*p.lda), random(rowsB*p.ldb)
	p.c = make([]float32, m*p.ldc+lanes)
	Fill(p.c, guard)
	return p
}

// atA and atB return where element (i, l) of op(a) and (l, j) of op(b) stands.
func (p *product) atA(i, l int) int {
	if p.ta {
		i, l = l, i
	}
	return i*p.lda + l
}

func (p *product) atB(l, j int) int {
	if p.tb {
		l, j = j, l
	}
	return l*p.ldb + j
}

// run computes rows i0 to i1 and columns j0 to j1 of c into dst.
func (p *product) run(dst []float32, i0, i1, j0, j1 int, s *Scratch) {
	Gemm(p.ta, p.tb, i1-i0, j1-j0, p.k, p.a[p.atA(i0, 0):], p.lda, p.b[p.atB(0, j0):], p.ldb, dst[i0*p.ldc+j0:], p.ldc, s)
}

func (p *product) check(t *testing.T) {
	t.Helper()
	for at, got := range p.c {
		i, j := at/p.ldc, at%p.ldc
		if i >= p.m || j >= p.n {
			if got != guard {
				t.Fatalf("%v: wrote beyond row %d of c", p, i)
			}
			continue
		}
		want, size := 0., 0.
		for l := range p.k {
			v := float64(p.a[p.atA(i, l)]) * float64(p.b[p.atB(l, j)])
			want += v
			size += math.Abs(v)
		}
		// A term is rounded at most once as a product, then in the sums of its
		// block, then in those of the blocks.
		rounded := float64(2 + min(p.k, kBlock) + p.k/kBlock)
		if math.Abs(float64(got)-want) > rounded*0x1p-24*size {
			t.Fatalf("%v: c[%d, %d] is %g, want %g", p, i, j, got, want)
		}
	}
}

func (p *product) String() string {
	return fmt.Sprintf("(%d, %d, %d) transposed %v, %v", p.m, p.n, p.k, p.ta, p.tb)
}

var shapes = [][3]int{
	{1, 1, 1}, {1, 1, 700}, {3, 2, 1}, {4, 32, 8}, {5, 33, 7}, {2, 64, 31}, {7, 65, 40}, {9, 40, 257},
	{256, 2, 64}, {2, 256, 64}, {256, 1, 40}, {1, 256, 40}, {1, 300, 2}, {300, 3, 2}, {33, 10, 100}, {128, 64, 64},
	{130, 70, 260}, {12, 1030, 5}, {1030, 6, 5}, {129, 31, 513}, {64, 17, 512},
}

func transposes(f func(ta, tb bool)) {
	for i := range 4 {
		f(i&1 > 0, i&2 > 0)
	}
}

func TestGemm(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var s Scratch
	for _, d := range shapes {
		transposes(func(ta, tb bool) {
			p := newProduct(r, d[0], d[1], d[2], ta, tb)
			p.run(p.c, 0, p.m, 0, p.n, &s)
			p.check(t)
		})
	}
}

// TestGemmExactFit ends every operand at the end of its memory.
func TestGemmExactFit(t *testing.T) {
	var s Scratch
	for m := range 12 {
		for _, n := range []int{1, 8, 16, 24, 32, 40, 64} {
			transposes(func(ta, tb bool) {
				const k = 5
				a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
				Fill(a, 2)
				Fill(b, 3)
				lda, ldb := k, n
				if ta {
					lda = m
				}
				if tb {
					ldb = k
				}
				Gemm(ta, tb, m, n, k, a, lda, b, ldb, c, n, &s)
				for i, v := range c {
					if v != 2*3*k {
						t.Fatalf("(%d, %d): element %d is %g", m, n, i, v)
					}
				}
			})
		}
	}
}

// TestGemmSplit cuts c into rows and columns at random; no bit may change.
func TestGemmSplit(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	var s, other Scratch
	for _, d := range shapes {
		transposes(func(ta, tb bool) {
			p := newProduct(r, d[0], d[1], d[2], ta, tb)
			p.run(p.c, 0, p.m, 0, p.n, &s)
			for range 3 {
				i, j := r.IntN(p.m+1), r.IntN(p.n+1)
				parts := make([]float32, len(p.c))
				Fill(parts, guard)
				for _, rows := range [][2]int{{0, i}, {i, p.m}} {
					for _, cols := range [][2]int{{0, j}, {j, p.n}} {
						if rows[0] < rows[1] && cols[0] < cols[1] {
							p.run(parts, rows[0], rows[1], cols[0], cols[1], &other)
						}
					}
				}
				for at := range parts {
					if parts[at] != p.c[at] {
						t.Fatalf("%v cut at row %d, column %d: element %d is %g, whole it is %g", p, i, j, at, parts[at], p.c[at])
					}
				}
			}
		})
	}
}

// TestGemmNotFinite asserts that one NaN or Inf reaches its row or column of c,
// and nothing else, even beside zeros.
func TestGemmNotFinite(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var s Scratch
	for _, d := range shapes {
		transposes(func(ta, tb bool) {
			p := newProduct(r, d[0], d[1], d[2], ta, tb)
			i, j, l := r.IntN(p.m), r.IntN(p.n), r.IntN(p.k)
			p.a[p.atA(i, l)] = nan
			p.b[p.atB(l, j)] = inf
			for x := range p.m {
				if x != i {
					p.a[p.atA(x, l)] = 0 // 0·Inf is NaN
				}
			}
			p.run(p.c, 0, p.m, 0, p.n, &s)
			for x := range p.m {
				for y := range p.n {
					v := p.c[x*p.ldc+y]
					if bad := v != v; bad != (x == i || y == j) {
						t.Fatalf("%v with a NaN in row %d and Inf in column %d: c[%d, %d] is %g", p, i, j, x, y, v)
					}
				}
			}
		})
	}
}

func TestGemmOfNothing(t *testing.T) {
	var s Scratch
	c := []float32{1, 2, 3, 4, 5, 6}
	Gemm(false, false, 2, 2, 0, nil, 0, nil, 2, c, 3, &s)
	for i, want := range []float32{0, 0, 3, 0, 0, 6} {
		if c[i] != want {
			t.Errorf("k = 0: element %d is %g, want %g", i, c[i], want)
		}
	}
	Gemm(false, false, 0, 2, 2, nil, 2, c, 2, nil, 2, &s)
	Gemm(false, false, 2, 0, 2, c, 2, nil, 0, nil, 0, &s)
}

// A blockKernel is a way to compute blocks of a product.
type blockKernel struct {
	name       string
	rows, cols int
	block      func(m, n, k int, a, b panels, c []float32, ldc int, more bool)
}

// blockKernels are the plain twin, the portable one and the one that Gemm takes here.
func blockKernels() []blockKernel {
	rows, cols := fastTileSize()
	r, c := tileSize()
	return append(machineKernels(), blockKernel{"plain", plainRows, plainCols, blockPlain}, blockKernel{"portable", rows, cols, fastBlock},
		blockKernel{"Gemm's", r, c, block})
}

// TestBlock holds every kernel to its definition, and to leaving all else alone.
func TestBlock(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	random := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = r.Float32() - .5
		}
		return v
	}
	for _, kernel := range blockKernels() {
		for k := 1; k < 20; k++ {
			for _, tiles := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {3, 2}} {
				for _, packed := range []bool{true, false} {
					for _, more := range []bool{false, true} {
						m, n := tiles[0]*kernel.rows, tiles[1]*kernel.cols
						ldb, next, ldc := n+3, kernel.cols, n+5
						if packed {
							ldb, next = kernel.cols, kernel.cols*k+7
						}
						a, b := random(m*k+lanes), random(k*ldb+tiles[1]*next+lanes)
						got := make([]float32, m*ldc)
						Fill(got, guard)
						for i := range m {
							Fill(got[i*ldc:][:n], 1)
						}
						kernel.block(m, n, k, panels{a, kernel.rows * k, kernel.rows, 1}, panels{b, next, ldb, 1}, got, ldc, more)
						for i := range m {
							for j := range ldc {
								want := float64(guard)
								if j < n {
									want = 0
									if more {
										want = 1
									}
									for l := range k {
										x := a[i/kernel.rows*kernel.rows*k+l*kernel.rows+i%kernel.rows]
										want += float64(x) * float64(b[j/kernel.cols*next+l*ldb+j%kernel.cols])
									}
								}
								if math.Abs(float64(got[i*ldc+j])-want) > 4e-6 {
									t.Fatalf("%s, %v tiles, k = %d, packed %v, more %v: element (%d, %d) is %g, want %g",
										kernel.name, tiles, k, packed, more, i, j, got[i*ldc+j], want)
								}
							}
						}
					}
				}
			}
		}
	}
}

func TestGemmAllocatesNothing(t *testing.T) {
	var s Scratch
	a, c := make([]float32, 100*100), make([]float32, 100*100)
	for _, n := range []int{100, 3} {
		if got := testing.AllocsPerRun(5, func() { Gemm(false, true, 100, n, 100, a, 100, a, 100, c, 100, &s) }); got != 0 {
			t.Errorf("(100, %d, 100): %v allocations a call", n, got)
		}
	}
}

// What is written block by block gives the same bits as what is in memory.
func TestGemmOf(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	var s Scratch
	block := func(v []float32, ld, row, col int) Matrix {
		return Matrix{Row: row, Col: col, Block: func(dst []float32, i, m, j, n int) {
			for p := range m {
				copy(dst[p*n:(p+1)*n], v[(i-row+p)*ld+j-col:])
			}
		}}
	}
	for _, d := range append(shapes, [3]int{600, 600, 300}) {
		transposes(func(ta, tb bool) {
			p := newProduct(r, d[0], d[1], d[2], ta, tb)
			p.run(p.c, 0, p.m, 0, p.n, &s)
			a, b := Matrix{V: p.a, Ld: p.lda}, Matrix{V: p.b, Ld: p.ldb}
			blockA, blockB := block(p.a, p.lda, 5, 7), block(p.b, p.ldb, 11, 2)
			for which, pair := range [][2]Matrix{{blockA, b}, {a, blockB}, {blockA, blockB}} {
				c := make([]float32, len(p.c))
				Fill(c, guard)
				GemmOf(ta, tb, p.m, p.n, p.k, pair[0], pair[1], c, p.ldc, &s)
				for i := range c {
					if c[i] != p.c[i] {
						t.Fatalf("%v: element %d is %g where operands %d are blocks, %g in memory", p, i, c[i], which, p.c[i])
					}
				}
			}
		})
	}
}

package simd

import "fmt"

// Scratch holds what Gemm packs its operands into. It grows on first use; the
// zero value is ready. Two goroutines need two.
type Scratch struct{ a, b []float32 }

// Blocks of the product: kBlock columns of a fit the first cache beside one
// panel of b, mBlock rows the second.
const (
	kBlock = 256
	mBlock = 128
	nBlock = 1024
)

// Gemm computes c = op(a)·op(b), where op(a) is (m, k), op(b) is (k, n) and c is
// (m, n), row by row with row lengths lda, ldb and ldc. op transposes where
// transA or transB says so. c must not overlap a or b.
//
// An element of c does not depend on how the rows or columns of c are split
// between calls.
func Gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, s *Scratch) {
	span := func(what string, v []float32, rows, cols, ld int) {
		if ld < cols || (rows > 0 && len(v) < (rows-1)*ld+cols) {
			panic(fmt.Sprintf("simd: Gemm's %s of %d floats is no (%d, %d) with rows of %d", what, len(v), rows, cols, ld))
		}
	}
	if transA {
		span("a", a, k, m, lda)
	} else {
		span("a", a, m, k, lda)
	}
	if transB {
		span("b", b, n, k, ldb)
	} else {
		span("b", b, k, n, ldb)
	}
	span("c", c, m, n, ldc)
	gemm(transA, transB, m, n, k, a, lda, b, ldb, c, ldc, s)
}

func gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, s *Scratch) {
	rows, cols := tileRows, tileSide()
	up := func(x, to int) int { return (x + to - 1) / to * to }
	if need := up(min(m, mBlock), rows) * min(k, kBlock); len(s.a) < need {
		s.a = make([]float32, need)
	}
	if need := up(min(n, nBlock), cols) * min(k, kBlock); len(s.b) < need {
		s.b = make([]float32, need)
	}
	var edge [16 * 32]float32
	for j0 := 0; j0 < n; j0 += nBlock {
		nn := min(nBlock, n-j0)
		for k0 := 0; k0 < k; k0 += kBlock {
			kk := min(kBlock, k-k0)
			packB(s.b, b, transB, ldb, k0, kk, j0, nn, cols)
			for i0 := 0; i0 < m; i0 += mBlock {
				mm := min(mBlock, m-i0)
				packA(s.a, a, transA, lda, i0, mm, k0, kk, rows)
				for j := 0; j < nn; j += cols {
					pb := s.b[j*kk : (j+cols)*kk]
					for i := 0; i < mm; i += rows {
						pa := s.a[i*kk : (i+rows)*kk]
						at := (i0+i)*ldc + j0 + j
						if i+rows <= mm && j+cols <= nn {
							microTile(kk, pa, pb, c[at:], ldc, k0 > 0)
							continue
						}
						// What is cut off by the matrix's end goes by way of a whole tile.
						microTile(kk, pa, pb, edge[:], cols, false)
						for r := range min(rows, mm-i) {
							dst, src := c[at+r*ldc:][:min(cols, nn-j)], edge[r*cols:]
							if k0 > 0 {
								for x := range dst {
									dst[x] += src[x]
								}
							} else {
								copy(dst, src)
							}
						}
					}
				}
			}
		}
	}
}

// packA writes rows i0 ≤ i < i0+mm and columns k0 ≤ p < k0+kk of op(a) as panels
// of the given number of rows, each column by column, filled up with zeros.
func packA(dst, a []float32, trans bool, lda, i0, mm, k0, kk, rows int) {
	for i := 0; i < mm; i += rows {
		panel := dst[i*kk : (i+rows)*kk]
		r := min(rows, mm-i)
		if r < rows {
			clear(panel)
		}
		if trans {
			for p := range kk {
				copy(panel[p*rows:p*rows+r], a[(k0+p)*lda+i0+i:])
			}
			continue
		}
		for x := range r {
			row := a[(i0+i+x)*lda+k0:][:kk]
			at := x
			for _, v := range row {
				panel[at] = v
				at += rows
			}
		}
	}
}

// packB writes rows k0 ≤ p < k0+kk and columns j0 ≤ j < j0+nn of op(b) as panels
// of the given number of columns, each row by row, filled up with zeros.
func packB(dst, b []float32, trans bool, ldb, k0, kk, j0, nn, cols int) {
	for j := 0; j < nn; j += cols {
		panel := dst[j*kk : (j+cols)*kk]
		w := min(cols, nn-j)
		if w < cols {
			clear(panel)
		}
		if !trans {
			for p := range kk {
				copy(panel[p*cols:p*cols+w], b[(k0+p)*ldb+j0+j:])
			}
			continue
		}
		for x := range w {
			row := b[(j0+j+x)*ldb+k0:][:kk]
			at := x
			for _, v := range row {
				panel[at] = v
				at += cols
			}
		}
	}
}

// microTilePlain computes c (tileRows, tileSide) = pa·pb, or adds it where more.
func microTilePlain(kk int, pa, pb, c []float32, ldc int, more bool) {
	rows, cols := tileRows, tileSide()
	var t [16 * 32]float32
	for p := range kk {
		b := pb[p*cols : (p+1)*cols]
		for r := range rows {
			x, row := pa[p*rows+r], t[r*cols:(r+1)*cols]
			for j, y := range b {
				row[j] += float32(x * y)
			}
		}
	}
	for r := range rows {
		dst, src := c[r*ldc:r*ldc+cols], t[r*cols:]
		for j := range dst {
			if more {
				dst[j] += src[j]
			} else {
				dst[j] = src[j]
			}
		}
	}
}

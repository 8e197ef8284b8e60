// Package blas gives package simd's matrix product to programs that use gonum:
//
//	blas32.Use(blas.Implementation{})
//
// It is apart from package simd so that programs without gonum stay without it.
package blas

import (
	"sync"

	gonumblas "gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"ganbel/core/simd"
)

// Implementation is gonum's own BLAS with Sgemm replaced by simd.Gemm. It may be
// used by several goroutines.
type Implementation struct{ gonum.Implementation }

// workspace is what one call of Sgemm needs beside its operands.
type workspace struct {
	packing simd.Scratch
	product []float32
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// Sgemm computes c = alpha·op(a)·op(b) + beta·c, where op(a) is (m, k), op(b) is
// (k, n), c is (m, n), and op transposes where tA or tB says so. With beta = 0
// it does not read c, with alpha = 0 neither a nor b. It panics as gonum's does.
// It runs on one processor, and keeps simd.Gemm's promise about split calls.
func (i Implementation) Sgemm(tA, tB gonumblas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	// With alpha = 0 and beta = 1 gonum's checks the arguments and returns.
	i.Implementation.Sgemm(tA, tB, m, n, k, 0, a, lda, b, ldb, 1, c, ldc)
	if m == 0 || n == 0 || (alpha == 0 || k == 0) && beta == 1 {
		return
	}
	if alpha == 0 || k == 0 {
		i.Implementation.Sgemm(tA, tB, m, n, k, 0, a, lda, b, ldb, beta, c, ldc)
		return
	}
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	transA, transB := tA != gonumblas.NoTrans, tB != gonumblas.NoTrans
	if beta == 0 {
		simd.Gemm(transA, transB, m, n, k, a, lda, b, ldb, c, ldc, &w.packing)
		if alpha != 1 {
			for r := range m {
				row := c[r*ldc:][:n]
				simd.Scale(row, row, alpha)
			}
		}
		return
	}
	if len(w.product) < m*n {
		w.product = make([]float32, m*n)
	}
	simd.Gemm(transA, transB, m, n, k, a, lda, b, ldb, w.product, n, &w.packing)
	for r := range m {
		row := c[r*ldc:][:n]
		if beta != 1 {
			simd.Scale(row, row, beta)
		}
		simd.Axpy(row, w.product[r*n:][:n], alpha)
	}
}

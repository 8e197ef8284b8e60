//go:build !purego

package simd

import "golang.org/x/sys/cpu"

//go:generate go run ./internal/asm -pkg simd -out kernels_amd64.s -stubs kernels_amd64.go

var (
	useAVX512 = cpu.X86.HasAVX512F
	useAVX2   = cpu.X86.HasAVX2 && cpu.X86.HasFMA
)

// readsRows tells whether block reads an op(a) that is not packed.
var readsRows = useAVX2

// tileSize is the rows and columns of block's tiles.
func tileSize() (rows, cols int) {
	switch {
	case useAVX512:
		return 12, 32
	case useAVX2:
		return 6, 16
	}
	return fastTileSize()
}

// block is blockPlain with tiles of tileSize.
func block(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	switch {
	case useAVX512:
		blockAVX512(m, n, k, a, b, c, ldc, more)
	case useAVX2:
		blockAVX2(m, n, k, a, b, c, ldc, more)
	default:
		fastBlock(m, n, k, a, b, c, ldc, more)
	}
}

func blockAVX512(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	checkBlock(m, n, k, 12, 32, a, b, c, ldc)
	for j := 0; j < n; j += 32 {
		columnAVX512(m/12, k, &a.v[0], 4*a.next, 4*a.step, 4*a.lane, &b.v[j/32*b.next], 4*b.step, &c[j], 4*ldc, more)
	}
}

func blockAVX2(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	checkBlock(m, n, k, 6, 16, a, b, c, ldc)
	for j := 0; j < n; j += 16 {
		columnAVX2(m/6, k, &a.v[0], 4*a.next, 4*a.step, 4*a.lane, &b.v[j/16*b.next], 4*b.step, &c[j], 4*ldc, more)
	}
}

// checkBlock panics where assembly would read or write beyond a slice.
func checkBlock(m, n, k, rows, cols int, a, b panels, c []float32, ldc int) {
	_ = a.v[(m/rows-1)*a.next+(k-1)*a.step+(rows-1)*a.lane]
	_ = b.v[(n/cols-1)*b.next+(k-1)*b.step+cols-1]
	_ = c[(m-1)*ldc+n-1]
}

// clean lets Go's own floating-point code, which is SSE, run at its full speed
// after vectors.
func clean() {
	if useAVX2 {
		zeroUpper()
	}
}

// copyRows computes dst[p*width+i] = src[p*stride+i] for i < width. It may write a
// little beyond, what is written next.
func copyRows(dst, src []float32, rows, width, stride int) {
	if !useAVX2 || rows == 0 || stride < width || width < 4 {
		fastCopyRows(dst, src, rows, width, stride)
		return
	}
	eights := (width + 7) / 8
	// All but the last row take whole vectors: what they take too much is the next
	// row's, in src and in dst.
	if last := rows - 1; last > 0 {
		_, _ = dst[(last-1)*width+8*eights-1], src[(last-1)*stride+8*eights-1]
		copyRowsAVX2(last, &dst[0], 4*width, &src[0], 4*stride, eights)
	}
	copy(dst[(rows-1)*width:][:width], src[(rows-1)*stride:])
}

// transpose computes dst[p*width+r] = src[r*stride+p] for r < 8 and p < k.
func transpose(dst, src []float32, k, width, stride int) {
	if !useAVX2 {
		transposePlain(dst, src, k, width, stride)
		return
	}
	done := k / 8 * 8
	if done > 0 {
		_, _ = dst[(done-1)*width+7], src[7*stride+done-1]
		transposeAVX2(done/8, &dst[0], 4*width, &src[0], 4*stride)
	}
	if done < k {
		transposePlain(dst[done*width:], src[done:], k-done, width, stride)
	}
}

func rectify(dst, a []float32, slope float32) {
	switch {
	case !useAVX2:
		fastRectify(dst, a, slope)
		return
	case slope != 0:
		gate(dst, a, a, slope)
		return
	}
	n := len(dst) / 8
	if n > 0 {
		reluAVX2(n, &dst[0], &a[0])
	}
	rectifyPlain(dst[8*n:], a[8*n:], 0)
}

func gate(dst, ct, x []float32, slope float32) {
	if !useAVX2 {
		fastGate(dst, ct, x, slope)
		return
	}
	n := len(dst) / 8
	switch {
	case n > 0 && slope == 0:
		gate0AVX2(n, &dst[0], &ct[0], &x[0])
	case n > 0:
		gateAVX2(n, &dst[0], &ct[0], &x[0], slope)
	}
	gatePlain(dst[8*n:], ct[8*n:], x[8*n:], slope)
}

func axpy(dst, a []float32, k float32) {
	if !useAVX2 {
		fastAxpy(dst, a, k)
		return
	}
	n := len(dst) / 8
	if n > 0 {
		axpyAVX2(n, &dst[0], &dst[0], &a[0], k)
	}
	axpyPlain(dst[8*n:], a[8*n:], k)
}

// These are rarely where the time goes: the portable loops do.

func fill(dst []float32, v float32) { fastFill(dst, v) }
func sum(a []float32) float32       { return fastSum(a) }

//go:build (!amd64 || purego) && !(js && kernels)

package simd

// readsRows tells whether block reads an op(a) that is not packed.
const readsRows = false

// tileSize is the rows and columns of block's tiles.
func tileSize() (rows, cols int) { return fastTileSize() }

// block is blockPlain with tiles of tileSize.
func block(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	fastBlock(m, n, k, a, b, c, ldc, more)
}

// copyRows computes dst[p*width+i] = src[p*stride+i] for i < width.
func copyRows(dst, src []float32, rows, width, stride int) {
	fastCopyRows(dst, src, rows, width, stride)
}

// transpose computes dst[p*width+r] = src[r*stride+p] for r < 8 and p < k.
func transpose(dst, src []float32, k, width, stride int) {
	transposePlain(dst, src, k, width, stride)
}

// clean is what some processors need after vectors; not this one.
func clean() {}

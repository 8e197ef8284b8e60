//go:build !amd64 || purego

package simd

// tileSize is the rows and columns of block's tiles.
func tileSize() (rows, cols int) { return fastTileSize() }

// block is blockPlain with tiles of tileSize.
func block(m, n, k int, a, b []float32, ldb, next int, c []float32, ldc int, more bool) {
	fastBlock(m, n, k, a, b, ldb, next, c, ldc, more)
}

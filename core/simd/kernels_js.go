//go:build js && kernels

package simd

import "unsafe"

// The side module's functions: internal/sidemodule makes it, and assets/kernels.js
// links it to Go's memory.

//go:wasmimport kernels block
//go:noescape
func sideBlock(m, n, k int32, a unsafe.Pointer, nextA, stepA, laneA int32, b unsafe.Pointer, nextB, stepB int32, c unsafe.Pointer, ldc int32, more bool)

//go:wasmimport kernels copyRows
//go:noescape
func sideCopyRows(dst, src unsafe.Pointer, rows, width, stride int32)

//go:wasmimport kernels transpose
//go:noescape
func sideTranspose(dst, src unsafe.Pointer, k, width, stride int32)

// readsRows tells whether block reads an op(a) that is not packed.
const readsRows = true

const sideRows, sideCols = 4, 8

// tileSize is the rows and columns of block's tiles.
func tileSize() (rows, cols int) { return sideRows, sideCols }

// block is blockPlain with tiles of tileSize.
func block(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	_ = a.v[(m/sideRows-1)*a.next+(k-1)*a.step+(sideRows-1)*a.lane]
	_ = b.v[(n/sideCols-1)*b.next+(k-1)*b.step+sideCols-1]
	_ = c[(m-1)*ldc+n-1]
	sideBlock(int32(m), int32(n), int32(k), pointer(a.v), int32(a.next), int32(a.step), int32(a.lane),
		pointer(b.v), int32(b.next), int32(b.step), pointer(c), int32(ldc), more)
}

// copyRows computes dst[p*width+i] = src[p*stride+i] for i < width.
func copyRows(dst, src []float32, rows, width, stride int) {
	if rows > 0 && width > 0 {
		_, _ = dst[rows*width-1], src[(rows-1)*stride+width-1]
		sideCopyRows(pointer(dst), pointer(src), int32(rows), int32(width), int32(stride))
	}
}

// transpose computes dst[p*width+r] = src[r*stride+p] for r < 8 and p < k.
func transpose(dst, src []float32, k, width, stride int) {
	if k > 0 {
		_, _ = dst[(k-1)*width+7], src[7*stride+k-1]
		sideTranspose(pointer(dst), pointer(src), int32(k), int32(width), int32(stride))
	}
}

// clean is what some processors need after vectors; not this one.
func clean() {}

func pointer(v []float32) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(v)) }

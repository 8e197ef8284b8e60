//go:build js && kernels

package simd

import "unsafe"

// The functions of the side module, which internal/sidemodule makes and
// assets/kernels.js links to Go's memory.

//go:wasmimport kernels block
//go:noescape
func sideBlock(m, n, k int32, a *float32, nextA, stepA, laneA int32, b *float32, nextB, stepB int32, c *float32, ldc int32, more bool)

//go:wasmimport kernels copyRuns
//go:noescape
func sideCopyRuns(dst, src *float32, runs, n, dstStep, srcStep int32)

//go:wasmimport kernels addRuns
//go:noescape
func sideAddRuns(dst, src *float32, runs, n, dstStep, srcStep int32)

//go:wasmimport kernels transpose
//go:noescape
func sideTranspose(dst, src *float32, k, width, stride int32)

//go:wasmimport kernels fill
//go:noescape
func sideFill(dst *float32, v float32, n int32)

//go:wasmimport kernels add
//go:noescape
func sideAdd(dst, a, b *float32, n int32)

//go:wasmimport kernels sub
//go:noescape
func sideSub(dst, a, b *float32, n int32)

//go:wasmimport kernels mul
//go:noescape
func sideMul(dst, a, b *float32, n int32)

//go:wasmimport kernels div
//go:noescape
func sideDiv(dst, a, b *float32, n int32)

//go:wasmimport kernels maximum
//go:noescape
func sideMaximum(dst, a, b *float32, n int32)

//go:wasmimport kernels minimum
//go:noescape
func sideMinimum(dst, a, b *float32, n int32)

//go:wasmimport kernels scale
//go:noescape
func sideScale(dst, a *float32, k float32, n int32)

//go:wasmimport kernels addConst
//go:noescape
func sideAddConst(dst, a *float32, k float32, n int32)

//go:wasmimport kernels sqrt
//go:noescape
func sideSqrt(dst, a *float32, n int32)

//go:wasmimport kernels relu
//go:noescape
func sideRelu(dst, a *float32, n int32)

//go:wasmimport kernels gate
//go:noescape
func sideGate(dst, ct, x *float32, slope float32, n int32)

//go:wasmimport kernels step
//go:noescape
func sideStep(dst, x *float32, low float32, n int32)

//go:wasmimport kernels axpy
//go:noescape
func sideAxpy(dst, a *float32, k float32, n int32)

//go:wasmimport kernels sum
//go:noescape
func sideSum(part, a *float32, n int32)

//go:wasmimport kernels exp
//go:noescape
func sideExp(dst, a *float32, n int32)

//go:wasmimport kernels log
//go:noescape
func sideLog(dst, a *float32, n int32)

//go:wasmimport kernels tanh
//go:noescape
func sideTanh(dst, a *float32, n int32)

//go:wasmimport kernels sigmoid
//go:noescape
func sideSigmoid(dst, a *float32, n int32)

//go:wasmimport kernels softplus
//go:noescape
func sideSoftplus(dst, a *float32, n int32)

// readsRows tells whether block reads an op(a) that is not packed.
const readsRows = true

// The size of the side module's tiles.
const sideRows, sideCols = 4, 8

// tileSize is the rows and columns of block's tiles.
func tileSize() (rows, cols int) { return sideRows, sideCols }

// block is blockPlain with tiles of tileSize.
func block(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	_ = a.v[(m/sideRows-1)*a.next+(k-1)*a.step+(sideRows-1)*a.lane]
	_ = b.v[(n/sideCols-1)*b.next+(k-1)*b.step+sideCols-1]
	_ = c[(m-1)*ldc+n-1]
	sideBlock(int32(m), int32(n), int32(k), &a.v[0], int32(a.next), int32(a.step), int32(a.lane),
		&b.v[0], int32(b.next), int32(b.step), &c[0], int32(ldc), more)
}

// copyRows computes dst[p*width+i] = src[p*stride+i] for i < width.
func copyRows(dst, src []float32, rows, width, stride int) {
	CopyRuns(dst, src, rows, width, width, stride)
}

func copyRuns(dst, src []float32, runs, n, dstStep, srcStep int) {
	sideCopyRuns(&dst[0], &src[0], int32(runs), int32(n), int32(dstStep), int32(srcStep))
}

func addRuns(dst, src []float32, runs, n, dstStep, srcStep int) {
	sideAddRuns(&dst[0], &src[0], int32(runs), int32(n), int32(dstStep), int32(srcStep))
}

// transpose computes dst[p*width+r] = src[r*stride+p] for r < 8 and p < k.
func transpose(dst, src []float32, k, width, stride int) {
	if k > 0 {
		_, _ = dst[(k-1)*width+7], src[7*stride+k-1]
		sideTranspose(&dst[0], &src[0], int32(k), int32(width), int32(stride))
	}
}

// clean is what some processors need after vectors; not this one.
func clean() {}

// first returns where a slice begins, size how long it is.
func first(v []float32) *float32 { return unsafe.SliceData(v) }
func size(v []float32) int32     { return int32(len(v)) }

func fill(dst []float32, v float32)        { sideFill(first(dst), v, size(dst)) }
func add(dst, a, b []float32)              { sideAdd(first(dst), first(a), first(b), size(dst)) }
func sub(dst, a, b []float32)              { sideSub(first(dst), first(a), first(b), size(dst)) }
func mul(dst, a, b []float32)              { sideMul(first(dst), first(a), first(b), size(dst)) }
func div(dst, a, b []float32)              { sideDiv(first(dst), first(a), first(b), size(dst)) }
func maximum(dst, a, b []float32)          { sideMaximum(first(dst), first(a), first(b), size(dst)) }
func minimum(dst, a, b []float32)          { sideMinimum(first(dst), first(a), first(b), size(dst)) }
func scale(dst, a []float32, k float32)    { sideScale(first(dst), first(a), k, size(dst)) }
func addConst(dst, a []float32, k float32) { sideAddConst(first(dst), first(a), k, size(dst)) }
func sqrt(dst, a []float32)                { sideSqrt(first(dst), first(a), size(dst)) }

func rectify(dst, a []float32, slope float32) {
	if slope != 0 {
		gate(dst, a, a, slope)
		return
	}
	sideRelu(first(dst), first(a), size(dst))
}

func gate(dst, ct, x []float32, slope float32) {
	sideGate(first(dst), first(ct), first(x), slope, size(dst))
}
func step(dst, x []float32, low float32) { sideStep(first(dst), first(x), low, size(dst)) }
func axpy(dst, a []float32, k float32)   { sideAxpy(first(dst), first(a), k, size(dst)) }

func sum(a []float32) float32 {
	if len(a) < lanes {
		return sumPlain(a)
	}
	var part [lanes]float32
	whole := len(a) / lanes * lanes
	sideSum(&part[0], &a[0], int32(whole))
	return foldSum(&part, a[whole:])
}

func exp(dst, a []float32)      { sideExp(first(dst), first(a), size(dst)) }
func log(dst, a []float32)      { sideLog(first(dst), first(a), size(dst)) }
func tanh(dst, a []float32)     { sideTanh(first(dst), first(a), size(dst)) }
func sigmoid(dst, a []float32)  { sideSigmoid(first(dst), first(a), size(dst)) }
func softplus(dst, a []float32) { sideSoftplus(first(dst), first(a), size(dst)) }

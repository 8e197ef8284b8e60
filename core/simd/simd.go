// Package simd holds loops over []float32.
//
// The comment of a function is the loop it computes. Every loop exists twice:
// a plain twin, always compiled, whose name ends in Plain, and a fast one that
// Go's portable simd package compiles to AVX2, AVX-512, NEON or wasm SIMD128
// (GOEXPERIMENT=simd). Arguments are checked once, here, above the two.
//
// Slices must have equal lengths, or the function panics. dst may be one of the
// operands, but must not overlap one partly.
package simd

import "fmt"

func check(dst, a []float32) {
	if len(dst) != len(a) {
		panic(fmt.Sprintf("simd: lengths %d and %d", len(dst), len(a)))
	}
}

func check2(dst, a, b []float32) {
	if len(dst) != len(a) || len(dst) != len(b) {
		panic(fmt.Sprintf("simd: lengths %d, %d and %d", len(dst), len(a), len(b)))
	}
}

// Fill computes dst[i] = v.
func Fill(dst []float32, v float32) {
	for i := range dst {
		dst[i] = v
	}
}

// Add computes dst[i] = a[i] + b[i].
func Add(dst, a, b []float32) { check2(dst, a, b); add(dst, a, b) }

// Sub computes dst[i] = a[i] - b[i].
func Sub(dst, a, b []float32) { check2(dst, a, b); sub(dst, a, b) }

// Mul computes dst[i] = a[i] * b[i].
func Mul(dst, a, b []float32) { check2(dst, a, b); mul(dst, a, b) }

// Div computes dst[i] = a[i] / b[i].
func Div(dst, a, b []float32) { check2(dst, a, b); div(dst, a, b) }

// Max computes dst[i] = a[i] if a[i] > b[i] or a[i] is NaN, else b[i].
func Max(dst, a, b []float32) { check2(dst, a, b); maximum(dst, a, b) }

// Min computes dst[i] = a[i] if a[i] < b[i] or a[i] is NaN, else b[i].
func Min(dst, a, b []float32) { check2(dst, a, b); minimum(dst, a, b) }

// Scale computes dst[i] = k * a[i].
func Scale(dst, a []float32, k float32) { check(dst, a); scale(dst, a, k) }

// AddConst computes dst[i] = a[i] + k.
func AddConst(dst, a []float32, k float32) { check(dst, a); addConst(dst, a, k) }

// Sqrt computes dst[i] = √a[i], NaN below 0.
func Sqrt(dst, a []float32) { check(dst, a); sqrt(dst, a) }

// Rectify computes dst[i] = a[i] if a[i] > 0, else k * a[i].
func Rectify(dst, a []float32, k float32) { check(dst, a); rectify(dst, a, k) }

// Gate computes dst[i] = a[i] if x[i] > 0, else k * a[i].
func Gate(dst, a, x []float32, k float32) { check2(dst, a, x); gate(dst, a, x, k) }

// Step computes dst[i] = 1 if x[i] > 0, else k.
func Step(dst, x []float32, k float32) { check(dst, x); step(dst, x, k) }

// Axpy computes dst[i] += k * a[i].
func Axpy(dst, a []float32, k float32) { check(dst, a); axpy(dst, a, k) }

// Sum returns Σ a[i], in one order for one length.
func Sum(a []float32) float32 { return sum(a) }

// Dot returns Σ a[i] * b[i], in one order for one length.
func Dot(a, b []float32) float32 { check(a, b); return dot(a, b) }

// Exp computes dst[i] = e to the a[i], within 2 ulp; 0 below -104 and +Inf
// above 88.73.
func Exp(dst, a []float32) { check(dst, a); exp(dst, a) }

// Log computes dst[i] = ln a[i], within 2 ulp; -Inf at 0, NaN below.
func Log(dst, a []float32) { check(dst, a); log(dst, a) }

// Tanh computes dst[i] = tanh a[i], within 3 ulp.
func Tanh(dst, a []float32) { check(dst, a); tanh(dst, a) }

// Sigmoid computes dst[i] = 1 / (1 + e to the -a[i]), within 4 ulp where that is
// above 1e-37.
func Sigmoid(dst, a []float32) { check(dst, a); sigmoid(dst, a) }

// Softplus computes dst[i] = ln(1 + e to the a[i]), within 5 ulp where that is
// above 1e-37.
func Softplus(dst, a []float32) { check(dst, a); softplus(dst, a) }

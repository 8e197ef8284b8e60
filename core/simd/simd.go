// Package simd holds loops over []float32.
//
// The comment of a function is the loop it computes. Every loop exists twice:
// a plain twin, always compiled, whose name ends in Plain, and a fast one that
// Go's portable simd package compiles to AVX2, AVX-512, NEON or wasm SIMD128
// (GOEXPERIMENT=simd). Arguments are checked once, here, above the two. Where
// the processor has no vectors the plain twin runs.
//
// Slices must have equal lengths, or the function panics. dst may be one of the
// operands, but must not overlap one partly. No loop allocates.
//
// All but the transcendental functions and Gemm give the same bits fast and
// plain, on every machine. Those differ in the last bits between machines with
// and without fused multiply-add, and the plain twins; an element's value never
// depends on where in a slice it stands, nor on how wide the vectors are.
package simd

import "fmt"

// lanes is how many partial sums Sum keeps, and the most float32 that a
// tile of Gemm is wide: two of the widest vectors.
const lanes = 32

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
func Fill(dst []float32, v float32) { fill(dst, v) }

// Add computes dst[i] = a[i] + b[i].
func Add(dst, a, b []float32) { check2(dst, a, b); add(dst, a, b) }

// Sub computes dst[i] = a[i] - b[i].
func Sub(dst, a, b []float32) { check2(dst, a, b); sub(dst, a, b) }

// Mul computes dst[i] = a[i] * b[i].
func Mul(dst, a, b []float32) { check2(dst, a, b); mul(dst, a, b) }

// Div computes dst[i] = a[i] / b[i].
func Div(dst, a, b []float32) { check2(dst, a, b); div(dst, a, b) }

// Max computes dst[i] = max(a[i], b[i]), NaN if either is, 0 above -0.
func Max(dst, a, b []float32) { check2(dst, a, b); maximum(dst, a, b) }

// Min computes dst[i] = min(a[i], b[i]), NaN if either is, -0 below 0.
func Min(dst, a, b []float32) { check2(dst, a, b); minimum(dst, a, b) }

// Scale computes dst[i] = k * a[i].
func Scale(dst, a []float32, k float32) { check(dst, a); scale(dst, a, k) }

// AddConst computes dst[i] = a[i] + k.
func AddConst(dst, a []float32, k float32) { check(dst, a); addConst(dst, a, k) }

// Sqrt computes dst[i] = √a[i], NaN below 0.
func Sqrt(dst, a []float32) { check(dst, a); sqrt(dst, a) }

// Rectify computes dst[i] = a[i] if a[i] > 0, else slope * a[i]: relu where
// slope is 0, leaky relu elsewhere. relu(-Inf) is 0. NaN stays NaN.
func Rectify(dst, a []float32, slope float32) { check(dst, a); rectify(dst, a, slope) }

// Gate computes dst[i] = ct[i] if x[i] > 0, else slope * ct[i], which is
// Rectify's vector-Jacobian product at x. A NaN in x is not above 0. A slope of 0
// gives 0, whatever ct[i] is.
func Gate(dst, ct, x []float32, slope float32) { check2(dst, ct, x); gate(dst, ct, x, slope) }

// Step computes dst[i] = 1 if x[i] > 0, else low. NaN is not above 0.
func Step(dst, x []float32, low float32) { check(dst, x); step(dst, x, low) }

// Axpy computes dst[i] += k * a[i], the product rounded before the sum.
func Axpy(dst, a []float32, k float32) { check(dst, a); axpy(dst, a, k) }

// Sum returns Σ a[i]. The order depends on the length alone: from 32 elements
// on, element i goes to partial sum i mod 32, and the partial sums are added
// pairwise; shorter slices are added one by one.
func Sum(a []float32) float32 { return sum(a) }

// Exp computes dst[i] = e to the a[i], within 1 ulp: +Inf above 88.72,
// denormals below -87.34, 0 below -103.97.
func Exp(dst, a []float32) { check(dst, a); exp(dst, a) }

// Log computes dst[i] = ln a[i], within 1 ulp; -Inf at 0, NaN below.
func Log(dst, a []float32) { check(dst, a); log(dst, a) }

// Tanh computes dst[i] = tanh a[i], within 2 ulp.
func Tanh(dst, a []float32) { check(dst, a); tanh(dst, a) }

// Sigmoid computes dst[i] = 1 / (1 + e to the -a[i]), within 2 ulp, denormals
// included.
func Sigmoid(dst, a []float32) { check(dst, a); sigmoid(dst, a) }

// Softplus computes dst[i] = ln(1 + e to the a[i]) as
// max(a[i], 0) + ln(1 + e to the -|a[i]|), within 2 ulp, denormals included.
func Softplus(dst, a []float32) { check(dst, a); softplus(dst, a) }

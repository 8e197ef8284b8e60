//go:build !goexperiment.simd

package simd

// Without GOEXPERIMENT=simd every loop is its plain twin.
var (
	add, sub, mul, div, maximum, minimum = addPlain, subPlain, mulPlain, divPlain, maximumPlain, minimumPlain
	scale, addConst, sqrt, rectify, gate = scalePlain, addConstPlain, sqrtPlain, rectifyPlain, gatePlain
	step, axpy, sum, dot                 = stepPlain, axpyPlain, sumPlain, dotPlain
	exp, log, tanh, sigmoid, softplus    = expPlain, logPlain, tanhPlain, sigmoidPlain, softplusPlain
)

const tileRows = 4

func tileSide() int { return 8 }

// A function, not a variable: what is passed through a variable escapes to the heap.
func microTile(kk int, pa, pb, c []float32, ldc int, more bool) {
	microTilePlain(kk, pa, pb, c, ldc, more)
}

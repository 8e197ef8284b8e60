//go:build !goexperiment.simd

package simd

// Without GOEXPERIMENT=simd every loop is its plain twin. These are functions,
// not variables, so that the compiler sees that their arguments do not escape.

const fastFunctions = false

func fastFill(dst []float32, v float32)            { fillPlain(dst, v) }
func fastAdd(dst, a, b []float32)                  { addPlain(dst, a, b) }
func fastSub(dst, a, b []float32)                  { subPlain(dst, a, b) }
func fastMul(dst, a, b []float32)                  { mulPlain(dst, a, b) }
func fastDiv(dst, a, b []float32)                  { divPlain(dst, a, b) }
func fastMaximum(dst, a, b []float32)              { maximumPlain(dst, a, b) }
func fastMinimum(dst, a, b []float32)              { minimumPlain(dst, a, b) }
func fastScale(dst, a []float32, k float32)        { scalePlain(dst, a, k) }
func fastAddConst(dst, a []float32, k float32)     { addConstPlain(dst, a, k) }
func fastSqrt(dst, a []float32)                    { sqrtPlain(dst, a) }
func fastRectify(dst, a []float32, slope float32)  { rectifyPlain(dst, a, slope) }
func fastGate(dst, ct, x []float32, slope float32) { gatePlain(dst, ct, x, slope) }
func fastStep(dst, x []float32, low float32)       { stepPlain(dst, x, low) }
func fastAxpy(dst, a []float32, k float32)         { axpyPlain(dst, a, k) }
func fastSum(a []float32) float32                  { return sumPlain(a) }
func fastExp(dst, a []float32)                     { expPlain(dst, a) }
func fastLog(dst, a []float32)                     { logPlain(dst, a) }
func fastTanh(dst, a []float32)                    { tanhPlain(dst, a) }
func fastSigmoid(dst, a []float32)                 { sigmoidPlain(dst, a) }
func fastSoftplus(dst, a []float32)                { softplusPlain(dst, a) }

func fastTileSize() (rows, cols int) { return plainRows, plainCols }

func fastCopyRows(dst, src []float32, rows, width, stride int) {
	copyRunsPlain(dst, src, rows, width, width, stride)
}

func fastBlock(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	blockPlain(m, n, k, a, b, c, ldc, more)
}

//go:build !goexperiment.simd

package simd

// Without GOEXPERIMENT=simd every loop is its plain twin. These are functions,
// not variables, so that the compiler sees that their arguments do not escape.

func fill(dst []float32, v float32)            { fillPlain(dst, v) }
func add(dst, a, b []float32)                  { addPlain(dst, a, b) }
func sub(dst, a, b []float32)                  { subPlain(dst, a, b) }
func mul(dst, a, b []float32)                  { mulPlain(dst, a, b) }
func div(dst, a, b []float32)                  { divPlain(dst, a, b) }
func maximum(dst, a, b []float32)              { maximumPlain(dst, a, b) }
func minimum(dst, a, b []float32)              { minimumPlain(dst, a, b) }
func scale(dst, a []float32, k float32)        { scalePlain(dst, a, k) }
func addConst(dst, a []float32, k float32)     { addConstPlain(dst, a, k) }
func neg(dst, a []float32)                     { negPlain(dst, a) }
func abs(dst, a []float32)                     { absPlain(dst, a) }
func sqrt(dst, a []float32)                    { sqrtPlain(dst, a) }
func rectify(dst, a []float32, slope float32)  { rectifyPlain(dst, a, slope) }
func gate(dst, ct, x []float32, slope float32) { gatePlain(dst, ct, x, slope) }
func step(dst, x []float32, low float32)       { stepPlain(dst, x, low) }
func axpy(dst, a []float32, k float32)         { axpyPlain(dst, a, k) }
func sum(a []float32) float32                  { return sumPlain(a) }
func dot(a, b []float32) float32               { return dotPlain(a, b) }
func maxElem(a []float32) float32              { return maxElemPlain(a) }
func exp(dst, a []float32)                     { expPlain(dst, a) }
func log(dst, a []float32)                     { logPlain(dst, a) }
func tanh(dst, a []float32)                    { tanhPlain(dst, a) }
func sigmoid(dst, a []float32)                 { sigmoidPlain(dst, a) }
func softplus(dst, a []float32)                { softplusPlain(dst, a) }

func fastTileSize() (rows, cols int) { return plainRows, plainCols }

func fastCopyRows(dst, src []float32, rows, width, stride int) {
	copyRowsPlain(dst, src, rows, width, stride)
}

func fastBlock(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	blockPlain(m, n, k, a, b, c, ldc, more)
}

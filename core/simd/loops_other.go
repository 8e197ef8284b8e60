//go:build (!amd64 || purego) && !(js && kernels)

package simd

// Where there is no assembly the loops are the portable ones.

func fill(dst []float32, v float32)            { fastFill(dst, v) }
func add(dst, a, b []float32)                  { fastAdd(dst, a, b) }
func sub(dst, a, b []float32)                  { fastSub(dst, a, b) }
func mul(dst, a, b []float32)                  { fastMul(dst, a, b) }
func div(dst, a, b []float32)                  { fastDiv(dst, a, b) }
func maximum(dst, a, b []float32)              { fastMaximum(dst, a, b) }
func minimum(dst, a, b []float32)              { fastMinimum(dst, a, b) }
func scale(dst, a []float32, k float32)        { fastScale(dst, a, k) }
func addConst(dst, a []float32, k float32)     { fastAddConst(dst, a, k) }
func sqrt(dst, a []float32)                    { fastSqrt(dst, a) }
func rectify(dst, a []float32, slope float32)  { fastRectify(dst, a, slope) }
func gate(dst, ct, x []float32, slope float32) { fastGate(dst, ct, x, slope) }
func step(dst, x []float32, low float32)       { fastStep(dst, x, low) }
func axpy(dst, a []float32, k float32)         { fastAxpy(dst, a, k) }
func sum(a []float32) float32                  { return fastSum(a) }
func exp(dst, a []float32)                     { fastExp(dst, a) }
func log(dst, a []float32)                     { fastLog(dst, a) }
func tanh(dst, a []float32)                    { fastTanh(dst, a) }
func sigmoid(dst, a []float32)                 { fastSigmoid(dst, a) }
func softplus(dst, a []float32)                { fastSoftplus(dst, a) }

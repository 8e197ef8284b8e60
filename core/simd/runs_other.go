//go:build !(js && kernels)

package simd

func copyRuns(dst, src []float32, runs, n, dstStep, srcStep int) {
	copyRunsPlain(dst, src, runs, n, dstStep, srcStep)
}

func addRuns(dst, src []float32, runs, n, dstStep, srcStep int) {
	if n <= short {
		addRunsPlain(dst, src, runs, n, dstStep, srcStep)
		return
	}
	for r := range runs {
		d := dst[r*dstStep:][:n]
		add(d, d, src[r*srcStep:][:n])
	}
}

package simd

import "fmt"

// CopyRuns computes dst[r*dstStep+i] = src[r*srcStep+i] for r < runs and i < n.
func CopyRuns(dst, src []float32, runs, n, dstStep, srcStep int) {
	if checkRuns(dst, src, runs, n, dstStep, srcStep) {
		copyRuns(dst, src, runs, n, dstStep, srcStep)
	}
}

// AddRuns computes dst[r*dstStep+i] += src[r*srcStep+i] for i < n and r < runs, one r
// after another. Runs of dst may overlap.
func AddRuns(dst, src []float32, runs, n, dstStep, srcStep int) {
	if checkRuns(dst, src, runs, n, dstStep, srcStep) {
		addRuns(dst, src, runs, n, dstStep, srcStep)
	}
}

// checkRuns reports whether there are any. It panics where one is not within its slice.
func checkRuns(dst, src []float32, runs, n, dstStep, srcStep int) bool {
	if runs <= 0 || n <= 0 {
		return false
	}
	if dstStep < 0 || srcStep < 0 || (runs-1)*dstStep+n > len(dst) || (runs-1)*srcStep+n > len(src) {
		panic(fmt.Sprintf("simd: %d runs of %d, %d apart in %d and %d apart in %d", runs, n, dstStep, len(dst), srcStep, len(src)))
	}
	return true
}

// short is up to how many floats a loop here is faster than a call.
const short = 16

func copyRunsPlain(dst, src []float32, runs, n, dstStep, srcStep int) {
	for r := range runs {
		d, s := dst[r*dstStep:][:n], src[r*srcStep:][:n]
		if n > short {
			copy(d, s)
			continue
		}
		for len(s) >= 4 {
			*(*[4]float32)(d) = *(*[4]float32)(s)
			d, s = d[4:], s[4:]
		}
		//lint:ignore S1001 so few numbers take less time in a loop than in a call of copy
		for i, x := range s {
			d[i] = x
		}
	}
}

func addRunsPlain(dst, src []float32, runs, n, dstStep, srcStep int) {
	for r := range runs {
		d, s := dst[r*dstStep:][:n], src[r*srcStep:][:n]
		for i, x := range s {
			d[i] += x
		}
	}
}

package simd

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Runs are copied and added as their comments say, in order where they overlap, and
// nothing else is touched.
func TestRuns(t *testing.T) {
	for _, runs := range []int{0, 1, 2, 7} {
		for _, n := range []int{0, 1, 3, 4, 5, 8, 13, 16, 17, 40} {
			for _, steps := range [][2]int{{n, n}, {n + 3, n + 1}, {max(1, n/2), n}, {0, 1}, {1, 0}} {
				dstStep, srcStep := steps[0], steps[1]
				length := func(step int) int { return max(0, runs-1)*step + n + 2 }
				src, dst := make([]float32, length(srcStep)), make([]float32, length(dstStep))
				for i := range src {
					src[i] = 1 / float32(3+i)
				}
				for i := range dst {
					dst[i] = 1e-3 * float32(i+1)
				}
				copied, added := slices.Clone(dst), slices.Clone(dst)
				for r := range runs {
					for i := range n {
						copied[r*dstStep+i] = src[r*srcStep+i]
						added[r*dstStep+i] += src[r*srcStep+i]
					}
				}
				name := fmt.Sprintf("%d runs of %d, %d and %d apart", runs, n, dstStep, srcStep)
				for what, c := range map[string]struct {
					f    func(dst, src []float32, runs, n, dstStep, srcStep int)
					want []float32
				}{"copied": {CopyRuns, copied}, "copied plainly": {copyRunsPlain, copied}, "added": {AddRuns, added}, "added plainly": {addRunsPlain, added}} {
					if strings.HasPrefix(what, "copied") && dstStep < n {
						continue // in which order is not told
					}
					got := slices.Clone(dst)
					c.f(got, src, runs, n, dstStep, srcStep)
					if !slices.Equal(got, c.want) {
						t.Errorf("%s, %s: %v, want %v", name, what, got, c.want)
					}
				}
			}
		}
	}
	for _, c := range [][4]int{{3, 4, 4, 3}, {3, 4, 3, 4}, {2, 12, 0, 0}, {2, 4, -1, 4}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d runs of %d, %d and %d apart are not refused in 11", c[0], c[1], c[2], c[3])
				}
			}()
			AddRuns(make([]float32, 11), make([]float32, 11), c[0], c[1], c[2], c[3])
		}()
	}
}

//go:build !js

package score

import (
	"math"
	"testing"

	"ganbel/core/data"
)

// Each way to enlarge puts pixels where its definition says.
func TestEnlarge(t *testing.T) {
	m := &data.Images{Rows: 2, Cols: 2, Channels: 1, Pixels: []uint8{0, 100, 100, 200}}
	for name, c := range map[string]struct {
		kernel kernel
		want   []float32 // the first row, twice as wide, and its last row
	}{
		// pixel i lies at i/2 of the small one, and what is beyond the last is the last
		"points": {points, []float32{0, 50, 100, 100, 100, 150, 200, 200}},
		// at -1/4, 1/4, 3/4 and 5/4
		"squares": {squares, []float32{0, 25, 75, 100, 100, 125, 175, 200}},
	} {
		dst := make([]float32, 4*4*3)
		enlarge(dst, m, 0, 4, c.kernel)
		for i, w := range c.want {
			at := i
			if i >= 4 {
				at = 12 + i - 4
			}
			for ch := range 3 {
				if math.Abs(float64(dst[3*at+ch]-w)) > 1e-4 {
					t.Errorf("%s: place %d is %v, want %v", name, at, dst[3*at:3*at+3], w)
				}
			}
		}
	}
	// The shares of a cubic sum to one, and a slope stays a slope away from the rim.
	for i := range 64 {
		sum, at := 0., 0.
		for _, tap := range cubic(i, 16, 64) {
			sum += tap.share
			at += tap.share * float64(tap.from)
		}
		if want := (float64(i)+.5)/4 - .5; math.Abs(sum-1) > 1e-12 || (i >= 8 && i < 56 && math.Abs(at-want) > 1e-12) {
			t.Errorf("pixel %d: shares sum to %v, at %v", i, sum, at)
		}
	}
}

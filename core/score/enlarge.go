//go:build !js

package score

import (
	"math"

	"ganbel/core/data"
)

// A tap is a pixel of a row or a column, and its share in a pixel of the larger one.
type tap struct {
	from  int
	share float64
}

// A kernel returns the taps for pixel i of a side of to, from a side of from.
type kernel func(i, from, to int) []tap

// points is TensorFlow 1's bilinear: pixel i lies at i·from/to, computed in float32 as
// it did, and nothing lies beyond the last pixel.
func points(i, from, to int) []tap {
	at := float32(i) * (float32(from) / float32(to))
	lower := int(at)
	part := float64(at - float32(lower))
	return []tap{{lower, 1 - part}, {min(lower+1, from-1), part}}
}

// squares is bilinear between the middles of pixels: pixel i lies at
// (i+½)·from/to - ½.
func squares(i, from, to int) []tap {
	at := max((float64(i)+.5)*float64(from)/float64(to)-.5, 0)
	lower := min(int(at), from-1)
	part := at - float64(lower)
	return []tap{{lower, 1 - part}, {min(lower+1, from-1), part}}
}

// cubic is Catmull and Rom's between the middles of pixels. At the rim the pixels that
// there are share it out.
func cubic(i, from, to int) []tap {
	at := (float64(i)+.5)*float64(from)/float64(to) - .5
	first := int(math.Floor(at)) - 1
	var taps []tap
	sum := 0.
	for k := first; k < first+4; k++ {
		if k >= 0 && k < from {
			x, share := math.Abs(at-float64(k)), 0.
			if x < 1 {
				share = (1.5*x-2.5)*x*x + 1
			} else {
				share = ((-.5*x+2.5)*x-4)*x + 2
			}
			taps = append(taps, tap{k, share})
			sum += share
		}
	}
	for k := range taps {
		taps[k].share /= sum
	}
	return taps
}

// enlarge writes image i of m as side by side pixels of three channels, 0 to 255 and a
// little beyond where the kernel is cubic. A grey image has three equal channels.
func enlarge(dst []float32, m *data.Images, i, side int, k kernel) {
	pixels, ch := m.Pixels[i*m.Size():(i+1)*m.Size()], m.Channels
	wide := make([]float64, m.Rows*side*ch) // as wide as it will be, but not as high
	for x := range side {
		taps := k(x, m.Cols, side)
		for y := range m.Rows {
			for c := range ch {
				s := 0.
				for _, t := range taps {
					s += t.share * float64(pixels[(y*m.Cols+t.from)*ch+c])
				}
				wide[(y*side+x)*ch+c] = s
			}
		}
	}
	for y := range side {
		taps := k(y, m.Rows, side)
		for x := range side {
			for c := range 3 {
				s := 0.
				for _, t := range taps {
					s += t.share * wide[(t.from*side+x)*ch+c%ch]
				}
				dst[(y*side+x)*3+c] = float32(s)
			}
		}
	}
}

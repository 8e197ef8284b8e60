package wgan

import (
	"ganbel/core/data"
	"ganbel/core/random"
)

// Pictures are images as networks see them.
type Pictures struct {
	data.Source
	Unit     bool // pixels in [0, 1], for a sigmoid; else in [-1, 1], for a tanh
	Dequant  bool // 2(p/256 - ½) + U[0, 1/128) of pixels p from 0 to 255, see appendix F
	Mirrored bool // every image is turned left to right with chance ½
}

// Size returns how many numbers an image is.
func (p Pictures) Size() int {
	rows, cols, channels := p.Shape()
	return rows * cols * channels
}

// Fill writes the images of the given indices into dst, one a row.
func (p Pictures) Fill(dst []float32, index []int, r *random.Stream) {
	size := p.Size()
	dst = dst[:len(index)*size]
	p.Source.Fill(dst, index)
	if p.Mirrored {
		_, cols, channels := p.Shape()
		for at := 0; at < len(dst); at += size {
			if r.Float64() < .5 {
				mirror(dst[at:at+size], cols, channels)
			}
		}
	}
	switch {
	case p.Dequant:
		var noise [1024]float32
		for len(dst) > 0 {
			n := min(len(dst), len(noise))
			r.Uniform(noise[:n])
			for i, x := range dst[:n] {
				dst[i] = 2*(x*255/256-.5) + noise[i]/128
			}
			dst = dst[n:]
		}
	case !p.Unit:
		for i, x := range dst {
			dst[i] = 2*x - 1
		}
	}
}

// mirror turns an image left to right.
func mirror(v []float32, cols, channels int) {
	for row := 0; row < len(v); row += cols * channels {
		for i, j := row, row+(cols-1)*channels; i < j; i, j = i+channels, j-channels {
			for c := range channels {
				v[i+c], v[j+c] = v[j+c], v[i+c]
			}
		}
	}
}

//go:build !js

package animation

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/png"
)

// How long an animation of PNGs shows a picture, and the last, in hundredths of a second.
const (
	stillDelay = 8
	lastDelay  = 200
)

// PNGs returns a GIF of PNG files, one or more, of the size of the last; others, which
// a run may draw before it has all its numbers, are left out. It returns an error for
// what is no PNG. The page, which has no use for it, does without the decoder.
func PNGs(stills [][]byte) ([]byte, error) {
	last, err := png.DecodeConfig(bytes.NewReader(stills[len(stills)-1]))
	if err != nil {
		return nil, err
	}
	var fit [][]byte
	for _, b := range stills {
		c, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		if c.Width == last.Width && c.Height == last.Height {
			fit = append(fit, b)
		}
	}
	delays := make([]int, len(fit))
	for i := range delays {
		delays[i] = stillDelay
	}
	delays[len(delays)-1] = lastDelay
	var out bytes.Buffer
	var broken error
	err = GIF(&out, last.Width, last.Height, delays, func(i int, rgba []uint8) {
		m, err := png.Decode(bytes.NewReader(fit[i]))
		if err != nil {
			broken = err
			return
		}
		draw.Draw(&image.RGBA{Pix: rgba, Stride: 4 * last.Width, Rect: m.Bounds()}, m.Bounds(), m, image.Point{}, draw.Src)
	})
	return out.Bytes(), errors.Join(err, broken)
}

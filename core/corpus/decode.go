package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"

	_ "golang.org/x/image/webp"
)

// A picture is a decoded image: rows, then columns, then channels.
type picture struct {
	rows, cols, channels int
	pixels               []uint8
}

// maxPixels bounds what the header of an image may ask for.
const maxPixels = 1 << 25

// decode decodes a JPEG, PNG, WebP or GIF image, whichever b begins as. What is
// transparent lies on black.
func decode(b []byte) (picture, error) {
	if len(b) == 0 {
		return picture{}, errors.New("empty, expected an image")
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(b))
	if errors.Is(err, image.ErrFormat) {
		return picture{}, fmt.Errorf("begins with %.12q, which neither JPEG, PNG, WebP nor GIF does", b)
	}
	if err != nil {
		return picture{}, fmt.Errorf("%s image of %d bytes: %w", kind, len(b), err)
	}
	if head.Width < 1 || head.Height < 1 || head.Width > maxPixels/head.Height {
		return picture{}, fmt.Errorf("%s image of %dx%d: expected 1 to %d pixels", kind, head.Height, head.Width, maxPixels)
	}
	m, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return picture{}, fmt.Errorf("%s image of %d bytes: %w", kind, len(b), err)
	}
	r := m.Bounds()
	p := picture{rows: r.Dy(), cols: r.Dx()}
	if g, ok := m.(*image.Gray); ok {
		p.channels = 1
		for y := range p.rows {
			p.pixels = append(p.pixels, g.Pix[y*g.Stride:][:p.cols]...)
		}
		return p, nil
	}
	rgba := image.NewRGBA(image.Rect(0, 0, p.cols, p.rows))
	draw.Draw(rgba, rgba.Rect, m, r.Min, draw.Src)
	p.channels = 3
	p.pixels = make([]uint8, 0, 3*p.rows*p.cols)
	for i := 0; i < len(rgba.Pix); i += 4 {
		p.pixels = append(p.pixels, rgba.Pix[i:i+3]...)
	}
	return p, nil
}

// A shape is what every image of a set is made to be.
type shape struct {
	rows, cols, channels int
	scale                bool // cut and scale; otherwise another size is an error
	window               int
	corner               bool
}

func (s shape) size() int { return s.rows * s.cols * s.channels }

// fit writes p into dst, of s.size() bytes.
func (s shape) fit(dst []uint8, p picture) error {
	if p.channels != s.channels {
		p = p.as(s.channels)
	}
	if !s.scale {
		if p.rows != s.rows || p.cols != s.cols {
			return fmt.Errorf("is %dx%d, expected %dx%d as the others are; with --side N all are cut and scaled to N by N", p.rows, p.cols, s.rows, s.cols)
		}
		copy(dst, p.pixels)
		return nil
	}
	n := min(p.rows, p.cols)
	if s.window > 0 {
		n = min(n, s.window)
	}
	y, x := (p.rows-n)/2, (p.cols-n)/2
	if s.corner {
		y, x = 0, 0
	}
	p.square(dst, y, x, n, s.rows)
	return nil
}

// as returns the picture in grey or in colour. Grey is the luminance of ITU-R 601,
// as package image/color has it.
func (p picture) as(channels int) picture {
	q := picture{rows: p.rows, cols: p.cols, channels: channels, pixels: make([]uint8, p.rows*p.cols*channels)}
	if channels == 3 {
		for i, v := range p.pixels {
			q.pixels[3*i], q.pixels[3*i+1], q.pixels[3*i+2] = v, v, v
		}
		return q
	}
	for i := range q.pixels {
		c := p.pixels[3*i:][:3]
		q.pixels[i] = uint8((19595*uint32(c[0]) + 38470*uint32(c[1]) + 7471*uint32(c[2]) + 1<<15) >> 16)
	}
	return q
}

// square scales the n×n square at row y and column x to side×side: each pixel is
// the mean of the area that it covers.
func (p picture) square(dst []uint8, y, x, n, side int) {
	c := p.channels
	if n == side {
		for i := range n {
			copy(dst[i*n*c:(i+1)*n*c], p.pixels[((y+i)*p.cols+x)*c:])
		}
		return
	}
	parts := overlaps(n, side)
	sum := make([]float32, side*c)
	row := make([]float32, n*c) // the weighted sum of the source's rows
	for i, rows := range parts {
		clear(row)
		for _, o := range rows {
			for k, v := range p.pixels[((y+o.from)*p.cols+x)*c:][:n*c] {
				row[k] += o.weight * float32(v)
			}
		}
		clear(sum)
		for j, cols := range parts {
			for _, o := range cols {
				for k := range c {
					sum[j*c+k] += o.weight * row[o.from*c+k]
				}
			}
		}
		for k, v := range sum {
			dst[i*side*c+k] = uint8(min(v+.5, 255))
		}
	}
}

// An overlap is the share that one of the source's pixels has in a pixel.
type overlap struct {
	from   int
	weight float32
}

// overlaps returns, for each of side equal parts of a line of n pixels, the pixels
// that it covers with their shares, which add up to 1.
func overlaps(n, side int) [][]overlap {
	all := make([][]overlap, side)
	for i := range all {
		// In units of a side-th of a pixel part i is from i·n to (i+1)·n.
		for from := i * n / side; from*side < (i+1)*n; from++ {
			w := min((from+1)*side, (i+1)*n) - max(from*side, i*n)
			all[i] = append(all[i], overlap{from, float32(w) / float32(n)})
		}
	}
	return all
}

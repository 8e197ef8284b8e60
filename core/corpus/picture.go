package corpus

import (
	"image"
	"image/color"
)

// A picture is a decoded image: rows, then columns, then channels.
type picture struct {
	rows, cols, channels int
	pixels               []uint8
}

// first returns the first channel, for a grey picture that has three alike.
func (p picture) first() picture {
	if p.channels == 1 {
		return p
	}
	q := picture{p.rows, p.cols, 1, make([]uint8, p.rows*p.cols)}
	for i := range q.pixels {
		q.pixels[i] = p.pixels[3*i]
	}
	return q
}

// onBlack returns a colour laid on black.
func onBlack(c color.Color) (rgb [3]uint8) {
	n := color.NRGBA64Model.Convert(c).(color.NRGBA64)
	a := uint8(n.A >> 8)
	return [3]uint8{times(uint8(n.R>>8), a), times(uint8(n.G>>8), a), times(uint8(n.B>>8), a)}
}

// flatten returns the pixels of an image of Go's library, laid on black.
func flatten(m image.Image) picture {
	r := m.Bounds()
	p := picture{rows: r.Dy(), cols: r.Dx(), channels: 3}
	switch m := m.(type) {
	case *image.Gray:
		p.channels = 1
		for y := range p.rows {
			p.pixels = append(p.pixels, m.Pix[y*m.Stride:][:p.cols]...)
		}
		return p
	case *image.Gray16:
		p.channels = 1
		p.pixels = make([]uint8, p.rows*p.cols)
		for i := range p.pixels {
			p.pixels[i] = m.Pix[i/p.cols*m.Stride+i%p.cols*2]
		}
		return p
	case *image.Paletted:
		p.paint(m.Pix, m.Stride, m.Palette)
		return p
	}
	p.pixels = make([]uint8, 0, 3*p.rows*p.cols)
	// each calls add with the bytes of each pixel, of size.
	each := func(pix []uint8, stride, size int, add func(c []uint8)) picture {
		for y := range p.rows {
			for x := range p.cols {
				add(pix[y*stride+x*size:][:size])
			}
		}
		return p
	}
	switch m := m.(type) {
	case *image.NRGBA:
		return each(m.Pix, m.Stride, 4, func(c []uint8) {
			p.pixels = append(p.pixels, times(c[0], c[3]), times(c[1], c[3]), times(c[2], c[3]))
		})
	case *image.NRGBA64:
		return each(m.Pix, m.Stride, 8, func(c []uint8) {
			p.pixels = append(p.pixels, times(c[0], c[6]), times(c[2], c[6]), times(c[4], c[6]))
		})
	case *image.RGBA: // premultiplied: it lies on black
		return each(m.Pix, m.Stride, 4, func(c []uint8) { p.pixels = append(p.pixels, c[:3]...) })
	case *image.RGBA64:
		return each(m.Pix, m.Stride, 8, func(c []uint8) { p.pixels = append(p.pixels, c[0], c[2], c[4]) })
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := onBlack(m.At(x, y))
			p.pixels = append(p.pixels, c[:]...)
		}
	}
	return p
}

// paint fills p from places in a palette. It is grey if the whole palette is.
func (p *picture) paint(index []uint8, stride int, palette color.Palette) {
	colours := make([][3]uint8, len(palette))
	p.channels = 1
	for i, c := range palette {
		if colours[i] = onBlack(c); colours[i][0] != colours[i][1] || colours[i][1] != colours[i][2] {
			p.channels = 3
		}
	}
	p.pixels = make([]uint8, 0, p.rows*p.cols*p.channels)
	for y := range p.rows {
		for _, k := range index[y*stride:][:p.cols] {
			if int(k) >= len(colours) { // the file is wrong
				k = 0
			}
			p.pixels = append(p.pixels, colours[k][:p.channels]...)
		}
	}
}

// turned returns the picture whose rows and columns lie as an orientation of TIFF
// says.
func (p picture) turned(orientation int) picture {
	if orientation < 2 || orientation > 8 {
		return p
	}
	q := picture{p.rows, p.cols, p.channels, make([]uint8, 0, len(p.pixels))}
	if orientation >= 5 {
		q.rows, q.cols = p.cols, p.rows
	}
	for y := range q.rows {
		for x := range q.cols {
			r, c := y, x
			if orientation >= 5 {
				r, c = x, y
			}
			if orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7 {
				r = p.rows - 1 - r
			}
			if orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8 {
				c = p.cols - 1 - c
			}
			q.pixels = append(q.pixels, p.pixels[(r*p.cols+c)*p.channels:][:p.channels]...)
		}
	}
	return q
}

// as returns the picture in grey or in colour. Grey is the luminance of ITU-R 601,
// rounded as Pillow's convert("L") does.
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

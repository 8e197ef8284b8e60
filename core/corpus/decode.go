package corpus

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"ganbel/core/data"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"

	"golang.org/x/sync/semaphore"
)

// A picture is a decoded image: rows, then columns, then channels.
type picture struct {
	rows, cols, channels int
	pixels               []uint8
}

// maxPixels bounds what the header of an image may ask for.
const maxPixels = 1 << 25

// decoding bounds the pixels of the images that are being decoded at once, on
// however many cores.
var decoding = semaphore.NewWeighted(maxPixels)

// checkSize returns an error for an image that has no pixels or too many.
func checkSize(rows, cols int) error {
	if rows < 1 || cols < 1 || rows > maxPixels/cols {
		return fmt.Errorf("is %dx%d, expected 1 to %s pixels", rows, cols, data.Thousands(maxPixels))
	}
	return nil
}

// An image of more than bombPixels takes a byte for bombRatio of them or more. A blank
// page does as a PNG, except with 1 bit a pixel.
const (
	bombPixels = 1 << 20
	bombRatio  = 2000
)

// formatOf returns the format of an image by its first bytes, "" for anything else.
func formatOf(head []byte) string {
	begins := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	switch {
	case begins("\xff\xd8\xff"):
		return "jpeg"
	case begins("\x89PNG\r\n\x1a\n"):
		return "png"
	case begins("GIF87a"), begins("GIF89a"):
		return "gif"
	case begins("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return "webp"
	case begins("II*\x00"), begins("MM\x00*"):
		return "tiff"
	case begins("BM") && len(head) >= 18: // followed by the size of its second header, which distinguishes it from text
		switch le.Uint32(head[14:]) {
		case 12, 40, 52, 56, 64, 108, 124:
			return "bmp"
		}
	}
	return ""
}

// decode decodes a JPEG, PNG, WebP, GIF, BMP or TIFF image, whichever b begins as.
//
// The pixels are those that Pillow gives, within 2 levels of each. An image is grey,
// of one channel, if its format says so: one component or sample a pixel, with or without
// alpha, or a palette of greys only; anything else, and every WebP, is of 3 channels. Of
// 16 bits the upper 8 count. What is transparent lies on black. Of several images in a
// file the first counts, on the whole of its canvas. An orientation that metadata ask for
// is left alone, as Pillow does, except in TIFF, for which Pillow applies it.
func decode(b []byte) (picture, error) {
	if len(b) == 0 {
		return picture{}, errors.New("empty, expected an image")
	}
	kind := formatOf(b)
	f, ok := formats[kind]
	if !ok {
		return picture{}, fmt.Errorf("begins with %.12q, which no JPEG, PNG, WebP, GIF, BMP or TIFF image does", b)
	}
	rows, cols, err := f.size(b)
	if err == nil {
		err = checkSize(rows, cols)
	}
	if n := rows * cols; err == nil && n > bombPixels && n/bombRatio > len(b) {
		err = fmt.Errorf("unpacks to %dx%d, expected at most %s pixels or a byte for every %s", rows, cols, data.Thousands(bombPixels), data.Thousands(bombRatio))
	}
	var p picture
	if err == nil {
		decoding.Acquire(context.Background(), int64(rows*cols)) // no error without an end of the context
		defer decoding.Release(int64(rows * cols))
		p, err = f.decode(b)
	}
	if err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = errors.New("cut")
		}
		return picture{}, fmt.Errorf("%s image of %d bytes: %w", kind, len(b), err)
	}
	return p, nil
}

// channelsOf returns how many channels decode makes of an image. It decodes no more
// than it must.
func channelsOf(b []byte) (int, error) {
	switch formatOf(b) {
	case "jpeg":
		_, _, n, err := sizeJPEG(b)
		return min(n, 3), err
	case "webp":
		return 3, nil
	case "png":
		if len(b) > 25 && b[25] != 3 { // kinds of colour: 2 and 6
			return 1 + int(b[25]&2), nil
		}
	}
	p, err := decode(b)
	return p.channels, err
}

// A format decodes images. Its size function reads no more than their heads.
type format struct {
	size   func(b []byte) (rows, cols int, err error)
	decode func(b []byte) (picture, error)
}

var formats = map[string]format{
	"jpeg": {func(b []byte) (rows, cols int, err error) {
		rows, cols, _, err = sizeJPEG(b)
		return
	}, decodeJPEG},
	"png":  {sizePNG, decodePNG},
	"gif":  {sizeGIF, decodeGIF},
	"webp": {sizeWebP, decodeWebP},
	"bmp":  {sizeBMP, decodeBMP},
	"tiff": {sizeTIFF, decodeTIFF},
}

func sizePNG(b []byte) (rows, cols int, err error) {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	return c.Height, c.Width, err
}

func decodePNG(b []byte) (picture, error) {
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return picture{}, err
	}
	p := flatten(m)
	if kind := b[25]; kind == 0 || kind == 4 {
		p = p.first()
	}
	return p, nil
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

// frameGIF returns the place of the first frame by its header, and the size of the
// canvas, which is at least as large as the frame.
func frameGIF(b []byte) (frame, canvas image.Rectangle, err error) {
	if len(b) < 13 {
		return frame, canvas, io.ErrUnexpectedEOF
	}
	canvas = image.Rect(0, 0, int(le.Uint16(b[6:])), int(le.Uint16(b[8:])))
	at := 13
	if b[10]&0x80 != 0 {
		at += 3 << (b[10]&7 + 1)
	}
	for at+10 <= len(b) {
		switch b[at] {
		case ',':
			x, y := int(le.Uint16(b[at+1:])), int(le.Uint16(b[at+3:]))
			frame = image.Rect(x, y, x+int(le.Uint16(b[at+5:])), y+int(le.Uint16(b[at+7:])))
			canvas = canvas.Union(image.Rect(0, 0, frame.Max.X, frame.Max.Y))
			return frame, canvas, nil
		case '!':
			for at += 2; at < len(b) && b[at] > 0; {
				at += 1 + int(b[at])
			}
			at++
		default:
			return frame, canvas, fmt.Errorf("has a block of kind %#x before its first frame", b[at])
		}
	}
	return frame, canvas, io.ErrUnexpectedEOF
}

func sizeGIF(b []byte) (rows, cols int, err error) {
	_, canvas, err := frameGIF(b)
	return canvas.Dy(), canvas.Dx(), err
}

// decodeGIF decodes the first frame, around which the canvas is transparent if the
// frame may be, and otherwise of the palette's first colour.
func decodeGIF(b []byte) (picture, error) {
	frame, canvas, err := frameGIF(b)
	if err != nil {
		return picture{}, err
	}
	if canvas.Dx() > 0xffff || canvas.Dy() > 0xffff {
		return picture{}, fmt.Errorf("its first frame goes beyond %d pixels", 0xffff)
	}
	head := binary.LittleEndian.AppendUint16(append([]byte(nil), b[:6]...), uint16(canvas.Dx()))
	head = binary.LittleEndian.AppendUint16(head, uint16(canvas.Dy()))
	m, err := gif.Decode(io.MultiReader(bytes.NewReader(head), bytes.NewReader(b[10:])))
	if err != nil {
		return picture{}, err
	}
	first, ok := m.(*image.Paletted)
	if !ok {
		return flatten(m), nil
	}
	whole := first
	if frame != canvas {
		around := uint8(0)
		for i, c := range first.Palette {
			if _, _, _, a := c.RGBA(); a == 0 {
				around = uint8(i)
			}
		}
		whole = image.NewPaletted(canvas, first.Palette)
		for i := range whole.Pix {
			whole.Pix[i] = around
		}
		for y := range first.Rect.Dy() {
			copy(whole.Pix[whole.PixOffset(frame.Min.X, frame.Min.Y+y):], first.Pix[y*first.Stride:][:first.Rect.Dx()])
		}
	}
	return flatten(whole), nil
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

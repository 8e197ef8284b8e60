package corpus

import (
	"errors"
	"fmt"
	"image/color"
	"io"
	"math/bits"
)

// This decoder of BMP stands in for golang.org/x/image/bmp, which reads neither
// images of 16 bits, other masks, runs, nor OS/2's, and takes the fourth byte of a pixel
// for its alpha, which Pillow does not.

// A bmpFile is the header of a BMP file.
type bmpFile struct {
	rows, cols, bits int
	down             bool // the first row is the upper one
	packed           uint32
	masks            [4]uint32 // of red, green, blue and alpha
	palette          color.Palette
	pixels           []byte
}

// How pixels are packed.
const (
	bmpPlain = 0
	bmpRuns8 = 1
	bmpRuns4 = 2
	bmpMasks = 3
)

// openBMP reads a header.
func openBMP(b []byte) (*bmpFile, error) {
	if len(b) < 26 {
		return nil, io.ErrUnexpectedEOF
	}
	at, size := int64(le.Uint32(b[10:])), int(le.Uint32(b[14:]))
	f, entry, colours := &bmpFile{}, 4, 0
	if size == 12 {
		f.cols, f.rows, f.bits = int(le.Uint16(b[18:])), int(le.Uint16(b[20:])), int(le.Uint16(b[24:]))
		entry = 3
	} else {
		if size < 40 || len(b) < 14+size {
			return nil, io.ErrUnexpectedEOF
		}
		f.cols, f.rows, f.bits = int(int32(le.Uint32(b[18:]))), int(int32(le.Uint32(b[22:]))), int(le.Uint16(b[28:]))
		f.packed, colours = le.Uint32(b[30:]), int(le.Uint32(b[46:]))
		if f.rows < 0 {
			f.rows, f.down = -f.rows, true
		}
	}
	rest := b[14+size:]
	if f.packed == bmpMasks {
		n := 12 // three masks after a short header, or at this place in a long one
		if size >= 56 {
			n = 16
		}
		if len(b) < 54+n {
			return nil, io.ErrUnexpectedEOF
		}
		for i := range n / 4 {
			f.masks[i] = le.Uint32(b[54+4*i:])
		}
		if size == 40 {
			rest = rest[12:]
		}
	}
	switch {
	case f.packed == bmpPlain && f.bits == 16:
		f.masks = [4]uint32{0x7c00, 0x3e0, 0x1f}
	case f.packed == bmpPlain && (f.bits == 24 || f.bits == 32):
		f.masks = [4]uint32{0xff0000, 0xff00, 0xff}
	case f.packed == bmpMasks && (f.bits == 16 || f.bits == 24 || f.bits == 32):
		if f.masks == [4]uint32{} {
			f.masks = [4]uint32{0xff0000, 0xff00, 0xff, 0xff000000}
		}
	case f.packed == bmpPlain && (f.bits == 1 || f.bits == 2 || f.bits == 4), f.packed <= bmpRuns8 && f.bits == 8, f.packed == bmpRuns4 && f.bits == 4:
		if colours == 0 {
			colours = 1 << f.bits
		}
		if colours < 0 || colours > 1<<16 || len(rest) < entry*colours {
			return nil, fmt.Errorf("has a palette of %d colours", colours)
		}
		for i := range min(colours, 1<<f.bits) {
			c := rest[entry*i:]
			f.palette = append(f.palette, color.NRGBA{c[2], c[1], c[0], 255})
		}
		if at == int64(14+size) {
			at += int64(entry * colours) // some forget it
		}
	default:
		return nil, fmt.Errorf("has %d bits a pixel, packed by method %d, which is not read", f.bits, f.packed)
	}
	if at > int64(len(b)) {
		return nil, io.ErrUnexpectedEOF
	}
	f.pixels = b[at:]
	return f, nil
}

func sizeBMP(b []byte) (rows, cols int, err error) {
	f, err := openBMP(b)
	if err != nil {
		return 0, 0, err
	}
	return f.rows, f.cols, nil
}

func decodeBMP(b []byte) (picture, error) {
	f, err := openBMP(b)
	if err != nil {
		return picture{}, err
	}
	p := picture{rows: f.rows, cols: f.cols, channels: 3}
	if f.packed == bmpRuns8 || f.packed == bmpRuns4 {
		p.paint(f.runs(), f.cols, f.palette)
		return p, nil
	}
	line := ceil(f.cols*f.bits, 32) * 4
	if len(f.pixels) < line*(f.rows-1)+ceil(f.cols*f.bits, 8) {
		return picture{}, io.ErrUnexpectedEOF
	}
	row := func(y int) []byte {
		if !f.down {
			y = f.rows - 1 - y
		}
		return f.pixels[y*line:]
	}
	if f.palette != nil {
		index := make([]uint8, f.rows*f.cols)
		for y := range f.rows {
			r := row(y)
			for x := range f.cols {
				bit := x * f.bits
				index[y*f.cols+x] = r[bit/8] >> (8 - f.bits - bit%8) & (1<<f.bits - 1)
			}
		}
		p.paint(index, f.cols, f.palette)
		return p, nil
	}
	var shift [4]int
	for i, m := range f.masks {
		if shift[i] = bits.TrailingZeros32(m) & 31; bits.OnesCount32(m) > 8 || m>>shift[i]&(m>>shift[i]+1) != 0 {
			return picture{}, errors.New("has a mask of more than 8 bits or with a gap, which is not read")
		}
	}
	size := f.bits / 8
	for y := range f.rows {
		r := row(y)
		for x := range f.cols {
			var v uint32
			for k := range size {
				v |= uint32(r[x*size+k]) << (8 * k)
			}
			var c [4]uint8
			for i, m := range f.masks {
				if m != 0 {
					c[i] = uint8(v & m >> shift[i] * 255 / (m >> shift[i]))
				}
			}
			if f.masks[3] == 0 {
				c[3] = 255
			}
			p.pixels = append(p.pixels, times(c[0], c[3]), times(c[1], c[3]), times(c[2], c[3]))
		}
	}
	return p, nil
}

// runs unpacks places in the palette, of which those that are not given are 0.
func (f *bmpFile) runs() []uint8 {
	index := make([]uint8, f.rows*f.cols)
	x, y := 0, 0
	set := func(v uint8) {
		if x < f.cols && y < f.rows {
			index[(f.rows-1-y)*f.cols+x] = v
		}
		x++
	}
	half := func(v uint8, i int) uint8 { // of a byte with two pixels
		if i%2 == 0 {
			return v >> 4
		}
		return v & 15
	}
	for b := f.pixels; len(b) > 1 && y < f.rows; {
		n, v := int(b[0]), b[1]
		b = b[2:]
		switch {
		case n > 0:
			for i := range n {
				if f.bits == 4 {
					set(half(v, i))
				} else {
					set(v)
				}
			}
		case v == 0:
			x, y = 0, y+1
		case v == 1:
			return index
		case v == 2:
			if len(b) < 2 {
				return index
			}
			x, y = x+int(b[0]), y+int(b[1])
			b = b[2:]
		default:
			n, length := int(v), int(v)
			if f.bits == 4 {
				length = ceil(n, 2)
			}
			if length > len(b) {
				return index
			}
			for i := range n {
				if f.bits == 4 {
					set(half(b[i/2], i))
				} else {
					set(b[i])
				}
			}
			b = b[min(length+length%2, len(b)):]
		}
	}
	return index
}

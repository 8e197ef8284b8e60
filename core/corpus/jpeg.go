package corpus

import (
	"errors"
	"fmt"
)

// The standard does not settle to the last bit what a JPEG file decodes to. image/jpeg of
// Go's library does not interpolate the colours' samples, and rounds differently from
// libjpeg. Published numbers were measured on what libjpeg decodes. This decoder reads
// the same files as that of Go's library, baseline and progressive, and gives
// libjpeg-turbo's pixels.

// A jpegFile is the state of a decoder. Numbers of blocks and samples are those of
// ITU-T T.81, annex A.
type jpegFile struct {
	b  []byte
	at int

	rows, cols  int
	progressive bool
	components  []jpegComponent
	maxH, maxV  int // sampling factors
	quant       [4]*[64]int32
	huffman     [2][4]*jpegHuffman // DC, AC
	restart     int                // MCUs between restart markers, or 0
	jfif        bool
	adobe       int // the transform of an Adobe marker, or -1
	scans       int

	// Bits that were taken from b and not used: the lowest have of acc.
	acc  uint64
	have int
	run  int // blocks that are at their end, in a progressive scan
}

// A jpegComponent is one plane: Y, or K, say.
type jpegComponent struct {
	id, h, v, tq  int
	quant         *[64]int32 // as it is when the component's first scan begins
	wide, high    int        // samples
	blocks, lines int        // in blocks, filled up to whole MCUs
	samples       []uint8    // in rows of 8·blocks
	coefficients  []int16    // 64 of each block, for a progressive image
	dc            int32      // of the block before
	seen          bool
}

// The most scans of a file. Progressive ones have about ten.
const maxScans = 1000

// zigzag gives the place of each coefficient in its block.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

var errJPEGCut = errors.New("cut")

// decodeJPEG decodes a JPEG image: grey if it has one component, else in colour.
func decodeJPEG(b []byte) (picture, error) {
	d := &jpegFile{b: b, adobe: -1}
	return d.decode(func() {})
}

// decode decodes all of b. It calls read once that is read.
func (d *jpegFile) decode(read func()) (picture, error) {
	if err := d.read(wholeImage); err != nil {
		return picture{}, err
	}
	read()
	for i := range d.components {
		c := &d.components[i]
		if !c.seen {
			return picture{}, errors.New("a component has no scan")
		}
		if d.progressive {
			for k := range c.blocks * c.lines {
				c.transform(k%c.blocks, k/c.blocks, (*[64]int16)(c.coefficients[64*k:]))
			}
			c.coefficients = nil
		}
	}
	return d.picture()
}

// sizeJPEG returns the size of an image and how many components it has.
func sizeJPEG(b []byte) (rows, cols, components int, err error) {
	d := &jpegFile{b: b, adobe: -1}
	err = d.read(headOnly)
	return d.rows, d.cols, len(d.components), err
}

// What read reads: all segments of a file; those up to its frame header; or those of a
// file that has no image but tables for others.
const (
	wholeImage = iota
	headOnly
	tablesOnly
)

// read reads the segments of a file.
func (d *jpegFile) read(what int) error {
	if len(d.b) < 2 || d.b[0] != 0xff || d.b[1] != 0xd8 {
		return errors.New("no start of an image")
	}
	d.at = 2
	for {
		marker, err := d.marker()
		if err != nil {
			return err
		}
		if marker == 0xd9 {
			if d.scans == 0 && what != tablesOnly {
				return errors.New("ends before its first scan")
			}
			return nil
		}
		if marker == 0x01 || 0xd0 <= marker && marker <= 0xd8 {
			continue // of no length
		}
		s, err := d.segment()
		if err != nil {
			return err
		}
		switch marker {
		case 0xc0, 0xc1, 0xc2:
			if err = d.frame(s, marker == 0xc2); err == nil && what == headOnly {
				return nil
			}
		case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf:
			err = fmt.Errorf("is %s: expected a baseline, extended or progressive one of Huffman codes", map[bool]string{false: "lossless or hierarchical", true: "of arithmetic codes"}[marker == 0xc9 || marker == 0xca])
		case 0xc4:
			err = d.tables(s)
		case 0xdb:
			err = d.quantizers(s)
		case 0xdd:
			if len(s) < 2 {
				return errJPEGCut
			}
			d.restart = int(s[0])<<8 | int(s[1])
		case 0xe0:
			d.jfif = d.jfif || len(s) >= 5 && string(s[:5]) == "JFIF\x00"
		case 0xee:
			if len(s) >= 12 && string(s[:5]) == "Adobe" {
				d.adobe = int(s[11])
			}
		case 0xda:
			err = d.scan(s)
		}
		if err != nil {
			return err
		}
	}
}

// marker finds the next marker and returns its second byte.
func (d *jpegFile) marker() (byte, error) {
	for ; d.at+1 < len(d.b); d.at++ {
		if c := d.b[d.at+1]; d.b[d.at] == 0xff && c != 0 && c != 0xff {
			d.at += 2
			return c, nil
		}
	}
	return 0, errJPEGCut
}

// segment returns what follows a marker.
func (d *jpegFile) segment() ([]byte, error) {
	if d.at+2 > len(d.b) {
		return nil, errJPEGCut
	}
	n := int(d.b[d.at])<<8 | int(d.b[d.at+1])
	if n < 2 || d.at+n > len(d.b) {
		return nil, errJPEGCut
	}
	s := d.b[d.at+2 : d.at+n]
	d.at += n
	return s, nil
}

// quantizers reads quantization tables.
func (d *jpegFile) quantizers(s []byte) error {
	for len(s) > 0 {
		wide, k := int(s[0]>>4), s[0]&15
		if wide > 1 || k > 3 || len(s) < 1+64*(1+wide) {
			return errors.New("bad quantization table")
		}
		q := new([64]int32)
		for i := range q {
			if wide == 1 {
				q[zigzag[i]] = int32(s[1+2*i])<<8 | int32(s[2+2*i])
			} else {
				q[zigzag[i]] = int32(s[1+i])
			}
		}
		d.quant[k] = q
		s = s[1+64*(1+wide):]
	}
	return nil
}

// frame reads a frame header.
func (d *jpegFile) frame(s []byte, progressive bool) error {
	if d.components != nil {
		return errors.New("has two frames")
	}
	if len(s) < 6 || len(s) < 6+3*int(s[5]) {
		return errJPEGCut
	}
	if s[0] != 8 {
		return fmt.Errorf("has %d bits a sample, expected 8", s[0])
	}
	d.progressive = progressive
	d.rows, d.cols = int(s[1])<<8|int(s[2]), int(s[3])<<8|int(s[4])
	n := int(s[5])
	if n != 1 && n != 3 && n != 4 {
		return fmt.Errorf("has %d components, expected 1, 3 or 4", n)
	}
	if err := checkSize(d.rows, d.cols); err != nil {
		return err
	}
	d.maxH, d.maxV = 1, 1
	for i := range n {
		c := jpegComponent{id: int(s[6+3*i]), h: int(s[7+3*i] >> 4), v: int(s[7+3*i] & 15), tq: int(s[8+3*i])}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.tq > 3 {
			return fmt.Errorf("a component has the sampling factors %d and %d, expected 1 to 4", c.h, c.v)
		}
		d.maxH, d.maxV = max(d.maxH, c.h), max(d.maxV, c.v)
		d.components = append(d.components, c)
	}
	across, down := ceil(d.cols, 8*d.maxH), ceil(d.rows, 8*d.maxV)
	blocks := 0
	for i := range d.components {
		c := &d.components[i]
		if d.maxH%c.h != 0 || d.maxV%c.v != 0 {
			return fmt.Errorf("the sampling factors %d and %d of a component divide not those of the image, %d and %d", c.h, c.v, d.maxH, d.maxV)
		}
		c.wide, c.high = ceil(d.cols*c.h, d.maxH), ceil(d.rows*c.v, d.maxV)
		c.blocks, c.lines = across*c.h, down*c.v
		blocks += ceil(c.wide, 8) * ceil(c.high, 8)
	}
	if blocks/8 > len(d.b) { // each takes a bit or more
		return errJPEGCut
	}
	return nil
}

func ceil(a, b int) int { return (a + b - 1) / b }

// allocate makes room for a component that is scanned for the first time.
func (c *jpegComponent) allocate(progressive bool) {
	c.samples = make([]uint8, 64*c.blocks*c.lines)
	if progressive {
		c.coefficients = make([]int16, 64*c.blocks*c.lines)
	}
}

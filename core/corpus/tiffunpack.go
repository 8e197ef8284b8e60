package corpus

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff/lzw"
)

// unpack returns the rows of a part, or as many bytes as it holds of them, of its
// own.
func (f *tiffFile) unpack(b []byte, wide, rows, within, most int) ([]byte, error) {
	fax := f.compression == tiffFax3 || f.compression == tiffFax4
	if f.one(tiffFillOrder, 1) == 2 && !fax {
		b = reversed(b)
	}
	var r io.Reader
	var err error
	switch f.compression {
	case 1:
		r = bytes.NewReader(b)
	case tiffFax3, tiffFax4:
		if f.one(tiffFaxOptions, 0)&1 != 0 && f.compression == tiffFax3 {
			return nil, errors.New("is a fax of two dimensions in group 3, which is not read")
		}
		if f.bits != 1 || f.samples != 1 {
			return nil, errors.New("is a fax of more than 1 bit a pixel")
		}
		order, kind := ccitt.MSB, ccitt.Group3
		if f.one(tiffFillOrder, 1) == 2 {
			order = ccitt.LSB
		}
		if f.compression == tiffFax4 {
			kind = ccitt.Group4
		}
		r = ccitt.NewReader(bytes.NewReader(b), order, kind, wide, rows, &ccitt.Options{Invert: true})
	case tiffLZW:
		z := lzw.NewReader(bytes.NewReader(b), lzw.MSB, 8)
		defer z.Close()
		r = z
	case tiffDeflate, tiffDeflateOld:
		r, err = zlib.NewReader(bytes.NewReader(b))
	case tiffZstd:
		r, err = uncompressed(bytes.NewReader(b))
	case tiffPackBits:
		return unpackBits(b, most), nil
	case tiffJPEG:
		return f.jpeg(b, wide, rows, within)
	default:
		return nil, fmt.Errorf("is packed by method %d of TIFF, which is not read", f.compression)
	}
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, int64(most)))
	if len(out) == most {
		err = nil // what follows does not matter
	}
	return out, err
}

// unpackBits unpacks what Apple's PackBits packed.
func unpackBits(b []byte, most int) []byte {
	var out []byte
	for len(b) > 1 && len(out) < most {
		n := int(int8(b[0]))
		switch {
		case n >= 0:
			n = min(n+1, len(b)-1)
			out = append(out, b[1:1+n]...)
			b = b[1+n:]
		case n == -128:
			b = b[1:]
		default:
			out = append(out, bytes.Repeat(b[1:2], 1-n)...)
			b = b[2:]
		}
	}
	return out
}

// reversed returns bytes whose bits are in the other order.
func reversed(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		for range 8 {
			out[i] = out[i]<<1 | c&1
			c >>= 1
		}
	}
	return out
}

// jpeg decodes a part that is a JPEG image, whose tables may stand elsewhere, to
// grey or to red, green and blue.
func (f *tiffFile) jpeg(b []byte, wide, rows, within int) ([]byte, error) {
	d := &jpegFile{adobe: -1}
	if t := f.tags[tiffJPEGTables].values; len(t) > 0 {
		d.b = t
		if err := d.read(tablesOnly); err != nil {
			return nil, err
		}
	}
	d.b = b
	p, err := d.decode(func() {
		// The TIFF file, not the JPEG image, says what its components are.
		d.jfif, d.adobe = false, 0
		if f.photometric == tiffYCbCr {
			d.adobe = 1
		}
	})
	if err != nil {
		return nil, err
	}
	if p.channels != within || len(d.components) == 4 || p.cols != wide || p.rows < rows {
		return nil, fmt.Errorf("has a JPEG part of %dx%dx%d, expected %dx%dx%d", p.rows, p.cols, len(d.components), rows, wide, within)
	}
	return p.pixels, nil
}

package corpus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// This decoder of TIFF stands in for golang.org/x/image/tiff, which takes planes for
// pixels and faxes for their negatives, and reads neither JPEG within TIFF, nor grey
// with alpha, nor inks, all of which Pillow writes.

// maxTile bounds the side of a tile that is larger than its image.
const maxTile = 1024

// Tags of TIFF 6.0 and what they are called there.
const (
	tiffWidth         = 256
	tiffLength        = 257
	tiffBits          = 258
	tiffCompression   = 259
	tiffPhotometric   = 262
	tiffFillOrder     = 266
	tiffStrips        = 273
	tiffOrientation   = 274
	tiffSamples       = 277
	tiffRowsPerStrip  = 278
	tiffStripBytes    = 279
	tiffPlanar        = 284
	tiffFaxOptions    = 292
	tiffPredictor     = 317
	tiffColours       = 320
	tiffTileWidth     = 322
	tiffTileLength    = 323
	tiffTiles         = 324
	tiffTileBytes     = 325
	tiffExtraSamples  = 338
	tiffSampleFormat  = 339
	tiffJPEGTables    = 347
	maxTIFFSamples    = 8 // a pixel
	tiffWhiteIsZero   = 0
	tiffBlackIsZero   = 1
	tiffRGB           = 2
	tiffPalette       = 3
	tiffInks          = 5
	tiffYCbCr         = 6
	tiffFax3          = 3
	tiffFax4          = 4
	tiffLZW           = 5
	tiffJPEG          = 7
	tiffDeflate       = 8
	tiffPackBits      = 32773
	tiffDeflateOld    = 32946
	tiffZstd          = 50000
	tiffPremultiplied = 1
	tiffAlpha         = 2
)

// A tiffFile is the first image of a TIFF file.
type tiffFile struct {
	b     []byte
	order binary.ByteOrder
	tags  map[uint16]tiffTag

	rows, cols, bits, samples int
	photometric, compression  int
	planes                    bool // one after the other
}

// A tiffTag is a tag's values, of size bytes each.
type tiffTag struct {
	values []byte
	size   int
}

// openTIFF reads the tags of the first image.
func openTIFF(b []byte) (*tiffFile, error) {
	f := &tiffFile{b: b, order: binary.LittleEndian, tags: map[uint16]tiffTag{}}
	if len(b) < 8 {
		return nil, io.ErrUnexpectedEOF
	}
	if b[0] == 'M' {
		f.order = binary.BigEndian
	}
	at := int64(f.order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return nil, io.ErrUnexpectedEOF
	}
	entries := b[at+2:]
	for range f.order.Uint16(b[at:]) {
		if len(entries) < 12 {
			return nil, io.ErrUnexpectedEOF
		}
		e := entries[:12]
		entries = entries[12:]
		size := map[uint16]int{1: 1, 3: 2, 4: 4, 7: 1}[f.order.Uint16(e[2:])]
		if size == 0 {
			continue // fractions and text
		}
		n := int64(f.order.Uint32(e[4:])) * int64(size)
		values := e[8:]
		if n > 4 {
			from := int64(f.order.Uint32(values))
			if from+n > int64(len(b)) {
				continue // of what is not needed; the rest is missed
			}
			values = b[from:]
		}
		f.tags[f.order.Uint16(e)] = tiffTag{values[:n], size}
	}
	f.rows, f.cols = f.one(tiffLength, 0), f.one(tiffWidth, 0)
	f.bits, f.samples = f.one(tiffBits, 1), f.one(tiffSamples, 1)
	f.photometric, f.compression = f.one(tiffPhotometric, -1), f.one(tiffCompression, 1)
	f.planes = f.one(tiffPlanar, 1) == 2 && f.samples > 1
	return f, nil
}

// all returns a tag's values, up to most of them, nil if there is none.
func (f *tiffFile) all(tag uint16, most int) []int {
	t := f.tags[tag]
	var v []int
	for b := t.values; len(b) > 0 && len(v) < most; b = b[t.size:] {
		switch t.size {
		case 1:
			v = append(v, int(b[0]))
		case 2:
			v = append(v, int(f.order.Uint16(b)))
		case 4:
			v = append(v, int(f.order.Uint32(b)))
		}
	}
	return v
}

// one returns a tag's first value.
func (f *tiffFile) one(tag uint16, otherwise int) int {
	if v := f.all(tag, 1); len(v) > 0 {
		return v[0]
	}
	return otherwise
}

func sizeTIFF(b []byte) (rows, cols int, err error) {
	f, err := openTIFF(b)
	if err != nil {
		return 0, 0, err
	}
	if o := f.one(tiffOrientation, 1); 5 <= o && o <= 8 {
		return f.cols, f.rows, nil
	}
	return f.rows, f.cols, nil
}

// decodeTIFF decodes the first image and turns it as its orientation says.
func decodeTIFF(b []byte) (picture, error) {
	f, err := openTIFF(b)
	if err != nil {
		return picture{}, err
	}
	s, err := f.read()
	if err != nil {
		return picture{}, err
	}
	p, err := f.picture(s)
	if err != nil {
		return picture{}, err
	}
	return p.turned(f.one(tiffOrientation, 1)), nil
}

// check returns an error for what is not read.
func (f *tiffFile) check() error {
	if f.samples < 1 || f.samples > maxTIFFSamples {
		return fmt.Errorf("has %d samples a pixel, expected 1 to %d", f.samples, maxTIFFSamples)
	}
	for _, n := range f.all(tiffBits, maxTIFFSamples) {
		if n != f.bits {
			return errors.New("has samples of several sizes, which are not read")
		}
	}
	switch f.bits {
	case 8, 16:
	case 1, 2, 4:
		if f.samples > 1 {
			return fmt.Errorf("has %d samples of %d bits a pixel, which are not read", f.samples, f.bits)
		}
	default:
		return fmt.Errorf("has %d bits a sample, expected 1, 2, 4, 8 or 16", f.bits)
	}
	for _, n := range f.all(tiffSampleFormat, maxTIFFSamples) {
		if n != 1 && n != 4 {
			return errors.New("has samples that are no natural numbers, which are not read")
		}
	}
	switch p := f.one(tiffPredictor, 1); {
	case p == 2 && f.bits < 8:
		return fmt.Errorf("has differences of samples of %d bits, which are not read", f.bits)
	case p != 1 && p != 2:
		return fmt.Errorf("has the predictor %d, expected 1 or 2", p)
	}
	return nil
}

// read returns the samples of all pixels: 8 bits each, the upper ones of 16, or as
// many as the file has.
func (f *tiffFile) read() ([]uint8, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	wide, high := f.cols, min(f.one(tiffRowsPerStrip, f.rows), f.rows)
	places, sizes := uint16(tiffStrips), uint16(tiffStripBytes)
	_, tiled := f.tags[tiffTileWidth]
	if tiled {
		wide, high = f.one(tiffTileWidth, 0), f.one(tiffTileLength, 0)
		places, sizes = tiffTiles, tiffTileBytes
	}
	if wide < 1 || wide > max(f.cols, maxTile) || high < 1 || high > max(f.rows, maxTile) {
		return nil, fmt.Errorf("has parts of %dx%d, expected no more than the image or %d has", high, wide, maxTile)
	}
	if err := checkSize(high, wide); err != nil {
		return nil, fmt.Errorf("a part %w", err)
	}
	across, down, planes, within := ceil(f.cols, wide), ceil(f.rows, high), 1, f.samples
	if f.planes {
		planes, within = f.samples, 1
	}
	if across*down > 4*maxPixels/(wide*high) {
		return nil, errors.New("has parts that are together much larger than the image")
	}
	parts := across * down * planes
	at, size := f.all(places, parts), f.all(sizes, parts)
	if n := min(len(at), len(size)); n < parts {
		return nil, fmt.Errorf("has %d parts, expected %d", n, parts)
	}
	samples := make([]uint8, f.rows*f.cols*f.samples)
	for i := range parts {
		plane, k := i/(across*down), i%(across*down)
		y, x := k/across*high, k%across*wide
		rows := high
		if !tiled {
			rows = min(high, f.rows-y)
		}
		if at[i] > len(f.b) || size[i] > len(f.b)-at[i] {
			return nil, io.ErrUnexpectedEOF
		}
		line := ceil(wide*within*f.bits, 8)
		part, err := f.unpack(f.b[at[i]:at[i]+size[i]], wide, rows, within, line*rows)
		if err != nil {
			return nil, err
		}
		if len(part) < line*rows {
			return nil, io.ErrUnexpectedEOF
		}
		for r := range min(rows, f.rows-y) {
			row := part[r*line:][:line]
			f.add(row, within)
			dst := samples[((y+r)*f.cols+x)*f.samples+plane:]
			for c := range min(wide, f.cols-x) {
				for s := range within {
					dst[c*f.samples+s] = f.sample(row, c*within+s)
				}
			}
		}
	}
	return samples, nil
}

// add adds up a row of differences.
func (f *tiffFile) add(row []uint8, within int) {
	if f.one(tiffPredictor, 1) != 2 {
		return
	}
	if f.bits == 8 {
		for i := within; i < len(row); i++ {
			row[i] += row[i-within]
		}
		return
	}
	for i := 2 * within; i+1 < len(row); i += 2 {
		f.order.PutUint16(row[i:], f.order.Uint16(row[i:])+f.order.Uint16(row[i-2*within:]))
	}
}

package corpus

import (
	"encoding/binary"
	"fmt"
)

// sample returns sample i of a row.
func (f *tiffFile) sample(row []uint8, i int) uint8 {
	switch f.bits {
	case 8:
		return row[i]
	case 16:
		if f.order == binary.BigEndian {
			return row[2*i]
		}
		return row[2*i+1]
	}
	bit := i * f.bits
	return row[bit/8] >> (8 - f.bits - bit%8) & (1<<f.bits - 1)
}

// picture makes an image of samples.
func (f *tiffFile) picture(s []uint8) (picture, error) {
	p := picture{rows: f.rows, cols: f.cols, channels: 3}
	kind := f.photometric
	if kind == tiffYCbCr && f.compression == tiffJPEG {
		kind = tiffRGB
	}
	colours := map[int]int{tiffWhiteIsZero: 1, tiffBlackIsZero: 1, tiffRGB: 3, tiffPalette: 1, tiffInks: 4}[kind]
	if colours == 0 || f.samples < colours {
		return picture{}, fmt.Errorf("has the colours %d of TIFF in %d samples a pixel, which are not read", f.photometric, f.samples)
	}
	if kind == tiffPalette {
		return f.paint(p, s)
	}
	alpha := 0
	if f.samples > colours {
		alpha = f.one(tiffExtraSamples, tiffAlpha)
	}
	if colours == 1 {
		p.channels = 1
	}
	p.pixels = make([]uint8, 0, f.rows*f.cols*p.channels)
	scale := uint8(1)
	if f.bits < 8 {
		scale = 255 / (1<<f.bits - 1)
	}
	for ; len(s) > 0; s = s[f.samples:] {
		if kind == tiffInks {
			k := 255 - s[3]
			p.pixels = append(p.pixels, inked(255-s[0], k), inked(255-s[1], k), inked(255-s[2], k))
			continue
		}
		for _, v := range s[:colours] {
			v *= scale
			if kind == tiffWhiteIsZero {
				v = 255 - v
			}
			switch alpha {
			case tiffPremultiplied:
				v = min(v, s[colours])
			case tiffAlpha:
				v = times(v, s[colours])
			}
			p.pixels = append(p.pixels, v)
		}
	}
	return p, nil
}

// paint makes an image of places in the palette, whose colours have 16 bits.
func (f *tiffFile) paint(p picture, s []uint8) (picture, error) {
	n := 1 << min(f.bits, 8)
	c := f.all(tiffColours, 3*n)
	if f.bits > 8 || len(c) < 3*n {
		return picture{}, fmt.Errorf("has %d colours in its palette, expected %d", len(c)/3, n)
	}
	p.channels = 1
	for i := range n {
		if c[i]>>8 != c[n+i]>>8 || c[i]>>8 != c[2*n+i]>>8 {
			p.channels = 3
		}
	}
	for ; len(s) > 0; s = s[f.samples:] {
		for k := range p.channels {
			p.pixels = append(p.pixels, uint8(c[k*n+int(s[0])]>>8))
		}
	}
	return p, nil
}

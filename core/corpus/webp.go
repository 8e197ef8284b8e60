package corpus

import (
	"bytes"
	"errors"
	"image"
	"io"

	"golang.org/x/image/webp"
)

// A webpFile is what is decoded of a WebP file: its image, or the first one of an
// animation.
type webpFile struct {
	image      []byte // a file of its own, with neither metadata nor frames
	rows, cols int    // of the canvas
	y, x       int    // the image's place on it
}

// chunk parts the first chunk from what follows it.
func chunk(b []byte) (id string, data, rest []byte, err error) {
	if len(b) < 8 {
		return "", nil, nil, io.ErrUnexpectedEOF
	}
	n := uint64(le.Uint32(b[4:]))
	if n > uint64(len(b)-8) {
		return "", nil, nil, io.ErrUnexpectedEOF
	}
	return string(b[:4]), b[8 : 8+n], b[min(8+n+n%2, uint64(len(b))):], nil
}

// appendChunk adds a chunk.
func appendChunk(b []byte, id string, data []byte) []byte {
	b = append(append(b, id...), 0, 0, 0, 0)
	le.PutUint32(b[len(b)-4:], uint32(len(data)))
	b = append(b, data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// openWebP finds the image in a WebP file.
func openWebP(b []byte) (*webpFile, error) {
	if len(b) < 12 {
		return nil, io.ErrUnexpectedEOF
	}
	f := &webpFile{}
	var extended, alpha, body []byte
	kind := ""
	for b = b[12:]; kind == ""; {
		id, data, rest, err := chunk(b)
		if err != nil {
			return nil, err
		}
		switch id {
		case "VP8X":
			if len(data) < 10 {
				return nil, io.ErrUnexpectedEOF
			}
			extended = bytes.Clone(data[:10])
			f.cols, f.rows = uint24(data[4:])+1, uint24(data[7:])+1
		case "ANMF":
			if len(data) < 16 || extended == nil {
				return nil, errors.New("has a bad frame")
			}
			f.x, f.y = 2*uint24(data), 2*uint24(data[3:])
			copy(extended[4:], data[6:12])
			rest = data[16:]
		case "ALPH":
			alpha = data
		case "VP8 ", "VP8L":
			kind, body = id, data
		}
		b = rest
	}
	f.image = append(f.image, "RIFF....WEBP"...)
	if kind == "VP8 " && alpha != nil && extended != nil {
		clear(extended[:4])
		extended[0] = 1 << 4
		f.image = appendChunk(f.image, "VP8X", extended)
		f.image = appendChunk(f.image, "ALPH", alpha)
	}
	f.image = appendChunk(f.image, kind, body)
	le.PutUint32(f.image[4:], uint32(len(f.image)-8))
	c, err := webp.DecodeConfig(bytes.NewReader(f.image))
	if err != nil {
		return nil, err
	}
	if extended == nil {
		f.rows, f.cols = c.Height, c.Width
	}
	if c.Height > f.rows-f.y || c.Width > f.cols-f.x {
		return nil, errors.New("has an image that is larger than its canvas")
	}
	return f, nil
}

func sizeWebP(b []byte) (rows, cols int, err error) {
	f, err := openWebP(b)
	if err != nil {
		return 0, 0, err
	}
	return f.rows, f.cols, nil
}

func decodeWebP(b []byte) (picture, error) {
	f, err := openWebP(b)
	if err != nil {
		return picture{}, err
	}
	m, err := webp.Decode(bytes.NewReader(f.image))
	if err != nil {
		return picture{}, err
	}
	var p picture
	switch m := m.(type) {
	case *image.YCbCr:
		p = videoColours(m)
	case *image.NYCbCrA:
		p = videoColours(&m.YCbCr)
		for i := range p.pixels {
			p.pixels[i] = times(p.pixels[i], m.A[i/3/p.cols*m.AStride+i/3%p.cols])
		}
	default:
		p = flatten(m)
	}
	if p.rows == f.rows && p.cols == f.cols {
		return p, nil
	}
	q := picture{f.rows, f.cols, 3, make([]uint8, 3*f.rows*f.cols)}
	for y := range p.rows {
		copy(q.pixels[3*((f.y+y)*f.cols+f.x):], p.pixels[3*y*p.cols:][:3*p.cols])
	}
	return q, nil
}

// videoColours returns the colours of a lossy WebP image, whose luminance is 16 to
// 235 and whose chroma is of half the size, as libwebp does: each pixel takes 9 of
// 16 parts of the nearest chroma sample, 3 of the next in its row and in its column
// each, and 1 of the one across.
func videoColours(m *image.YCbCr) picture {
	p := picture{rows: m.Rect.Dy(), cols: m.Rect.Dx(), channels: 3}
	p.pixels = make([]uint8, 0, 3*p.rows*p.cols)
	wide, high := ceil(p.cols, 2), ceil(p.rows, 2)
	u, v := make([]uint8, p.cols), make([]uint8, p.cols)
	for y := range p.rows {
		near := y / 2
		far := min(max(near-1+y%2*2, 0), high-1)
		line := func(dst, plane []uint8) {
			videoChroma(dst, plane[near*m.CStride:][:wide], plane[far*m.CStride:][:wide])
		}
		line(u, m.Cb)
		line(v, m.Cr)
		for x, l := range m.Y[y*m.YStride:][:p.cols] {
			r, g, b := videoColour(l, u[x], v[x])
			p.pixels = append(p.pixels, r, g, b)
		}
	}
	return p
}

// videoChroma writes a row of chroma that lies between two rows of samples.
func videoChroma(dst, near, far []uint8) {
	for x := range dst {
		i := x / 2
		k := i - 1 + x%2*2 // the next sample
		if k < 0 || k >= len(near) {
			dst[x] = uint8((3*uint32(near[i]) + uint32(far[i]) + 2) >> 2)
			continue
		}
		a, b, c, d := uint32(near[i]), uint32(near[k]), uint32(far[i]), uint32(far[k])
		dst[x] = uint8(((a+b+c+d+8+2*(b+c))>>3 + a) >> 1)
	}
}

// videoColour is the colour of a luminance and chroma of ITU-R 601 in libwebp's
// arithmetic, of 14 bits before and 6 after the point.
func videoColour(y, u, v uint8) (r, g, b uint8) {
	l, cb, cr := int32(y)*19077>>8, int32(u), int32(v)
	return clip((l + cr*26149>>8 - 14234) >> 6), clip((l - cb*6419>>8 - cr*13320>>8 + 8708) >> 6), clip((l + cb*33050>>8 - 17685) >> 6)
}

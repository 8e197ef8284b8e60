package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"

	"golang.org/x/sync/semaphore"

	"ganbel/core/data"
)

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

package corpus

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/gif"
	"io"
)

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

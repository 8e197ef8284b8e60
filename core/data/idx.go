package data

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// An IDXHead is the head of an idx file, the format of MNIST: two zeros, what its
// numbers are, how many dimensions there are, and the size of each in four bytes, the
// greatest first.
type IDXHead struct {
	Type  byte // of a number: 8 for a byte, 12 for an int32
	Shape []int
}

// The types of number that an idx file may have.
const (
	idxByte = 0x08
	idxInt  = 0x0c
)

// idxTypes are all that the format knows, with their names and sizes in bytes.
var idxTypes = map[byte]struct {
	name string
	size int
}{idxByte: {"uint8", 1}, 0x09: {"int8", 1}, 0x0b: {"int16", 2}, idxInt: {"int32", 4}, 0x0d: {"float32", 4}, 0x0e: {"float64", 8}}

// maxIDX bounds what a head may ask for, in bytes: EMNIST's largest file has 547 MB.
const maxIDX = 1 << 30

// mostIDX is the most dimensions that a head may have.
const mostIDX = 8

// String describes the numbers of a file, such as "uint8 in 3 dimensions".
func (h IDXHead) String() string {
	return fmt.Sprintf("%s in %d dimensions", idxTypes[h.Type].name, len(h.Shape))
}

// Images reports whether the file holds images: bytes in three dimensions.
func (h IDXHead) Images() bool { return h.Type == idxByte && len(h.Shape) == 3 }

// Labels reports whether the file holds labels: bytes in one dimension, or int32 in one
// or two, the first number of each row, as QMNIST has them.
func (h IDXHead) Labels() bool {
	return h.Type == idxByte && len(h.Shape) == 1 || h.Type == idxInt && (len(h.Shape) == 1 || len(h.Shape) == 2)
}

// PeekIDX returns the head of an idx file whose first bytes, unpacked, are b. ok is
// false for any other file.
func PeekIDX(b []byte) (h IDXHead, ok bool) {
	if len(b) < 8 || b[0] != 0 || b[1] != 0 || idxTypes[b[2]].size == 0 || b[3] < 1 || b[3] > mostIDX || len(b) < 4+4*int(b[3]) {
		return h, false
	}
	h.Type = b[2]
	for i := range int(b[3]) {
		h.Shape = append(h.Shape, int(binary.BigEndian.Uint32(b[4+4*i:])))
	}
	return h, true
}

// ReadImages reads images and labels in the idx format of MNIST, gzipped or not;
// labels may be nil. It returns an error for what is cut, too long, or something else.
func ReadImages(images, labels io.Reader) (*Images, error) {
	m, err := ReadIDXImages(images)
	if err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	if labels != nil {
		if m.Labels, err = ReadIDXLabels(labels); err != nil {
			return nil, fmt.Errorf("labels: %w", err)
		}
		if len(m.Labels) != m.Count() {
			return nil, fmt.Errorf("%d labels for %d images", len(m.Labels), m.Count())
		}
	}
	return m, nil
}

// ReadIDXImages reads an idx file of grey images, gzipped or not.
func ReadIDXImages(r io.Reader) (*Images, error) {
	h, b, err := readIDX(r, imagesKind)
	if err != nil {
		return nil, err
	}
	return &Images{Rows: h.Shape[1], Cols: h.Shape[2], Channels: 1, Pixels: b}, nil
}

// ReadIDXLabels reads an idx file of labels from 0 to 255, gzipped or not.
func ReadIDXLabels(r io.Reader) ([]uint8, error) {
	h, b, err := readIDX(r, labelsKind)
	if err != nil || h.Type == idxByte {
		return b, err
	}
	row := 4
	if len(h.Shape) == 2 {
		row *= h.Shape[1]
	}
	labels := make([]uint8, h.Shape[0])
	for i := range labels {
		y := binary.BigEndian.Uint32(b[i*row:])
		if y > 255 {
			return nil, fmt.Errorf("label %d is %d, expected 0 to 255", i, int32(y))
		}
		labels[i] = uint8(y)
	}
	return labels, nil
}

// An idxKind is what an idx file is expected to hold.
type idxKind struct {
	is   func(IDXHead) bool
	want string
}

var (
	imagesKind = idxKind{IDXHead.Images, "images are uint8 in 3 dimensions, which begin with 0x803"}
	labelsKind = idxKind{IDXHead.Labels, "labels are uint8 in 1 dimension, which begin with 0x801, or int32 in 1 or 2"}
)

// readIDX reads a whole idx file, gzipped or not.
func readIDX(r io.Reader, kind idxKind) (IDXHead, []byte, error) {
	in, err := MaybeGunzip(r)
	if err != nil {
		return IDXHead{}, nil, fmt.Errorf("broken gzip: %w", err)
	}
	h, b, err := nextIDX(in, kind)
	if err == nil {
		err = atEnd(in)
	}
	return h, b, err
}

// nextIDX reads an idx file, and not beyond it.
func nextIDX(r io.Reader, kind idxKind) (h IDXHead, content []byte, err error) {
	head := make([]byte, 4, 4+4*mostIDX)
	if _, err := io.ReadFull(r, head); err != nil {
		return h, nil, fmt.Errorf("the header is cut: %w", err)
	}
	if head[0] != 0 || head[1] != 0 || idxTypes[head[2]].size == 0 || head[3] < 1 || head[3] > mostIDX {
		return h, nil, fmt.Errorf("begins with %#x, which no idx file does: %s", head, kind.want)
	}
	head = head[:4+4*int(head[3])]
	if _, err := io.ReadFull(r, head[4:]); err != nil {
		return h, nil, fmt.Errorf("the header is cut: %w", err)
	}
	h.Type = head[2]
	size := uint64(idxTypes[h.Type].size)
	for at := 4; at < len(head); at += 4 {
		d := binary.BigEndian.Uint32(head[at:])
		h.Shape = append(h.Shape, int(d))
		if size *= uint64(d); size == 0 || size > maxIDX {
			return h, nil, fmt.Errorf("the header's shape %v is empty or too large: at most %d bytes are read", h.Shape, maxIDX)
		}
	}
	if !kind.is(h) {
		return h, nil, fmt.Errorf("an idx file of %v: %s", h, kind.want)
	}
	content, err = io.ReadAll(io.LimitReader(r, int64(size)))
	if err != nil {
		return h, nil, fmt.Errorf("broken after %d of %d bytes: %w", len(content), size, err)
	}
	if uint64(len(content)) != size {
		return h, nil, fmt.Errorf("%d bytes, the header says %d", len(content), size)
	}
	return h, slices.Clip(content), nil
}

// atEnd returns an error if a file does not end here.
func atEnd(r io.Reader) error {
	if n, err := io.Copy(io.Discard, io.LimitReader(r, 1)); err != nil {
		return fmt.Errorf("broken at its end: %w", err)
	} else if n > 0 {
		return errors.New("more bytes than the header says")
	}
	return nil
}

package data

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"math"
	"slices"
	"unicode/utf8"
)

// A Tensor is numbers with a shape, row by row.
type Tensor struct {
	Shape []int
	Data  []float32
}

// A Store is what a safetensors file holds. All its names and texts are UTF-8.
// No name is in both Tensors and Bytes, and none is "__metadata__".
type Store struct {
	Meta    map[string]string
	Tensors map[string]Tensor // of F32
	Bytes   map[string][]byte // of U8, in one dimension; nil where there are none
	// Digest says that the file carries a digest of itself: WriteSafetensors adds it, and
	// ReadSafetensors has verified it. It is not in Meta.
	Digest bool
}

// entry is a tensor in the header.
type entry struct {
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets []uint64 `json:"data_offsets"`
}

// metadata is the header's field that is no tensor.
const metadata = "__metadata__"

// The most that a file may ask a reader to hold.
const (
	maxHeader   = 100 << 20 // bytes; the format's own bound
	maxElements = 1 << 34   // of one tensor
)

// WriteSafetensors writes s in the safetensors format: the length of the header
// in 8 bytes, the header as JSON, then all numbers, little-endian, the tensors in
// the order of their names, and those of bytes after the others. The same store
// gives the same bytes. It returns an error for a name or text that the format
// cannot hold, and panics where a shape and its numbers disagree, or a name comes
// twice.
func WriteSafetensors(w io.Writer, s Store) error {
	if _, taken := s.Meta[digestName]; s.Digest && taken {
		return fmt.Errorf("safetensors: the text %q is the digest's", digestName)
	}
	if s.Digest {
		meta := maps.Clone(s.Meta)
		if meta == nil {
			meta = map[string]string{}
		}
		meta[digestName] = noDigest
		s.Meta = meta
		return writeDigested(w, func(w io.Writer) error { return writeSafetensors(w, s) })
	}
	return writeSafetensors(w, s)
}

func writeSafetensors(w io.Writer, s Store) error {
	header := map[string]any{}
	for name, text := range s.Meta {
		if !utf8.ValidString(name) || !utf8.ValidString(text) {
			return fmt.Errorf("safetensors: metadata %q: %q is not UTF-8", name, text)
		}
	}
	if len(s.Meta) > 0 {
		header[metadata] = s.Meta
	}
	names, at := slices.Sorted(maps.Keys(s.Tensors)), uint64(0)
	for _, name := range names {
		t, n := s.Tensors[name], 1
		for _, d := range t.Shape {
			n *= max(d, 0)
		}
		if n != len(t.Data) {
			panic(fmt.Sprintf("data: tensor %q of shape %v has %d numbers", name, t.Shape, len(t.Data)))
		}
		if name == metadata || !utf8.ValidString(name) {
			return fmt.Errorf("safetensors: no tensor can be called %q", name)
		}
		end := at + 4*uint64(n)
		header[name] = entry{"F32", append([]int{}, t.Shape...), []uint64{at, end}}
		at = end
	}
	bytes := slices.Sorted(maps.Keys(s.Bytes))
	for _, name := range bytes {
		if name == metadata || !utf8.ValidString(name) {
			return fmt.Errorf("safetensors: no tensor can be called %q", name)
		}
		if _, twice := s.Tensors[name]; twice {
			panic(fmt.Sprintf("data: there are numbers and bytes called %q", name))
		}
		end := at + uint64(len(s.Bytes[name]))
		header[name] = entry{"U8", []int{len(s.Bytes[name])}, []uint64{at, end}}
		at = end
	}
	h, err := json.Marshal(header)
	if err != nil {
		return err
	}
	for len(h)%8 != 0 {
		h = append(h, ' ')
	}
	if _, err := w.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(h))), h...)); err != nil {
		return err
	}
	buf := make([]byte, 0, 1<<16)
	for _, name := range names {
		for part := range slices.Chunk(s.Tensors[name].Data, 1<<14) {
			buf = buf[:0]
			for _, v := range part {
				buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
			}
			if _, err := w.Write(buf); err != nil {
				return err
			}
		}
	}
	for _, name := range bytes {
		if _, err := w.Write(s.Bytes[name]); err != nil {
			return err
		}
	}
	return nil
}

// ReadSafetensors reads a safetensors file of F32 and U8 tensors, those of U8 in
// one dimension. It returns an error
// for what is cut, is told twice, overlaps, leaves gaps, is something else, or is not
// what the file's digest was made of. It
// takes memory for what really comes, not for what a header promises.
func ReadSafetensors(r io.Reader) (Store, error) {
	s, err := readSafetensors(r)
	if err != nil {
		return Store{}, fmt.Errorf("not a whole safetensors file of F32 or U8 tensors: %w", err)
	}
	return s, nil
}

func readSafetensors(r io.Reader) (Store, error) {
	s := Store{Meta: map[string]string{}, Tensors: map[string]Tensor{}}
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return s, fmt.Errorf("the header's length is cut: %w", err)
	}
	n := binary.LittleEndian.Uint64(size[:])
	if n < 2 || n > maxHeader {
		return s, fmt.Errorf("its header would have %d bytes", n)
	}
	h, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil {
		return s, err
	}
	if uint64(len(h)) != n {
		return s, fmt.Errorf("the header is cut after %d of %d bytes", len(h), n)
	}
	if h[0] != '{' {
		return s, fmt.Errorf("the header begins with %q", h[0])
	}
	entries := map[string]entry{}
	err = fields(h, func(name string, value json.RawMessage) error {
		if name == metadata {
			return fields(value, func(name string, value json.RawMessage) error {
				var text string
				err := json.Unmarshal(value, &text)
				s.Meta[name] = text
				return err
			})
		}
		e, err := readEntry(value)
		entries[name] = e
		return err
	})
	if err != nil {
		return s, fmt.Errorf("the header: %w", err)
	}
	digest, err := digestOf(s.Meta)
	if err != nil {
		return s, err
	}
	var sum hash.Hash
	if digest != "" {
		if sum, err = verifying(size[:], h, digest); err != nil {
			return s, err
		}
		r = io.TeeReader(r, sum)
		delete(s.Meta, digestName)
		s.Digest = true
	}
	names := slices.SortedFunc(maps.Keys(entries), func(a, b string) int {
		return cmp.Or(slices.Compare(entries[a].Offsets, entries[b].Offsets), cmp.Compare(a, b))
	})
	at := uint64(0)
	for _, name := range names {
		e := entries[name]
		if e.Offsets[0] != at {
			return s, fmt.Errorf("tensor %q begins at byte %d, the one before ends at %d", name, e.Offsets[0], at)
		}
		size := e.Offsets[1] - at
		at = e.Offsets[1]
		if e.DType == "U8" {
			b, err := io.ReadAll(io.LimitReader(r, int64(size)))
			if err == nil && uint64(len(b)) != size {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return s, fmt.Errorf("tensor %q of shape %v is cut: %w", name, e.Shape, err)
			}
			if s.Bytes == nil {
				s.Bytes = map[string][]byte{}
			}
			s.Bytes[name] = b
			continue
		}
		v, err := readFloats(r, int(size/4))
		if err != nil {
			return s, fmt.Errorf("tensor %q of shape %v is cut: %w", name, e.Shape, err)
		}
		s.Tensors[name] = Tensor{e.Shape, v}
	}
	if _, err := io.ReadFull(r, size[:1]); err != io.EOF {
		return s, cmp.Or(err, errors.New("more follows the last tensor"))
	}
	if sum != nil && written(sum) != digest {
		return s, errDigest
	}
	return s, nil
}

// readEntry returns a tensor of the header. Its offsets are two and fit its shape.
func readEntry(value json.RawMessage) (e entry, err error) {
	err = fields(value, func(name string, value json.RawMessage) error {
		switch name {
		case "dtype":
			return json.Unmarshal(value, &e.DType)
		case "shape":
			return json.Unmarshal(value, &e.Shape)
		case "data_offsets":
			return json.Unmarshal(value, &e.Offsets)
		}
		return errors.New("no tensor has such a field")
	})
	if err != nil {
		return e, err
	}
	if e.DType != "F32" && (e.DType != "U8" || len(e.Shape) != 1) {
		return e, fmt.Errorf("its type is %q and its shape %v", e.DType, e.Shape)
	}
	width, count := uint64(4), uint64(1)
	if e.DType == "U8" {
		width = 1
	}
	for _, d := range e.Shape {
		if d < 0 || (d > 0 && count > maxElements/uint64(d)) {
			return e, fmt.Errorf("its shape is %v", e.Shape)
		}
		count *= uint64(d)
	}
	if o := e.Offsets; e.Shape == nil || len(o) != 2 || o[1] < o[0] || o[1]-o[0] != width*count {
		return e, fmt.Errorf("shape %v does not lie at %v", e.Shape, e.Offsets)
	}
	return e, nil
}

// fields calls f for every field of a JSON object. Unlike package json it takes
// no name for another and returns an error for a name that comes twice.
func fields(object []byte, f func(name string, value json.RawMessage) error) error {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return cmp.Or(err, fmt.Errorf("%v is no JSON object", t))
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string) // the decoder takes nothing else for a name
		if seen[name] {
			return fmt.Errorf("%q comes twice", name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if err := f(name, value); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more follows the JSON object")
	}
	return nil
}

// readFloats reads n numbers.
func readFloats(r io.Reader, n int) ([]float32, error) {
	var buf [1 << 14]byte
	v := make([]float32, 0, min(n, 1<<20))
	for len(v) < n {
		part := buf[:min(len(buf), 4*(n-len(v)))]
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, err
		}
		for ; len(part) > 0; part = part[4:] {
			v = append(v, math.Float32frombits(binary.LittleEndian.Uint32(part)))
		}
	}
	return v, nil
}

package data

import (
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
	"strconv"
	"strings"
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
	name    string
	DType   string   `json:"dtype"`
	Shape   []uint64 `json:"shape"`
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
// cannot hold, and panics if a shape is negative or does not fit its numbers, or if a
// name is both in Tensors and in Bytes.
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
			n *= d
		}
		if n != len(t.Data) || slices.ContainsFunc(t.Shape, func(d int) bool { return d < 0 }) {
			panic(fmt.Sprintf("data: tensor %q of shape %v has %d numbers", name, t.Shape, len(t.Data)))
		}
		if name == metadata || !utf8.ValidString(name) {
			return fmt.Errorf("safetensors: no tensor can be called %q", name)
		}
		end := at + 4*uint64(n)
		shape := make([]uint64, len(t.Shape))
		for i, d := range t.Shape {
			shape[i] = uint64(d)
		}
		header[name] = entry{DType: "F32", Shape: shape, Offsets: []uint64{at, end}}
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
		header[name] = entry{DType: "U8", Shape: []uint64{uint64(len(s.Bytes[name]))}, Offsets: []uint64{at, end}}
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

// ReadSafetensors reads a safetensors file of F32 and U8 tensors, those of U8 in one
// dimension. It returns an error that says what is wrong with a file that is cut or
// damaged, holds a name twice, has tensors that overlap or leave holes, holds
// something else, or is not what the file's digest was made of. It takes memory for the
// bytes that come, not for those that a header promises.
//
// assets/page/safetensors.js reads the same files and says the same of bad ones, word
// for word; testdata/safetensors.json holds both to it.
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
	if n, err := io.ReadFull(r, size[:]); err != nil {
		return s, cut(err, uint64(n), 8)
	}
	n := binary.LittleEndian.Uint64(size[:])
	if n < 2 || n > maxHeader {
		return s, fmt.Errorf("its header has %d bytes: it must have from 2 to %d", n, maxHeader)
	}
	h, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil || uint64(len(h)) != n {
		return s, cut(err, 8+uint64(len(h)), 8+n)
	}
	if !utf8.Valid(h) {
		return s, errors.New("its header is not UTF-8")
	}
	p := headerReader{text: h, meta: s.Meta}
	if err := p.read(); err != nil {
		return s, err
	}
	for _, e := range p.entries {
		if err := e.check(); err != nil {
			return s, err
		}
	}
	digest, damaged := digestOf(s.Meta)
	var sum hash.Hash
	if digest != "" && damaged == nil {
		if sum, damaged = verifying(size[:], h, digest); damaged == nil {
			r = io.TeeReader(r, sum)
		}
	}
	entries := slices.Clone(p.entries)
	slices.SortStableFunc(entries, func(a, b entry) int { return slices.Compare(a.Offsets, b.Offsets) })
	at := uint64(0)
	for _, e := range entries {
		if e.Offsets[0] != at {
			return s, fmt.Errorf("tensor %s begins at byte %d: it must begin at byte %d, for tensors neither overlap nor leave holes", quote(e.name), e.Offsets[0], at)
		}
		at = e.Offsets[1]
	}
	all := 8 + n + at
	for _, e := range entries {
		size := e.Offsets[1] - e.Offsets[0]
		if e.DType == "U8" {
			b, err := io.ReadAll(io.LimitReader(r, int64(size)))
			if err != nil || uint64(len(b)) != size {
				return s, cut(err, all-at+e.Offsets[0]+uint64(len(b)), all)
			}
			if s.Bytes == nil {
				s.Bytes = map[string][]byte{}
			}
			s.Bytes[e.name] = b
			continue
		}
		v, n, err := readFloats(r, int(size/4))
		if err != nil {
			return s, cut(err, all-at+e.Offsets[0]+n, all)
		}
		shape := make([]int, len(e.Shape))
		for i, d := range e.Shape {
			shape[i] = int(d)
		}
		s.Tensors[e.name] = Tensor{shape, v}
	}
	if _, err := io.ReadFull(r, size[:1]); err != io.EOF {
		return s, cmp.Or(err, errors.New("more bytes follow the last tensor"))
	}
	if damaged == nil && sum != nil && written(sum) != digest {
		damaged = errDigest
	}
	if damaged == nil && digest != "" {
		delete(s.Meta, digestName)
		s.Digest = true
	}
	return s, damaged
}

// cut returns the error of a file of which only some bytes came. err is the reader's
// error, if that was not just the end.
func cut(err error, n, all uint64) error {
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	return fmt.Errorf("it is cut: %d of %d bytes are there", n, all)
}

// check returns an error if this is not a tensor that can be read, or its shape does not
// fit its place.
func (e entry) check() error {
	name := quote(e.name)
	if e.DType != "F32" && e.DType != "U8" {
		return fmt.Errorf("tensor %s is of type %s: only F32 and U8 are read", name, quote(e.DType))
	}
	if e.DType == "U8" && len(e.Shape) != 1 {
		return fmt.Errorf("tensor %s is of U8 and has the shape %s: bytes are read in one dimension only", name, numbers(e.Shape))
	}
	count := uint64(1)
	for _, d := range e.Shape {
		if d > 0 && count > maxElements/d {
			return fmt.Errorf("tensor %s of shape %s has more than %d numbers", name, numbers(e.Shape), uint64(maxElements))
		}
		count *= d
	}
	if e.DType == "F32" {
		count *= 4
	}
	if o := e.Offsets; o[1] < o[0] || o[1]-o[0] != count {
		return fmt.Errorf("tensor %s of shape %s takes %d bytes: it cannot lie at %s", name, numbers(e.Shape), count, numbers(o))
	}
	return nil
}

// numbers writes a list as JSON does.
func numbers(all []uint64) string {
	text := make([]string, len(all))
	for i, n := range all {
		text[i] = strconv.FormatUint(n, 10)
	}
	return "[" + strings.Join(text, ",") + "]"
}

// readFloats reads n numbers. If it cannot it returns how many bytes came.
func readFloats(r io.Reader, n int) (v []float32, came uint64, err error) {
	var buf [1 << 14]byte
	v = make([]float32, 0, min(n, 1<<20))
	for len(v) < n {
		part := buf[:min(len(buf), 4*(n-len(v)))]
		got, err := io.ReadFull(r, part)
		came += uint64(got)
		if err != nil {
			return nil, came, err
		}
		for ; len(part) > 0; part = part[4:] {
			v = append(v, math.Float32frombits(binary.LittleEndian.Uint32(part)))
		}
	}
	return v, came, nil
}

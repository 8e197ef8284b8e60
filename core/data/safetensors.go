package data

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
)

// A Tensor is numbers with a shape, row by row.
type Tensor struct {
	Shape []int
	Data  []float32
}

// A Store is what a safetensors file holds.
type Store struct {
	Meta    map[string]string
	Tensors map[string]Tensor
}

// entry is a tensor in the header.
type entry struct {
	DType   string    `json:"dtype"`
	Shape   []int     `json:"shape"`
	Offsets [2]uint64 `json:"data_offsets"`
}

// The most that a file may ask a reader to hold.
const (
	maxHeader  = 100 << 20 // the format's own bound
	maxTensors = 1 << 34
)

// WriteSafetensors writes s in the safetensors format: the length of the header
// in 8 bytes, the header as JSON, then all numbers, little-endian. The same store
// gives the same bytes. It panics where a shape and its numbers disagree.
func WriteSafetensors(w io.Writer, s Store) error {
	header := map[string]any{}
	if len(s.Meta) > 0 {
		header["__metadata__"] = s.Meta
	}
	names, at := slices.Sorted(maps.Keys(s.Tensors)), uint64(0)
	for _, name := range names {
		t := s.Tensors[name]
		n := 1
		for _, d := range t.Shape {
			n *= d
		}
		if n != len(t.Data) {
			panic(fmt.Sprintf("data: tensor %q of shape %v has %d numbers", name, t.Shape, len(t.Data)))
		}
		end := at + 4*uint64(n)
		header[name] = entry{"F32", append([]int{}, t.Shape...), [2]uint64{at, end}}
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
	return nil
}

// ReadSafetensors reads a safetensors file of F32 tensors. It returns an error
// for what is cut, overlaps, leaves gaps, or is something else.
func ReadSafetensors(r io.Reader) (Store, error) {
	bad := func(format string, a ...any) (Store, error) {
		return Store{}, fmt.Errorf("not a whole safetensors file: "+format, a...)
	}
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return bad("the header's length is cut: %w", err)
	}
	n := binary.LittleEndian.Uint64(size[:])
	if n < 2 || n > maxHeader {
		return bad("its header would have %d bytes", n)
	}
	h, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil || uint64(len(h)) != n {
		return bad("the header is cut after %d of %d bytes", len(h), n)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(h, &raw); err != nil {
		return bad("the header is no JSON: %w", err)
	}
	s := Store{Meta: map[string]string{}, Tensors: map[string]Tensor{}}
	if m, ok := raw["__metadata__"]; ok {
		if err := json.Unmarshal(m, &s.Meta); err != nil {
			return bad("its metadata are not texts: %w", err)
		}
		delete(raw, "__metadata__")
	}
	entries := map[string]entry{}
	for name, m := range raw {
		var e entry
		if err := json.Unmarshal(m, &e); err != nil {
			return bad("tensor %q: %w", name, err)
		}
		if e.DType != "F32" {
			return Store{}, fmt.Errorf("tensor %q is %q: only F32 can be read", name, e.DType)
		}
		count := uint64(1)
		for _, d := range e.Shape {
			if d < 0 || (d > 0 && count > maxTensors/uint64(d)) {
				return bad("tensor %q has shape %v", name, e.Shape)
			}
			count *= uint64(d)
		}
		if e.Offsets[1] < e.Offsets[0] || e.Offsets[1]-e.Offsets[0] != 4*count {
			return bad("tensor %q of shape %v lies at %v", name, e.Shape, e.Offsets)
		}
		entries[name] = e
	}
	names := slices.SortedFunc(maps.Keys(entries), func(a, b string) int {
		x, y := entries[a].Offsets, entries[b].Offsets
		if x == y {
			return 0
		}
		if x[0] < y[0] || (x[0] == y[0] && x[1] < y[1]) {
			return -1
		}
		return 1
	})
	at := uint64(0)
	for _, name := range names {
		e := entries[name]
		if e.Offsets[0] != at {
			return bad("tensor %q begins at %d, the one before ends at %d", name, e.Offsets[0], at)
		}
		// Memory grows with what really comes, not with what the header says.
		b, err := io.ReadAll(io.LimitReader(r, int64(e.Offsets[1]-at)))
		if err != nil || uint64(len(b)) != e.Offsets[1]-at {
			return bad("tensor %q is cut", name)
		}
		v := make([]float32, len(b)/4)
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		s.Tensors[name] = Tensor{e.Shape, v}
		at = e.Offsets[1]
	}
	if n, _ := io.ReadFull(r, size[:1]); n > 0 {
		return bad("more follows the last tensor")
	}
	return s, nil
}

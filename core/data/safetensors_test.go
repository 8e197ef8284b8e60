package data

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestSafetensors(t *testing.T) {
	s := Store{
		Meta: map[string]string{"step": "7", "\"quoted\" <µ>\n": "日本"},
		Tensors: map[string]Tensor{
			"b":      {[]int{2, 2}, []float32{1, 2, float32(math.Inf(-1)), math.SmallestNonzeroFloat32}},
			"a":      {[]int{1}, []float32{.5}},
			"empty":  {[]int{3, 0}, []float32{}},
			"nought": {[]int{0}, []float32{}},
			"scalar": {[]int{}, []float32{-0.25}},
			"long":   {[]int{10_001}, make([]float32, 10_001)},
		},
		Bytes: map[string][]byte{"a few": {0, 255, 7}, "none": {}},
	}
	s.Tensors["long"].Data[10_000] = 9
	var b bytes.Buffer
	if err := WriteSafetensors(&b, s); err != nil {
		t.Fatal(err)
	}
	whole := bytes.Clone(b.Bytes())
	got, err := ReadSafetensors(bytes.NewReader(whole))
	if err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("read %v, %v", got, err)
	}
	for range 10 { // maps come in any order
		b.Reset()
		WriteSafetensors(&b, s)
		if !bytes.Equal(whole, b.Bytes()) {
			t.Fatal("one store gives two files")
		}
	}
	for n := range 1000 {
		for _, n := range []int{n, len(whole) - 1 - n} {
			if _, err := ReadSafetensors(bytes.NewReader(whole[:n])); err == nil {
				t.Fatalf("took the first %d of %d bytes", n, len(whole))
			}
		}
	}
	if _, err := ReadSafetensors(bytes.NewReader(append(whole, 0))); err == nil {
		t.Error("took a byte too many")
	}
}

// The bytes, spelt out after the format's description. What is of bytes comes
// last, so that all else stays aligned.
func TestSafetensorsBytes(t *testing.T) {
	var b bytes.Buffer
	err := WriteSafetensors(&b, Store{
		Meta:    map[string]string{"step": "7"},
		Tensors: map[string]Tensor{"w": {[]int{1, 2}, []float32{1, -2}}, "b": {[]int{1}, []float32{.5}}},
		Bytes:   map[string][]byte{"a": []byte("xyz")},
	})
	header := `{"__metadata__":{"step":"7"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}}`
	header = strings.Replace(header, `"b":`, `"a":{"dtype":"U8","shape":[3],"data_offsets":[12,15]},"b":`, 1)
	for len(header)%8 != 0 {
		header += " "
	}
	want := file(header, "\x00\x00\x00\x3f\x00\x00\x80\x3f\x00\x00\x00\xc0xyz")
	if err != nil || !bytes.Equal(b.Bytes(), want) {
		t.Errorf("wrote %q, %v, want %q", b.Bytes(), err, want)
	}
}

func file(header, body string) []byte {
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...), body...)
}

func one(fields string) string { return `{"a":{` + fields + `}}` }

const plain = `"dtype":"F32","shape":[1],"data_offsets":[0,4]`

func TestBadSafetensors(t *testing.T) {
	if _, err := ReadSafetensors(bytes.NewReader(file(one(plain)+"   \n", "abcd"))); err != nil {
		t.Fatal(err)
	}
	const two = `{"a":{"dtype":"F32","shape":[1],"data_offsets":[%s]},"b":{"dtype":"F32","shape":[1],"data_offsets":[%s]}}`
	for what, b := range map[string][]byte{
		"nothing":              nil,
		"length cut":           []byte("\x01\x00\x00"),
		"length of all":        []byte("\xff\xff\xff\xff\xff\xff\xff\xff{}"),
		"length negative":      []byte("\x00\x00\x00\x00\x00\x00\x00\x80{}"),
		"length over bound":    []byte("\x01\x00\x40\x06\x00\x00\x00\x00{}"),
		"length beyond end":    []byte("\x00\x00\x00\x06\x00\x00\x00\x00{}"),
		"length nought":        file("", ""),
		"null":                 file("null", ""),
		"list":                 file("[]", ""),
		"text":                 file(`"a"`, ""),
		"no JSON":              file("{a}", ""),
		"unfinished":           file("{\"a\":", ""),
		"leading space":        file(" "+one(plain), "abcd"),
		"trailing text":        file(one(plain)+"x", "abcd"),
		"trailing object":      file(one(plain)+"{}", "abcd"),
		"metadata null":        file(`{"__metadata__":null}`, ""),
		"metadata number":      file(`{"__metadata__":{"a":1}}`, ""),
		"metadata twice":       file(`{"__metadata__":{},"__metadata__":{}}`, ""),
		"metadata name twice":  file(`{"__metadata__":{"a":"","a":""}}`, ""),
		"tensor null":          file(`{"a":null}`, ""),
		"tensor twice":         file(`{"a":{`+plain+`},"a":{`+plain+`}}`, "abcd"),
		"tensor twice escaped": file(`{"a":{`+plain+`},"\u0061":{`+plain+`}}`, "abcd"),
		"field twice":          file(one(`"shape":[7],`+plain), "abcd"),
		"field unknown":        file(one(`"strides":[1],`+plain), "abcd"),
		"field's case":         file(one(`"DTYPE":"F32","shape":[1],"data_offsets":[0,4]`), "abcd"),
		"no type":              file(one(`"shape":[1],"data_offsets":[0,4]`), "abcd"),
		"no shape":             file(one(`"dtype":"F32","data_offsets":[0,4]`), "abcd"),
		"no offsets":           file(one(`"dtype":"F32","shape":[1]`), "abcd"),
		"other type":           file(one(`"dtype":"F16","shape":[2],"data_offsets":[0,4]`), "abcd"),
		"bytes in a plane":     file(one(`"dtype":"U8","shape":[2,2],"data_offsets":[0,4]`), "abcd"),
		"bytes too few":        file(one(`"dtype":"U8","shape":[5],"data_offsets":[0,4]`), "abcd"),
		"bytes cut":            file(one(`"dtype":"U8","shape":[5],"data_offsets":[0,5]`), "abcd"),
		"bytes past the end":   file(one(`"dtype":"U8","shape":[17179869184],"data_offsets":[0,17179869184]`), "abcd"),
		"shape too small":      file(one(`"dtype":"F32","shape":[1],"data_offsets":[0,8]`), "abcdefgh"),
		"shape negative":       file(one(`"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]`), "abcd"),
		"shape of floats":      file(one(`"dtype":"F32","shape":[1.5],"data_offsets":[0,4]`), "abcd"),
		"shape overflows":      file(one(`"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,0]`), ""),
		"shape overflows to 1": file(one(`"dtype":"F32","shape":[3,6148914691236517205],"data_offsets":[0,18446744073709551612]`), ""),
		"shape over int":       file(one(`"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,0]`), ""),
		"three offsets":        file(one(`"dtype":"F32","shape":[1],"data_offsets":[0,4,8]`), "abcd"),
		"one offset":           file(one(`"dtype":"F32","shape":[0],"data_offsets":[0]`), ""),
		"offsets reversed":     file(one(`"dtype":"F32","shape":[1],"data_offsets":[4,0]`), "abcd"),
		"offsets past the end": file(one(`"dtype":"F32","shape":[4294967296],"data_offsets":[0,17179869184]`), "abcd"),
		"offset negative":      file(one(`"dtype":"F32","shape":[1],"data_offsets":[-4,0]`), "abcd"),
		"a gap before":         file(one(`"dtype":"F32","shape":[1],"data_offsets":[4,8]`), "abcdefgh"),
		"a gap between":        file(fmt.Sprintf(two, "0,4", "8,12"), "abcdefghijkl"),
		"overlap":              file(fmt.Sprintf(two, "0,4", "2,6"), "abcdef"),
		"shared":               file(fmt.Sprintf(two, "0,4", "0,4"), "abcd"),
		"cut":                  file(fmt.Sprintf(two, "0,4", "4,8"), "abcdef"),
		"too long":             file(one(plain), "abcde"),
		"deep":                 file(`{"a":`+strings.Repeat("[", 100_000), ""),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := ReadSafetensors(bytes.NewReader(b))
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), "safetensors") {
			t.Errorf("%s: %v, %v", what, s, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
			t.Errorf("%s: %d bytes of memory for a file of %d", what, used, len(b))
		}
	}
}

func TestUnwritableSafetensors(t *testing.T) {
	for what, s := range map[string]Store{
		"metadata's name":   {Tensors: map[string]Tensor{"__metadata__": {[]int{0}, nil}}},
		"a name not UTF-8":  {Tensors: map[string]Tensor{"\xff": {[]int{0}, nil}}},
		"bytes not UTF-8":   {Bytes: map[string][]byte{"\xff": nil}},
		"a text not UTF-8":  {Meta: map[string]string{"a": "\xff"}},
		"a title not UTF-8": {Meta: map[string]string{"\xff": "a"}},
	} {
		var b bytes.Buffer
		if err := WriteSafetensors(&b, s); err == nil || b.Len() > 0 {
			t.Errorf("wrote %s: %q", what, b.Bytes())
		}
	}
	for _, shape := range [][]int{{1}, {-1, -2}, {3}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("wrote two numbers of shape %v", shape)
				}
			}()
			WriteSafetensors(&bytes.Buffer{}, Store{Tensors: map[string]Tensor{"a": {shape, []float32{1, 2}}}})
		}()
	}
}

// What can be read can be written and read again, the same to the bit.
func FuzzReadSafetensors(f *testing.F) {
	f.Add(file("{}", ""))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff{}"))
	f.Add(file(one(plain)+"  ", "abcd"))
	f.Add(file(one(`"dtype":"U8","shape":[3],"data_offsets":[0,3]`), "abc"))
	f.Add(file(one(`"dtype":"F32","shape":[],"data_offsets":[0,4]`), "\x00\x00\xc0\x7f"))
	f.Add(file(`{"b":{"dtype":"F32","shape":[0,9],"data_offsets":[4,4]},"a":{`+plain+`},"__metadata__":{"a":"\ud800"}}`, "abcd"))
	f.Add(file(one(`"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]`), ""))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadSafetensors(bytes.NewReader(b))
		if err != nil {
			return
		}
		for name, v := range s.Tensors {
			n := 1
			for _, d := range v.Shape {
				n *= d
			}
			if n != len(v.Data) {
				t.Errorf("tensor %q of shape %v has %d numbers", name, v.Shape, len(v.Data))
			}
		}
		var w bytes.Buffer
		if err := WriteSafetensors(&w, s); err != nil {
			t.Fatal(err)
		}
		again, err := ReadSafetensors(&w)
		if err != nil || !reflect.DeepEqual(again.Meta, s.Meta) || len(again.Tensors) != len(s.Tensors) || !reflect.DeepEqual(again.Bytes, s.Bytes) {
			t.Fatalf("read %v again, %v", again, err)
		}
		for name, v := range s.Tensors {
			same := slices.EqualFunc(v.Data, again.Tensors[name].Data, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) })
			if !same || !slices.Equal(v.Shape, again.Tensors[name].Shape) {
				t.Errorf("tensor %q is %v, then %v", name, v, again.Tensors[name])
			}
		}
	})
}

// A tensorCase is a file and what a reader says of it. The page's reader reads the same
// cases and must say the same.
type tensorCase struct {
	Name    string               `json:"name"`
	Header  string               `json:"header,omitempty"`
	Data    string               `json:"data,omitempty"` // what follows it, in hexadecimal
	Hex     string               `json:"hex,omitempty"`  // of all the file, if it has no whole header
	Error   string               `json:"error,omitempty"`
	Meta    map[string]string    `json:"meta,omitempty"`
	Tensors map[string][]float64 `json:"tensors,omitempty"`
	Shapes  map[string][]int     `json:"shapes,omitempty"` // of the tensors
	Bytes   map[string]string    `json:"bytes,omitempty"`  // in hexadecimal
}

// bytes returns the file.
func (c tensorCase) bytes(t testing.TB) []byte {
	b, err := hex.DecodeString(c.Hex + c.Data)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	if c.Header != "" {
		return file(c.Header, string(b))
	}
	return b
}

// The page's reader has the same cases, in assets/page/safetensors.test.mjs.
func TestSafetensorsCases(t *testing.T) {
	var cases []tensorCase
	readJSON(t, "safetensors.json", &cases)
	if len(cases) < 50 {
		t.Fatalf("there are %d cases", len(cases))
	}
	for i, c := range cases {
		s, err := ReadSafetensors(bytes.NewReader(c.bytes(t)))
		got := tensorCase{Name: c.Name, Header: c.Header, Data: c.Data, Hex: c.Hex}
		if err != nil {
			got.Error = strings.TrimPrefix(err.Error(), "not a whole safetensors file of F32 or U8 tensors: ")
		}
		if len(s.Meta) > 0 {
			got.Meta = s.Meta
		}
		for name, v := range s.Tensors {
			if got.Tensors == nil {
				got.Tensors, got.Shapes = map[string][]float64{}, map[string][]int{}
			}
			got.Shapes[name], got.Tensors[name] = v.Shape, []float64{}
			for _, x := range v.Data {
				got.Tensors[name] = append(got.Tensors[name], float64(x))
			}
		}
		for name, b := range s.Bytes {
			if got.Bytes == nil {
				got.Bytes = map[string]string{}
			}
			got.Bytes[name] = hex.EncodeToString(b)
		}
		if *update {
			cases[i] = got
		} else if !reflect.DeepEqual(got, c) {
			t.Errorf("%s: read %+v, want %+v", c.Name, got, c)
		}
	}
	if *update {
		writeJSON(t, "safetensors.json", cases)
	}
}

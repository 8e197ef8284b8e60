//go:build js

package data

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall/js"
	"testing"
)

// script returns a script of the page as a module. It skips the test if there is none,
// as in a copy of core alone.
func script(t *testing.T, name string) js.Value {
	t.Helper()
	path, err := filepath.Abs("../../assets/page/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	got := make(chan js.Value, 1)
	then := js.FuncOf(func(_ js.Value, args []js.Value) any { got <- args[0]; return nil })
	defer then.Release()
	js.Global().Call("eval", "(path) => import('file://' + path)").Invoke(path).Call("then", then, then)
	module := <-got
	if module.InstanceOf(js.Global().Get("Error")) {
		t.Fatal(module.Call("toString").String())
	}
	return module
}

// array returns a Uint8Array of bytes.
func array(b []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}

// mutate returns some bytes with a few of them changed, moved, cut out or doubled, or
// with words put in.
func mutate(r *rand.Rand, b []byte, words []string) []byte {
	b = append([]byte(nil), b...)
	for range 1 + r.IntN(4) {
		at := r.IntN(len(b) + 1)
		to := min(len(b), at+r.IntN(6))
		switch r.IntN(6) {
		case 0, 1:
			word := words[r.IntN(len(words))]
			b = append(b[:at:at], append([]byte(word), b[to:]...)...)
		case 2:
			b = append(b[:at:at], b[to:]...)
		case 3:
			b = append(b[:to:to], b[at:]...)
		case 4:
			if at < len(b) {
				b[at] = byte(r.Uint32())
			}
		case 5:
			if at < len(b) {
				b[at] ^= 1 << r.IntN(8)
			}
		}
	}
	return b
}

// The page's reader of points says of thousands of damaged files what ours says.
func TestPagePoints(t *testing.T) {
	read := script(t, "points-file.js").Get("readPoints")
	var cases []readCase
	readJSON(t, "points.json", &cases)
	words := []string{",", ";", "\t", " ", "\"", "\n", "\r", "\r\n", "#", ".", "-", "−", "+", "e", "1e6", "x", "NaN", "inf", "0x1", "_", "\u00a0", "\ufeff", "\x00", "\xff", "∞", "😀"}
	r := rand.New(rand.NewPCG(1, 2))
	good := 0
	for i := range 5000 {
		b := mutate(r, cases[i%len(cases)].bytes(t), words)
		points, err := ReadPoints(strings.NewReader(string(b)))
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			good++
		}
		page := read.Invoke(array(b))
		theirs := ""
		if e := page.Get("error"); !e.IsUndefined() {
			theirs = e.String()
		}
		if said != theirs {
			t.Fatalf("%q: we say %q, the page %q", b, said, theirs)
		}
		if err != nil {
			continue
		}
		if n := page.Get("points").Length(); n != len(points) {
			t.Fatalf("%q: we read %d numbers, the page %d", b, len(points), n)
		}
		for i, x := range points {
			if y := float32(page.Get("points").Index(i).Float()); x != y {
				t.Fatalf("%q: number %d is %v, and %v on the page", b, i, x, y)
			}
		}
	}
	if good < 100 {
		t.Errorf("only %d files are good", good)
	}
}

// The page's reader of safetensors says of thousands of damaged files what ours says.
func TestPageSafetensors(t *testing.T) {
	read := script(t, "safetensors.js").Get("read")
	try := js.Global().Call("eval", "(read) => (buffer) => { try { return { ok: read(buffer) }; } catch (e) { return { error: e.message }; } }").Invoke(read)
	var cases []tensorCase
	readJSON(t, "safetensors.json", &cases)
	words := []string{",", ":", "{", "}", "[", "]", "\"", "\\", " ", "\n", "\\u0061", "\\ud83d\\ude00", "\\ud800", "null", "-", "0", "1", "2", "4", ".5", "1e0",
		"18446744073709551616", "9007199254740992", "4294967296", "F32", "U8", "BF16", "a", "dtype", "shape", "data_offsets", "__metadata__", "__proto__", "constructor", "\x00", "\xff", "\ufeff", "é"}
	r := rand.New(rand.NewPCG(1, 2))
	good := 0
	for i := range 5000 {
		c := cases[i%len(cases)]
		b := c.bytes(t)
		switch r.IntN(4) {
		case 0: // the file as it is
			b = mutate(r, b, words)
		case 1: // a header whose length fits
			header := mutate(r, []byte(c.Header), words)
			b = file(string(header), strings.Repeat("abcd", r.IntN(8)))
		case 2: // the same fields in other places
			numbers := []string{"0", "1", "2", "4", "8", "12"}
			header := strings.Map(func(c rune) rune {
				if c >= '0' && c <= '9' && r.IntN(3) == 0 {
					return rune(numbers[r.IntN(len(numbers))][0])
				}
				return c
			}, c.Header)
			b = file(strings.ReplaceAll(header, "F02", "F32"), strings.Repeat("abcd", r.IntN(4)))
		case 3:
			b = b[:r.IntN(len(b)+1)]
		}
		s, err := ReadSafetensors(strings.NewReader(string(b)))
		said, theirs := "", ""
		if err != nil {
			said = err.Error()
		} else {
			good++
		}
		page := try.Invoke(array(b).Get("buffer"))
		if e := page.Get("error"); !e.IsUndefined() {
			theirs = e.String()
		}
		if said != theirs {
			t.Fatalf("%q: we say %q, the page %q", b, said, theirs)
		}
		if err != nil {
			continue
		}
		keys := js.Global().Get("Object").Get("keys")
		for name, n := range map[string]int{"meta": len(s.Meta), "tensors": len(s.Tensors), "bytes": len(s.Bytes)} {
			if got := keys.Invoke(page.Get("ok").Get(name)).Length(); got != n {
				t.Fatalf("%q: we read %d of %s, the page %d", b, n, name, got)
			}
		}
		get := js.Global().Call("eval", "(all, name) => Object.getOwnPropertyDescriptor(all, name).value")
		for name, text := range s.Meta {
			if got := get.Invoke(page.Get("ok").Get("meta"), name).String(); got != text {
				t.Fatalf("%q: %q is %q, and %q on the page", b, name, text, got)
			}
		}
		for name, v := range s.Tensors {
			if got := get.Invoke(page.Get("ok").Get("tensors"), name); got.Get("data").Length() != len(v.Data) || got.Get("shape").Length() != len(v.Shape) {
				t.Fatalf("%q: %q is %v, and on the page of %d numbers", b, name, v, got.Get("data").Length())
			}
		}
	}
	if good < 10 {
		t.Errorf("only %d files are good", good)
	}
}

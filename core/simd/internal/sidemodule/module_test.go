package sidemodule

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// modules are what is written to files.
func modules() map[string][]byte {
	return map[string][]byte{"plain": Module(false), "relaxed": Module(true), "door": Door()}
}

// TestSections reads the sections back: they fill the module, in order, and name
// every kernel.
func TestSections(t *testing.T) {
	again := modules()
	for what, m := range modules() {
		if !bytes.Equal(m, again[what]) {
			t.Errorf("%s: two modules differ", what)
		}
		var kinds []byte
		for rest := m[8:]; len(rest) > 0; {
			size, n := binary.Uvarint(rest[1:])
			kinds = append(kinds, rest[0])
			content := rest[1+n:][:size]
			for _, k := range kernels {
				if names := rest[0] == 0 || rest[0] == 7; names && !bytes.Contains(content, named(k.name)) {
					t.Errorf("%s: section %d does not name %s", what, rest[0], k.name)
				}
			}
			rest = rest[1+n+int(size):]
		}
		want := []byte{1, 2, 3, 9, 10, 0}
		if what == "door" {
			want = []byte{1, 3, 4, 7, 10, 0}
		}
		if !slices.Equal(kinds, want) {
			t.Errorf("%s: the sections are %v, want %v", what, kinds, want)
		}
	}
	if bytes.Equal(again["plain"], again["relaxed"]) {
		t.Error("the relaxed module is the plain one")
	}
}

func TestSigned(t *testing.T) {
	for v, want := range map[int][]byte{
		0: {0}, 63: {0x3f}, 64: {0xc0, 0}, -64: {0x40}, -65: {0xbf, 0x7f}, -123456: {0xc0, 0xbb, 0x78}, 1 << 20: {0x80, 0x80, 0xc0, 0},
	} {
		if got := signed(nil, v); !bytes.Equal(got, want) {
			t.Errorf("%d is % x, want % x", v, got, want)
		}
	}
}

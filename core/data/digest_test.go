package data

import (
	"bytes"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"
)

// digested returns a small file with a digest.
func digested(t *testing.T) (Store, []byte) {
	t.Helper()
	s := Store{
		Meta:    map[string]string{"experiment": "wgan-gp", "step": "7", "set.width": "4", "source": strings.Repeat("ab", 32)},
		Tensors: map[string]Tensor{"critic": {[]int{3}, []float32{1, 2, .5}}, "critic.adam.m": {[]int{1}, []float32{.5}}},
		Bytes:   map[string][]byte{"a": []byte("xyz")},
		Digest:  true,
	}
	var b bytes.Buffer
	if err := WriteSafetensors(&b, s); err != nil {
		t.Fatal(err)
	}
	return s, b.Bytes()
}

// A file with a digest reads as what was written, and no single bit of it can change, be
// lost or be added unnoticed: in its length, its header, its digest or its numbers.
func TestDigest(t *testing.T) {
	s, file := digested(t)
	got, err := ReadSafetensors(bytes.NewReader(file))
	if err != nil || !reflect.DeepEqual(got, s) {
		t.Fatalf("read %v, %v", got, err)
	}
	var again bytes.Buffer
	if err := WriteSafetensors(&again, got); err != nil || !bytes.Equal(again.Bytes(), file) {
		t.Errorf("written again it is another file, %v", err)
	}
	for at := range file {
		for bit := range 8 {
			bad := bytes.Clone(file)
			bad[at] ^= 1 << bit
			if _, err := ReadSafetensors(bytes.NewReader(bad)); err == nil {
				t.Errorf("bit %d of byte %d of %d changed unnoticed: %q", bit, at, len(file), bad[max(0, at-8):min(at+8, len(bad))])
			}
		}
	}
	for n := range file {
		if _, err := ReadSafetensors(bytes.NewReader(file[:n])); err == nil {
			t.Errorf("took the first %d of %d bytes", n, len(file))
		}
	}
	if _, err := ReadSafetensors(bytes.NewReader(append(bytes.Clone(file), 0))); err == nil {
		t.Error("took a byte too many")
	}
}

// The digest is there for other programs, and for the page: testdata holds the same file.
func TestDigestBytes(t *testing.T) {
	_, file := digested(t)
	const name = "testdata/digested.safetensors"
	want, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		err = os.WriteFile(name, file, 0o644)
		want = file
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file, want) {
		t.Errorf("%s is another: %q", name, file)
	}
}

// An edited store gets a new digest when it is written; a store that was read from a file
// without one has none and says so.
func TestDigestEdited(t *testing.T) {
	s, _ := digested(t)
	s.Meta = maps.Clone(s.Meta)
	s.Meta["step"] = "8"
	var b bytes.Buffer
	if err := WriteSafetensors(&b, s); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadSafetensors(&b); err != nil || got.Meta["step"] != "8" || got.Unchecked("x") != "" {
		t.Errorf("read %v, %v", got, err)
	}
	s.Digest = false
	if err := WriteSafetensors(&b, s); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadSafetensors(&b); err != nil || got.Digest || !strings.Contains(got.Unchecked("x"), "x carries no digest") {
		t.Errorf("read %v, %v", got, err)
	}
	s.Digest, s.Meta["digest"] = true, "mine"
	if err := WriteSafetensors(&b, s); err == nil {
		t.Error("a text took the digest's place")
	}
}

package corpus

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Data has one fingerprint wherever it lies, and other data another.
func TestFingerprint(t *testing.T) {
	write := func(dir, name, content string) string {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	of := func(path string) string {
		id, err := Fingerprint(path)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	a, b := t.TempDir(), t.TempDir()
	write(a, "x/1", "one")
	write(b, "x/1", "one")
	if of(a) != of(b) || of(filepath.Join(a, "x/1")) != of(filepath.Join(b, "x/1")) {
		t.Error("the same data in another place is other data")
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(a, link); err == nil && of(link) != of(a) {
		t.Error("a link to data is other data")
	}
	first := of(a)
	for name, content := range map[string]string{"x/1": "two", "x/2": "", "y": "one"} {
		write(b, name, content)
		if of(b) == first {
			t.Errorf("with %s %q it is the same data", name, content)
		}
	}
	long := strings.Repeat("a", 3<<20)
	if of(write(a, "long", long)) == of(write(b, "long", long[:len(long)-1]+"b")) {
		t.Error("a file with another end is the same")
	}
	if _, err := Fingerprint(filepath.Join(a, "none")); err == nil {
		t.Error("what is not there has a fingerprint")
	}
}

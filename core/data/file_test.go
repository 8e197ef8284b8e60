package data

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		all = append(all, f.Name())
	}
	return all
}

// Files are replaced whole, what was before is kept, and a failure leaves what there was.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	name, kept := filepath.Join(dir, "a"), filepath.Join(dir, "a.previous")
	for i, text := range []string{"1", "2", "3"} {
		if err := ReplaceFile(name, kept, []byte(text)); err != nil {
			t.Fatal(err)
		}
		old, _ := os.ReadFile(kept)
		if b, err := os.ReadFile(name); err != nil || string(b) != text || string(old) != []string{"", "1", "2"}[i] {
			t.Errorf("%q and %q are there, %v", b, old, err)
		}
	}
	if err := ReplaceFile(filepath.Join(dir, "none", "a"), "", nil); err == nil {
		t.Error("wrote into a folder that is not there")
	}
	// A failed rename leaves both as they were.
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "folder", "x"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := ReplaceFile(filepath.Join(dir, "folder"), "", []byte("4")); err == nil {
		t.Error("replaced a folder")
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a", "a.previous", "folder"}) {
		t.Errorf("left %v", got)
	}
}

// Tidy removes temporary files, and nothing that a person could have made.
func TestTidy(t *testing.T) {
	dir := t.TempDir()
	mine := []string{".metrics.csv.swp", ".x.12.ganbel-part.txt", "checkpoint.safetensors.123456789", "metrics.csv.20241130", "metrics.csv.bak", "notes.ganbel-part", "run.json~"}
	f, err := os.CreateTemp(dir, ".run.json.*.ganbel-part") // as WriteFile does
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, name := range append(mine, ".000000030.png.4711.ganbel-part") {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, ".folder.1.ganbel-part"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Tidy(dir, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, dir), append([]string{".folder.1.ganbel-part"}, mine...); !slices.Equal(got, want) {
		t.Errorf("left %v, want %v", got, want)
	}
	if err := Tidy(filepath.Join(dir, "none"), time.Time{}); err != nil {
		t.Error(err)
	}
}

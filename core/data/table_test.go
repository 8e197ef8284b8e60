package data

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestReadTable(t *testing.T) {
	got, err := ReadTable(strings.NewReader("step,w1,modes\n50,1.5,\n100,-2e-3,8\n"))
	if err != nil {
		t.Fatal(err)
	}
	if w1 := got.Column("w1"); !slices.Equal(w1, []float64{1.5, -.002}) {
		t.Errorf("w1 is %v", w1)
	}
	if m := got.Column("modes"); len(m) != 2 || !math.IsNaN(m[0]) || m[1] != 8 {
		t.Errorf("modes is %v", m)
	}
	if got, err := ReadTable(strings.NewReader("\ufeffstep,w1\r\n1,2\r\n")); err != nil || len(got.Column("step")) != 1 {
		t.Errorf("with a byte order mark: %v, %v", got, err)
	}
	if got.Column("x") != nil {
		t.Error("there is a column x")
	}
	for text, want := range map[string]string{
		"":                           "empty",
		"step,w1\n1,2\n3\n":          "line 3",
		"step,w1\n1,two\n":           `line 2: w1 is "two"`,
		"step,w1\n\n\n1,x\n":         `line 4: w1 is "x"`,
		"\r\nstep,w1\r\n1,0x1p4\r\n": `line 3: w1 is "0x1p4"`,
		"step,\"w\n1\"\n1,1_0\n":     `line 3: w`,
		"step,w1\n1,1e400\n":         `line 2: w1 is "1e400"`,
	} {
		if _, err := ReadTable(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v does not tell of %q", text, err, want)
		}
	}
}

func TestWriteFile(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("a browser has no files")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "x")
	for _, text := range []string{"a long first", "short"} {
		if err := WriteFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(name); string(b) != text {
			t.Errorf("holds %q, want %q", b, text)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(dir, "folder"), nil); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("over a folder: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("left %v behind", left)
	}
	if err := WriteFile(filepath.Join(dir, "none", "x"), nil); err == nil {
		t.Error("wrote into no folder")
	}
}

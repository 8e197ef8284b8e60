package corpus

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A bad line is an error that gives its number, or is left out and reported.
func TestFilesPoints(t *testing.T) {
	name := filepath.Join(t.TempDir(), "p.csv")
	read := func(broken string, log io.Writer) ([]float32, error) {
		return Files{"points": name, "broken": broken}.Points(log)
	}
	for text, want := range map[string]string{"1,2\n-3, 4.5\n": "", "": "no points", "1,2,3\n": "x,y", "1,2\n\n\n1,two\n": "line 4"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := read("", io.Discard)
		if want == "" {
			if err != nil || len(got) != 4 || got[3] != 4.5 {
				t.Errorf("read %v, %v", got, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", text, err)
		}
	}

	// With --broken bad lines are left out and reported, if they are few enough.
	const bad = "x,y\n1,2\n1,two\n3,4\n5\n6,7\n"
	if err := os.WriteFile(name, []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	if got, err := read("0.4", &log); err != nil || len(got) != 6 || log.String() != name+`: left out 2 rows (lines 3 and 5) of 5: line 3: "two" is not a number: it must be a decimal number such as -1.5 or 2e-3`+"\n" {
		t.Errorf("read %v, %v, said %q", got, err, log.String())
	}
	log.Reset()
	if _, err := read("0.39", &log); err == nil || !strings.Contains(err.Error(), "2 rows (lines 3 and 5) of 5 cannot be read, more than --broken 0.39 allows") || log.Len() > 0 {
		t.Errorf("of more than allowed: %v, said %q", err, log.String())
	}
	if err := os.WriteFile(name, []byte("1,two\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := read("0.9", &log); err == nil || !strings.Contains(err.Error(), "no points") || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("of bad lines only: %v", err)
	}
}

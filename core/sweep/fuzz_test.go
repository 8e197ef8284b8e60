package sweep

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// Whatever a run's bounds.json holds, a reader gets a number that was asked for or an
// error that names the file.
func FuzzBounds(f *testing.F) {
	f.Add([]byte(`[{"Step":3,"Draws":2,"Digits":100,"Bound":1.5}]`))
	f.Add([]byte(`[{"Step":-3,"Draws":1e99}]`))
	f.Add([]byte(`{"Step":3}`))
	f.Add([]byte("null"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "bounds.json"), b, 0o644); err != nil {
			t.Fatal(err)
		}
		want := result{Step: 3, Draws: 2, Digits: 100}
		got, err := (&Grid{Dir: dir}).bound(context.Background(), cell{}, dir, want)
		if err == nil && (got.Step != want.Step || got.Draws != want.Draws || got.Digits != want.Digits || got.Validation) {
			t.Errorf("%q gives %+v", b, got)
		}
	})
}

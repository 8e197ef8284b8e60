package core

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// floors says where each package stands. A package imports only from floors
// below its own. This is a statement of policy: do not change it to mend a build.
var floors = map[string]int{
	"record": 7,
	"lab":    6,
	"wgan":   5, "gumbel": 5,
	"internal/golden": 4, // used by tests only
	"cpu":             3,
	"program":         2, "nn": 2,
	"graph": 1, "measure": 1, "data": 1,
	"simd": 0, "random": 0,
}

func TestFloors(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		floor, ok := floors[pkg]
		if !ok {
			t.Errorf("%s stands on no floor", path)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			name := strings.Trim(i.Path.Value, `"`)
			if below, ours := strings.CutPrefix(name, "ganbel/"); ours {
				if to, ok := floors[strings.TrimPrefix(below, "core/")]; !ok || to >= floor {
					t.Errorf("%s, on floor %d, imports %s, which is not below", path, floor, name)
				}
			}
			// What trains in a browser must stay small and know no browser.
			for _, not := range []string{"syscall/js", "net/http", "gonum.org/v1/plot", "github.com/hajimehoshi/ebiten"} {
				if strings.HasPrefix(name, not) {
					t.Errorf("%s imports %s", path, name)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

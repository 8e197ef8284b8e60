package core

import (
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// floors says where each package stands. A package imports only from floors
// below its own. This is a statement of policy: do not change it to mend a build.
var floors = map[string]int{
	".": 12, // only calls the command

	"core/command": 11, "core/sweep": 10,

	"wasm/values": 8, "wasm/worker": 9, "wasm/stage": 9, "wasm/export": 9,

	"render/stage": 8, "render/figure": 8, "render/animation": 8, "serve": 8, "serve/single": 8, "serve/single/cmd": 9,
	"serve/built": 9, "serve/built/cmd": 10, // makes the page's files

	"core/record":     7,
	"core/experiment": 6,
	"core/wgan":       5, "core/gumbel": 5, "core/score": 5,
	"core/train":           4,
	"core/internal/golden": 4, // used by tests only
	"core/onnx":            4,
	"core/cpu":             3,
	"core/corpus":          2,
	"core/lab":             2,
	"core/program":         2, "core/nn": 2,
	"core/graph": 1, "core/measure": 1, "core/data": 1,
	"core/simd/blas": 1, // for programs that use gonum
	"core/simd":      0, "core/random": 0, "core/memory": 0,

	"core/internal/versus": 9, "core/internal/versus/browser": 8, "core/internal/versus/workload": 7, // measure us beside others
	"core/simd/internal/asm":        1, // write the kernels
	"core/simd/internal/sidemodule": 0, "core/simd/internal/sidemodule/cmd": 1,

	"assets": 0,
}

// only says who may import what comes from outside, and below; nobody else does.
var only = map[string][]string{
	"syscall/js":                            {"render/stage", "wasm/worker", "wasm/stage", "wasm/export", "wasm/values", "core/internal/versus/browser"},
	"github.com/hajimehoshi/ebiten/":        {"render/stage", "wasm/stage"},
	"gonum.org/v1/plot":                     {"render/figure"},
	"github.com/schollz/progressbar":        {"core/command"},
	"github.com/spf13/":                     {"core/command"},
	"golang.org/x/term":                     {"core/command"},
	"github.com/evanw/esbuild":              {"serve/single"},
	"github.com/gofrs/flock":                {"core/record"},
	"github.com/shirou/gopsutil/v4":         {"core/memory"},
	"github.com/KimMachineGun/automemlimit": {"core/memory"},
	"net/http":                              {"serve", "core/internal/versus"},
	"ganbel/core/cpu":                       {"core/experiment", "core/score", "core/internal/golden", "core/internal/versus/workload"},
}

// knows lists all that some packages may import of ours: what draws knows no gradients,
// the vocabulary of experiments none of their models, and main.go decides nothing.
var knows = map[string][]string{
	".":             {"core/command"},
	"render/stage":  {"core/data", "core/lab", "core/measure"},
	"render/figure": {"core/data", "core/lab", "core/measure"},
	"core/lab":      {"core/data"},
}

// browser lists what each wasm must do without, however far below it is imported.
var browser = map[string][]string{
	"wasm/worker": {"github.com/hajimehoshi/ebiten/", "gonum.org/v1", "net/http", "github.com/gofrs/flock", "github.com/shirou/gopsutil/v4", "github.com/KimMachineGun/automemlimit"},
	"wasm/stage":  {"gonum.org/v1", "net/http"},
	"wasm/export": {"github.com/hajimehoshi/ebiten/", "gonum.org/v1", "net/http", "ganbel/core/lab", "ganbel/core/experiment"},
}

// from reports whether an import path is one of the prefix's packages.
func from(prefix, name string) bool {
	return name == prefix || strings.HasPrefix(name, strings.TrimSuffix(prefix, "/")+"/")
}

// ours returns the folder of one of this module's packages.
func ours(name string) (folder string, ok bool) {
	if name == "ganbel" {
		return ".", true
	}
	return strings.CutPrefix(name, "ganbel/")
}

// imports returns what each folder's Go files import, tests left out, whatever
// they are built for.
func imports(t *testing.T) map[string][]string {
	all := map[string][]string{}
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); file != ".." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := path.Clean(strings.TrimPrefix(filepath.ToSlash(filepath.Dir(file)), "../"))
		if folder == ".." {
			folder = "."
		}
		if all[folder] == nil {
			all[folder] = []string{}
		}
		for _, i := range f.Imports {
			all[folder] = append(all[folder], strings.Trim(i.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFloors(t *testing.T) {
	all := imports(t)
	if len(all["core/random"]) == 0 || len(all["."]) == 0 {
		t.Fatalf("found imports only in %v", all)
	}
	for folder, names := range all {
		floor, known := floors[folder]
		if !known && strings.HasPrefix(folder, "core/") {
			t.Errorf("%s stands on no floor", folder)
			continue
		}
		for _, name := range names {
			below, ok := ours(name)
			if ok && known {
				if to, ok := floors[below]; !ok || to >= floor {
					t.Errorf("%s, on floor %d, imports %s, which is not below", folder, floor, below)
				}
				if may, ok := knows[folder]; ok && !slices.Contains(may, below) {
					t.Errorf("%s imports %s; of ours it may know %v", folder, below, may)
				}
			}
			for prefix, may := range only {
				if from(prefix, name) && !slices.Contains(may, folder) {
					t.Errorf("%s imports %s, which is for %v only", folder, name, may)
				}
			}
		}
	}
}

// What a browser loads must stay small: nothing below imports what it has no use
// for, in the files that are built for it.
func TestBrowser(t *testing.T) {
	wasm := build.Default
	wasm.GOOS, wasm.GOARCH, wasm.CgoEnabled = "js", "wasm", false
	all := imports(t)
	for main, without := range browser {
		if all[main] == nil {
			continue // not written yet
		}
		seen := map[string]bool{}
		var visit func(folder, way string)
		visit = func(folder, way string) {
			if seen[folder] {
				return
			}
			seen[folder] = true
			p, err := wasm.ImportDir(filepath.Join("..", filepath.FromSlash(folder)), 0)
			if err != nil {
				t.Errorf("%s > %s: %v", way, folder, err)
				return
			}
			way = strings.TrimPrefix(way+" > "+folder, " > ")
			for _, name := range p.Imports {
				for _, not := range without {
					if from(not, name) {
						t.Errorf("%s imports %s", way, name)
					}
				}
				if below, ok := ours(name); ok {
					visit(below, way)
				}
			}
		}
		visit(main, "")
	}
}

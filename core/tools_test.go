package core

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// plain reports whether a file is compiled without the tag "tools", for some system.
func plain(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if x, err := constraint.Parse(c.Text); err == nil && c.Pos() < f.Package {
				return x.Eval(func(tag string) bool { return tag != "tools" && tag != "js" && tag != "windows" })
			}
		}
	}
	return true
}

// foreign returns what a file needs that does not come with Go: browsers, and
// programs that it runs by name.
func foreign(f *ast.File) (all []string) {
	for _, i := range f.Imports {
		if name, _ := strconv.Unquote(i.Path.Value); strings.HasPrefix(name, "github.com/chromedp/") {
			all = append(all, "a browser")
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		of, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := of.X.(*ast.Ident); !ok || x.Name != "exec" {
			return true
		}
		at := map[string]int{"Command": 0, "LookPath": 0, "CommandContext": 1}
		i, ok := at[of.Sel.Name]
		if !ok || i >= len(call.Args) {
			return true
		}
		if program, ok := call.Args[i].(*ast.BasicLit); ok && program.Value != `"go"` {
			all = append(all, program.Value)
		}
		return true
	})
	return all
}

// "go test ./core/..." needs nothing but Go: a test that runs node, Python, a browser or
// the like has the tag "tools", which "make test" sets, and under which it fails if that
// is missing.
func TestToolsAreTagged(t *testing.T) {
	tagged := 0
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && file != ".." && (strings.HasPrefix(name, ".") || name == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		needs := foreign(f)
		if !plain(f) {
			tagged++
		} else if len(needs) > 0 {
			t.Errorf("%s needs %v: it must begin with //go:build tools", file, needs)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if tagged < 10 {
		t.Errorf("only %d files have the tag", tagged)
	}
}

func TestForeign(t *testing.T) {
	for text, want := range map[string]int{
		`func f() { exec.Command("node", "-e", "") }`: 1, `func f() { exec.LookPath("npm") }`: 1, `func f() { exec.CommandContext(c, "/usr/bin/python3") }`: 1,
		`func f() { exec.Command("go", "list") }`: 0, `func f() { exec.Command(os.Args[0]) }`: 0, `import "github.com/chromedp/chromedp"`: 1,
	} {
		for tag, isPlain := range map[string]bool{"": true, "//go:build tools\n\n": false, "//go:build tools && !js\n\n": false, "//go:build !js\n\n": true, "//go:build long || tools\n\n": true} {
			f, err := parser.ParseFile(token.NewFileSet(), "a_test.go", tag+"package a\n"+text, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if got := foreign(f); len(got) != want || plain(f) != isPlain {
				t.Errorf("%s%s: it needs %v, plain %v", tag, text, got, plain(f))
			}
		}
	}
}

// Command licences writes the licences of all that the ganbel command and the page are
// made of to a file: "go generate ./assets" writes assets/licences.txt.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: licences ROOT FILE, such as licences .. licences.txt")
		os.Exit(2)
	}
	b, err := notices(os.Args[1])
	if err == nil {
		err = os.WriteFile(os.Args[2], b, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// A program is what is linked and handed on: a package for a system.
type program struct{ pkg, os, arch, tags string }

// programs are the command, for each system that it is built for, and the page's wasm.
var programs = []program{
	{".", "linux", "amd64", ""}, {".", "linux", "arm64", ""}, {".", "darwin", "arm64", ""}, {".", "windows", "amd64", ""},
	{"./wasm/worker", "js", "wasm", "kernels"}, {"./wasm/stage", "js", "wasm", ""}, {"./wasm/export", "js", "wasm", ""},
}

// A module is one that is linked into a program, with the folders of what is linked.
type module struct {
	Path, Version, Dir string
	packages           []string
}

// linked returns the modules of all programs but our own, in the order of their paths.
func linked(root string) ([]*module, error) {
	all := map[string]*module{}
	for _, p := range programs {
		c := exec.Command("go", "list", "-deps", "-tags", p.tags, "-json=Dir,Module", p.pkg)
		c.Dir = root
		c.Env = append(os.Environ(), "GOOS="+p.os, "GOARCH="+p.arch, "CGO_ENABLED=0")
		var complaint bytes.Buffer
		c.Stderr = &complaint
		out, err := c.Output()
		if err != nil {
			return nil, fmt.Errorf("go list %s for %s: %w\n%s", p.pkg, p.os, err, complaint.Bytes())
		}
		for d := json.NewDecoder(bytes.NewReader(out)); ; {
			var pkg struct {
				Dir    string
				Module *struct {
					Path, Version, Dir string
					Main               bool
				}
			}
			if err := d.Decode(&pkg); err == io.EOF {
				break
			} else if err != nil {
				return nil, err
			}
			if pkg.Module == nil || pkg.Module.Main {
				continue // Go's own, or ours
			}
			m := all[pkg.Module.Path]
			if m == nil {
				m = &module{Path: pkg.Module.Path, Version: pkg.Module.Version, Dir: pkg.Module.Dir}
				all[m.Path] = m
			}
			if !slices.Contains(m.packages, pkg.Dir) {
				m.packages = append(m.packages, pkg.Dir)
			}
		}
	}
	var list []*module
	for _, m := range all {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *module) int { return cmp.Compare(a.Path, b.Path) })
	return list, nil
}

// legal are the names of files, and of folders of such files, that state terms.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|ofl|third.?party)`)

// terms returns the files of a module that state terms for what is linked of it: those
// in the folders of its packages and in the folders above them.
func (m *module) terms() ([]string, error) {
	folders := map[string]bool{m.Dir: true}
	for _, dir := range m.packages {
		for ; len(dir) > len(m.Dir); dir = filepath.Dir(dir) {
			folders[dir] = true
		}
	}
	var names []string
	for dir := range folders {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !legal.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
				continue
			}
			err := filepath.WalkDir(filepath.Join(dir, e.Name()), func(name string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					names = append(names, name)
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s %s states no terms: find out on which it may be handed on", m.Path, m.Version)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

const rule = "================================================================================\n"

// revealed is where reveal.js is, for the deck in assets/examples; npm's list of what is
// installed has its version.
const revealed = "assets/examples/reveal"

// reveal returns reveal.js with its version.
func reveal(root string) (string, error) {
	b, err := os.ReadFile(filepath.Join(root, ".ci/package.json"))
	if err != nil {
		return "", err
	}
	var list struct {
		DevDependencies map[string]string `json:"devDependencies"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return "", fmt.Errorf(".ci/package.json: %w", err)
	}
	version := list.DevDependencies["reveal.js"]
	if version == "" {
		return "", errors.New(".ci/package.json names no version of reveal.js, of which " + revealed + " is a copy")
	}
	return "reveal.js " + version + ", in the example of a deck", nil
}

// mnist is what assets/mnist/README.md says of the digits.
const mnist = `The MNIST database of handwritten digits is by Yann LeCun, Corinna Cortes and
Christopher J. C. Burges, who published it for free use and state no licence; it is
commonly redistributed under CC BY-SA 3.0
(https://creativecommons.org/licenses/by-sa/3.0/). It is unchanged.
`

// notices returns the text: our own licence, Go's, those of the modules and of reveal.js,
// and what is to be said of the digits. Files with the same text are said once.
func notices(root string) ([]byte, error) {
	own, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		return nil, err
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	goroot := strings.TrimSpace(string(out))
	type notice struct{ of, text string }
	var all []notice
	var errs []error
	add := func(of, dir, name string) {
		b, err := os.ReadFile(name)
		errs = append(errs, err)
		text := strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")) + "\n"
		if below, err := filepath.Rel(dir, name); err == nil && filepath.Dir(below) != "." {
			of += ", " + filepath.ToSlash(below)
		}
		for i := range all {
			if all[i].text == text {
				if !slices.Contains(strings.Split(all[i].of, "\n"), of) {
					all[i].of += "\n" + of
				}
				return
			}
		}
		all = append(all, notice{of, text})
	}
	for _, name := range []string{"LICENSE", "PATENTS"} {
		add("Go, its library, and wasm_exec.js (go.dev)", goroot, filepath.Join(goroot, name))
	}
	modules, err := linked(root)
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		names, err := m.terms()
		errs = append(errs, err)
		for _, name := range names {
			add(m.Path+" "+m.Version, m.Dir, name)
		}
	}
	deck, err := reveal(root)
	errs = append(errs, err)
	add(deck, filepath.Join(root, revealed), filepath.Join(root, revealed, "LICENSE"))
	all = append(all, notice{"MNIST", mnist})
	b := append([]byte("Ganbel\n\n"), own...)
	b = fmt.Appendf(b, "\n%sThe ganbel command and the page are made with what follows, on these terms.\n", rule)
	for _, n := range all {
		b = fmt.Appendf(b, "\n%s%s\n\n%s", rule, n.of, n.text)
	}
	return b, errors.Join(errs...)
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The committed notices are those of the modules that are linked now.
func TestCurrent(t *testing.T) {
	want, err := notices("../..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../licences.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("assets/licences.txt is not what is linked now: run make generate")
	}
}

// The notices name every module that is linked into the command or the page, with its
// version and its terms, Go and the digits.
func TestCovers(t *testing.T) {
	b, err := os.ReadFile("../licences.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	modules, err := linked("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(modules) < 10 {
		t.Errorf("only %d modules are linked", len(modules))
	}
	for _, m := range modules {
		if !strings.Contains(text, "\n"+m.Path+" "+m.Version) {
			t.Errorf("%s %s is not named", m.Path, m.Version)
		}
		names, err := m.terms()
		if err != nil {
			t.Error(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text, strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n"))) {
				t.Errorf("the terms of %s are missing", name)
			}
		}
	}
	for _, want := range []string{"Apache License", "Copyright The Ganbel authors", "The Go Authors", "MNIST", "reveal.js 6.0.2", "Hakim El Hattab", "SIL OPEN FONT LICENSE"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q", want)
		}
	}
}

// A module's terms are found in the folders of its packages and above; a module
// without any is an error.
func TestTerms(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"LICENSE", "a/licence.txt", "a/b/COPYING", "c/LICENSE", "THIRD_PARTY_LICENSES/One", "a/license.go", "a/notes"} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m := &module{Path: "x", Version: "v1", Dir: dir, packages: []string{filepath.Join(dir, "a", "b")}}
	names, err := m.terms()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(strings.Join(names, " "), dir+string(filepath.Separator), "")
	if want := filepath.FromSlash("LICENSE THIRD_PARTY_LICENSES/One a/b/COPYING a/licence.txt"); got != want {
		t.Errorf("the terms are %s, want %s", got, want)
	}
	if names, err := (&module{Path: "x", Version: "v1", Dir: filepath.Join(dir, "none")}).terms(); err == nil {
		t.Errorf("a module that is not there has %v", names)
	}
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := (&module{Path: "x", Version: "v1", Dir: filepath.Join(dir, "empty")}).terms(); err == nil || !strings.Contains(err.Error(), "x v1 states no terms") {
		t.Errorf("a module without terms gives %v", err)
	}
}

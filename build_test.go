//go:build tools

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dry returns what make would run for a target in a new clone.
func dry(t *testing.T, target string) string {
	t.Helper()
	c := exec.Command("make", "--no-print-directory", "--always-make", "-n", target)
	c.Env, c.Stderr = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL="), os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("make -n %s: %v", target, err)
	}
	return strings.ReplaceAll(string(out), "\\\n", " ")
}

// before returns the commands that make would run for a target in a new clone, up to
// the one that a pattern matches.
func before(t *testing.T, target, pattern string) []string {
	t.Helper()
	out := dry(t, target)
	lines := strings.Split(out, "\n")
	i := slices.IndexFunc(lines, regexp.MustCompile(pattern).MatchString)
	if i < 0 {
		t.Fatalf("make %s never runs %s:\n%s", target, pattern, out)
	}
	return lines[:i]
}

// "make run" serves before any tape is recorded, anything compressed or bundled, and
// without npm and apt: until then it compiles, and moves files.
func TestRunServesFirst(t *testing.T) {
	lines := before(t, "run", `^\.tools/built .*-serve `)
	compiles := 0
	for _, line := range lines {
		if strings.Contains(line, "assets/built/") && !regexp.MustCompile(`^(mv|cd \.tools && mv) `).MatchString(line) {
			t.Errorf("%q writes a file where it may be served before it is whole", line)
		}
		switch {
		case strings.TrimSpace(line) == "":
		case strings.Contains(line, "go build ") && !strings.Contains(line, " -o ganbel "), strings.HasPrefix(line, "go run ./core/simd/internal/sidemodule/cmd "):
			compiles++
		case regexp.MustCompile(`^(mkdir|mv|cp|cd \.tools && mv) `).MatchString(line):
		default:
			t.Errorf("make run waits for %q", line)
		}
	}
	if compiles != 5 {
		t.Errorf("make run compiles %d programs before it serves, want the page's three, the server and the kernels:\n%s", compiles, strings.Join(lines, "\n"))
	}
	// "make build" makes the rest before it compiles the command.
	all := strings.Join(before(t, "build", `^go build -o ganbel \.`), "\n")
	for _, want := range []string{"\n.tools/built -core ", "\ngo run ./serve/single/cmd ."} {
		if !strings.Contains(all, want) {
			t.Errorf("make build does not run %q", strings.TrimSpace(want))
		}
	}
}

// The server that "make run" compiles does not link what it does without: so large a
// program takes longer to compile than the page's three.
func TestServerIsSmall(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./serve/built/cmd").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(out)) {
		for _, not := range []string{"gonum.org/v1/plot", "github.com/evanw/esbuild", "github.com/hajimehoshi/", "ganbel/assets", "ganbel/render"} {
			if strings.HasPrefix(name, not) {
				t.Errorf("it imports %s", name)
			}
		}
	}
}

// The program is the command: what it writes, and what it exits with.
func TestProgram(t *testing.T) {
	program := filepath.Join(t.TempDir(), "ganbel")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range []struct {
		line   string
		status int
		want   string // a pattern
	}{
		{"--version", 0, `^ganbel \S.*, go1\S*, [a-z0-9]+/[a-z0-9]+\n$`},
		{"list", 0, `(?m)^gumbel-vae: `},
		{"rnu wgan-gp", 2, `^ganbel: no command "rnu"; did you mean run\?\n`},
		{"run --resume nothing", 1, `^ganbel: nothing holds no run`},
	} {
		cmd := exec.Command(program, strings.Fields(c.line)...)
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != c.status || !regexp.MustCompile(c.want).Match(out) {
			t.Errorf("%s: %v, said %q; want status %d and %s", c.line, err, out, c.status, c.want)
		}
	}
}

// npm installs what its lock file says and runs no scripts.
func TestPackagesAreLocked(t *testing.T) {
	for _, target := range []string{".tools/installed", ".peers/node_modules"} {
		out := dry(t, target)
		if n := strings.Count(out, "npm ci --prefix"); n != 1 || strings.Contains(out, "npm install ") || strings.Count(out, "--ignore-scripts") != 1 {
			t.Errorf("make %s:\n%s", target, out)
		}
	}
	for _, name := range []string{".ci/package-lock.json", ".ci/peers/package-lock.json"} {
		b, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), `"integrity": "sha512-`); n < 3 || strings.Count(string(b), `"version": `) > n+1 {
			t.Errorf("%s: %d packages have a checksum, of %d versions", name, n, strings.Count(string(b), `"version": `))
		}
	}
}

// The citation names both papers.
func TestCitation(t *testing.T) {
	b, err := os.ReadFile("CITATION.cff")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"cff-version: 1.2.0\n", "license: Apache-2.0\n", "name: The Ganbel authors\n", "Improved Training of Wasserstein GANs", "Categorical Reparameterization with Gumbel-Softmax", "1704.00028", "1611.01144"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("CITATION.cff has no %q", want)
		}
	}
}

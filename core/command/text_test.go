package command

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// A language model keeps lines that it writes with every row of metrics, and goes on with
// the text that it began with only. What cannot be read is told.
func TestTextRun(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	run := func(line string, args ...string) (said string, err error) {
		said = quiet(t, func() { err = command(context.Background(), append(strings.Fields("run "+line), args...)) })
		return said, err
	}
	text := file("a.txt", strings.Repeat("A line, größer than most of the others .\nshort\n", 60))
	out := filepath.Join(dir, "r")
	small := "wgan-language --width 4 --blocks 1 --batch 4 --n-critic 1 --held-out 1 --lines 50"
	said, err := run(small+" --steps 4 --every 2 --out "+out+" --text", text)
	if err != nil || !strings.Contains(said, "a.txt, 120 lines of 1 file") || !strings.Contains(said, "noise floor: 50 lines") {
		t.Fatalf("said %q, %v", said, err)
	}
	for _, name := range []string{"0000002.txt", "0000004.txt"} {
		b, err := os.ReadFile(filepath.Join(out, "text", name))
		if lines := strings.Split(string(b), "\n"); err != nil || len(lines) != 101 || utf8.RuneCountInString(lines[0]) != 32 {
			t.Errorf("%s holds %q, %v", name, b, err)
		}
	}
	if said, err = run("--resume " + out + " --steps 5"); err != nil || !strings.Contains(said, "a.txt, 120 lines") {
		t.Errorf("the run does not remember its text: %q, %v", said, err)
	}
	prose := file("prose.txt", strings.Repeat("It is one. It is\ntwo! Is it three? ", 10))
	if said, err = run(small+" --steps 1 --out "+out+"2 --prose", prose); err != nil || !strings.Contains(said, "prose.txt, 30 lines") {
		t.Errorf("of sentences it said %q, %v", said, err)
	}
	for _, c := range []struct{ line, path, want string }{
		{small + " --out " + out + "3", "", "--text PATH"},
		{small + " --out " + out + "3 --text", file("latin.txt", "caf\xe9\n"), "latin.txt: line 1, byte 3: 0xe9"},
		{small + " --out " + out + "3 --text", file("empty.txt", "\n"), "no text"},
		{small + " --out " + out + "3 --text", file("few.txt", "one\ntwo\nthree\n"), "the text has 3 lines: batch is 4"},
		{"--resume " + out + " --steps 6 --text", prose, "other data"},
	} {
		line := c.line
		var args []string
		if c.path != "" {
			args = []string{c.path}
		}
		if _, err := run(line, args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v, want %s", line, c.path, err, c.want)
		}
	}
	if _, err := run("--resume "+out+" --steps 6 --text", text); err != nil {
		t.Error(err)
	}
}

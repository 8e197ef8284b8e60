package corpus

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	news := "training-monolingual.tokenized.shuffled/news.en-000"
	for what, c := range map[string]struct {
		files map[string][]byte
		o     TextOptions
		name  string
		want  []string
	}{
		"Billion Word": {map[string][]byte{
			news + "02-of-00100":    []byte("Second file .\n"),
			news + "01-of-00100":    []byte("The first , in order .\n\n And the next .\n"),
			news + "03-of-00100.gz": gzipped([]byte("Packed .")),
			"heldout-monolingual.tokenized.shuffled/news.en.heldout-00000-of-00050": []byte("Held out .\n"),
		}, TextOptions{}, "Billion Word, 4 lines of 3 files", []string{"The first , in order .", "And the next .", "Second file .", "Packed ."}},
		"no more than wanted": {map[string][]byte{"a.txt": []byte("1\n2\n3\n"), "b.txt": []byte("4\n")}, TextOptions{Max: 2}, "2 lines of 1 file", []string{"1", "2"}},
		"letters":             {map[string][]byte{"a.txt": []byte("größer als\r\nkurz\n")}, TextOptions{Letters: 5}, "2 lines of 1 file", []string{"größe", "kurz"}},
		"byte order mark":     {map[string][]byte{"a.txt": []byte("\ufeffone\n")}, TextOptions{}, "1 line of 1 file", []string{"one"}},
		"Brown": {map[string][]byte{"ca01": []byte("\n\tThe/at jury/nn said/vbd 1/2/cd ./.\n"), "README": []byte("x"), "cr09": []byte("``/`` Yes/rb ''/''\n")},
			TextOptions{}, "Brown corpus, 2 lines of 2 files", []string{"The jury said 1/2 .", "`` Yes ''"}},
		"sentences": {map[string][]byte{"a.txt": []byte("A title\n\nMr. Smith went to\nWashington, D. C. today. \"Why?\" he asked. It cost\n3.5 dollars... and I saw it! (So did I.)\nThen\n\nit ended")},
			TextOptions{Sentences: true}, "7 lines of 1 file",
			[]string{"A title", "Mr. Smith went to Washington, D. C. today.", `"Why?" he asked.`, "It cost 3.5 dollars... and I saw it!", "(So did I.)", "Then", "it ended"}},
	} {
		got, err := Lines(writeFolder(t, t.TempDir(), c.files), c.o)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if !slices.Equal(got.Lines, c.want) || !strings.Contains(got.String(), c.name) {
			t.Errorf("%s: %s: %q, want %s: %q", what, got, got.Lines, c.name, c.want)
		}
	}
}

// A broken line is told by file, line and byte, and left out; too many are an
// error.
func TestBrokenLines(t *testing.T) {
	good := strings.Repeat("good\n", 99)
	path := writeFolder(t, t.TempDir(), map[string][]byte{
		"a.txt": []byte(good + "caf\xe9 noir\n"),
		"b.txt": []byte(good + strings.Repeat("long", maxLine/4) + "x\n" + good),
	})
	text, err := Lines(path, TextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n, first := text.Broken()
	want := filepath.Join(path, "a.txt") + ": line 100, byte 498: 0xe9 does not belong there in UTF-8"
	if n != 2 || len(text.Lines) != 3*99 || !strings.HasPrefix(fmt.Sprint(first), want) {
		t.Errorf("%d lines, %d broken (%v), want 297, 2 and %s", len(text.Lines), n, first, want)
	}
	if !strings.Contains(text.String(), ", 2 broken lines left out (the first: ") {
		t.Errorf("read %q", text)
	}
	latin := bytes.Repeat([]byte("caf\xe9\n"), 100_000)
	for what, c := range map[string]struct {
		b     []byte
		name  string
		share float64
		want  string
	}{
		"none may":        {[]byte(good + "caf\xe9\n"), "a.txt", -1, "line 100, byte 498"},
		"Latin-1":         {latin, "a.txt", 0, "a.txt: line 1, byte 3: 0xe9 does not belong there in UTF-8; convert the file, by iconv for one: 11 of 11 records read so far"},
		"UTF-16":          {[]byte("\xff\xfea\x00\n\x00"), "a.txt", 0, "line 1, byte 0: 0xff does not"},
		"empty":           {nil, "a.txt", 0, "no text in 1 file"},
		"not gzip":        {[]byte("text\n"), "a.txt.gz", 0, "not gzip, as its name says"},
		"cut gzip":        {gzipped([]byte(good))[:20], "a.txt.gz", 0, "unexpected EOF"},
		"not by its name": {[]byte("text\n"), "a.pdf", 0, "none of its 1 files is text by its name"},
	} {
		_, err := Lines(writeFolder(t, t.TempDir(), map[string][]byte{c.name: c.b}), TextOptions{Broken: c.share})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v does not tell of %q", what, err, c.want)
		}
	}
	if _, err := Lines(filepath.Join(path, "none"), TextOptions{}); err == nil || !strings.Contains(err.Error(), "expected a file or a folder") {
		t.Errorf("no such folder: %v", err)
	}
	if _, err := Lines(path, TextOptions{Max: -1}); err == nil || !strings.Contains(err.Error(), "counts of 0 or more") {
		t.Errorf("less than none: %v", err)
	}
	one, err := Lines(filepath.Join(path, "b.txt"), TextOptions{Max: 3})
	if err != nil || one.String() != "b.txt, 3 lines of 1 file" {
		t.Errorf("a file by its name: %v, %v", one, err)
	}
}
